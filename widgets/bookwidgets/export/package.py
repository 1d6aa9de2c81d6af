"""Zip files that are the same, byte by byte, whenever the same is put into them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows


def document(root: Element) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"


def write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    """Write ``files``, by their names in the package, in their order."""
    with zipfile.ZipFile(path, "w") as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # as on Unix, wherever it is made
            package.writestr(entry, content)
