"""Files that come in, for the tests of both formats."""

from pathlib import Path
from typing import Any

import yaml

from bookwidgets.imports import import_questions


def came_in(source: str, tmp_path: Path, ending: str = ".gift") -> tuple[list[dict[str, Any]], list[str]]:
    """The questions that ``source`` holds, and the remarks."""
    path, target = tmp_path / f"a{ending}", tmp_path / "new-file.yml"
    path.write_text(source, encoding="utf-8")
    target.unlink(missing_ok=True)
    count, remarks = import_questions(path, target)
    found = yaml.safe_load(target.read_text(encoding="utf-8")) if count else []
    assert len(found) == count
    return found, [str(remark) for remark in remarks]


def completed(data: Any, key: str = "") -> Any:
    """What is left to write, written."""
    if isinstance(data, dict):
        return {name: completed(value, name) for name, value in data.items()}
    if isinstance(data, list):
        return [completed(value, key) for value in data]
    if data is not None:
        return data
    return {"see": "types#sec-types", "concepts": ["epsilon"], "level": "apply"}.get(key, "To be written.")
