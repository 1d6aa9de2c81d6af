"""What a package holds: imsmanifest.xml, as IMS Content Packaging 1.1 has it."""

import re
from xml.etree.ElementTree import Element

from bookwidgets.export.outgoing import Edition
from bookwidgets.export.qti.xhtml import make
from bookwidgets.export.shapes import Exported

NOT_NAMES = re.compile(r"[^A-Za-z0-9_.-]")  # what no identifier has
ROOT = {
    "xmlns": "http://www.imsglobal.org/xsd/imscp_v1p1",
    "xmlns:imsmd": "http://www.imsglobal.org/xsd/imsmd_v1p2",
}


def packaged_id(book: Edition) -> str:
    """The book's id as an identifier of a package."""
    return f"book-{NOT_NAMES.sub('-', book.id)}"


def manifest(questions: list[Exported], book: Edition) -> Element:
    test = make(
        "resource", make("file", href="test.xml"),
        *(make("dependency", identifierref=_resource(one)) for one in questions),
        identifier="resource-test", type="imsqti_test_xmlv2p1", href="test.xml",
    )  # fmt: skip
    about = make("metadata", make("schema", text="QTIv2.1 Package"), make("schemaversion", text="1.0.0"))
    resources = make("resources", test, *(_item(one, book.language) for one in questions))
    return make("manifest", about, make("organizations"), resources, **ROOT, identifier=packaged_id(book))


def _resource(one: Exported) -> str:
    return f"resource-{one.id}"


def _item(one: Exported, language: str) -> Element:
    name = f"items/{one.id}.xml"
    files = [make("file", href=address) for address in (name, *one.images)]
    return make(
        "resource", _about(one, language), *files,
        identifier=_resource(one), type="imsqti_item_xmlv2p1", href=name,
    )  # fmt: skip


def _about(one: Exported, language: str) -> Element:
    """The item's title, and its concepts and level as keywords."""

    def said(name: str, text: str) -> Element:
        return make(f"imsmd:{name}", make("imsmd:langstring", text=text, **{"xml:lang": language}))

    general = make("imsmd:general", said("title", one.id), *(said("keyword", tag) for tag in one.tags))
    return make("metadata", make("imsmd:lom", general))
