"""An independent look at markup: every element and attribute against a list of what a question may contain.

html.parser reads as a browser does where it matters here: entities in attributes, unclosed and misnested tags.
"""

import re
from html.parser import HTMLParser

WORDS = r"[\w -]*"
MATH = {
    "math",
    "mrow",
    "mstyle",
    "mtable",
    "mtr",
    "mtd",
    "msqrt",
    "mpadded",
    "mi",
    "mn",
    "mo",
    "mtext",
    "mspace",
    "mfrac",
    "mroot",
    "msub",
    "msup",
    "munder",
    "mover",
    "msubsup",
    "munderover",
}
LENGTHS = [
    "lspace",
    "rspace",
    "linethickness",
    "columnspacing",
    "rowspacing",
    "width",
    "height",
    "depth",
    "minsize",
    "maxsize",
]
KEYWORDS = [
    "display",
    "displaystyle",
    "scriptlevel",
    "stretchy",
    "fence",
    "separator",
    "form",
    "accent",
    "accentunder",
    "movablelimits",
    "mathvariant",
    "columnalign",
    "largeop",
    "symmetric",
    "linebreak",
]
MATH_ATTRIBUTES = dict.fromkeys(LENGTHS, r"[\w.% -]*") | dict.fromkeys(KEYWORDS, r"[\w -]*")
ID = r"[a-z0-9-]+"
NUMBER = r"-?\d+(\.\d+)?(e[-+]\d+)?"
TEXTS = r"(?s)\[\".*\"\]"  # a list in JSON
SPANS = r"\[\[\d+,\d+\](,\[\d+,\d+\])*\]"

ALLOWED: dict[str, dict[str, str]] = {
    "book-question": {
        "class": "bw",
        "id": f"q-{ID}",
        "data-type": "choice|multi|match|categorize|order|numeric|text|cloze|tokens|spot|free|flashcard",
        "data-id": ID,
        "data-print": "[0-9a-f]{8}",
        "data-fixed": "",
    },
    "div": {"class": "bw-(prompt|explanation|scenario|cloze|model|back)"},
    "p": {
        "class": "bw-(task|blank|value|marked|title)",
        "data-unit": ".+",
        "data-from": NUMBER,
        "data-to": NUMBER,
        "data-forms": TEXTS,
        "data-case": "",
        "data-at": SPANS,
    },
    "ol": {
        "class": "bw-(options( bw-lines)?|why|items|partners|bins|steps|right|tokens)",
        "start": r"\d+",
        "type": "a",
    },
    "li": {
        "data-n": r"[1-9]\d{,2}",
        "data-ok": "",
        "data-at": SPANS,
        "data-from": NUMBER,
        "data-to": NUMBER,
        "data-forms": TEXTS,
        "data-line": "",
        "data-points": r"[1-9]|10",
    },
    "ul": {"class": "bw-(why|rubric)"},
    "b": {},
    "q": {},
    "mark": {},
    "span": {
        "class": "bw-(if-wrong|gap|points|wide|long)",
        "data-idea": ID,
        "data-n": r"[1-9]\d?",
        "data-options": TEXTS,
    },
    "details": {"class": "bw-hint|bw-answer"},
    "summary": {},
    "em": {},
    "strong": {},
    "br": {},
    "pre": {},
    "blockquote": {},
    "code": {"class": r"language-.*"},
    "table": {},
    "thead": {},
    "tbody": {},
    "tr": {},
    "th": {"style": "text-align:(left|right|center)"},
    "td": {"style": "text-align:(left|right|center)"},
    "a": {"href": r"(?i)https?://\S+", "title": r"(?s).*"},
    "img": {"src": r"images/[\w-]+\.(svg|png|jpg|webp)", "alt": r"(?s).+", "title": r"(?s).*"},
} | dict.fromkeys(MATH, MATH_ATTRIBUTES)
VOID = {"br", "img"}


class Look(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.wrong.append(f"element {tag}")
        for name, value in attrs:
            pattern = ALLOWED.get(tag, {}).get(name)
            if pattern is None or not re.fullmatch(pattern, value or ""):
                self.wrong.append(f"attribute {name}={value!r} of {tag}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"end of {tag}")

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.wrong.append(f"comment {data!r}")

    def handle_decl(self, decl):
        self.wrong.append(f"declaration {decl!r}")

    def handle_pi(self, data):
        self.wrong.append(f"instruction {data!r}")

    def unknown_decl(self, data):
        self.wrong.append(f"declaration {data!r}")


def look(markup: str) -> Look:
    """Read ``markup`` to its end; ``wrong`` lists whatever is not allowed, and what was left open."""
    parser = Look()
    parser.feed(markup)
    parser.close()
    parser.wrong += [f"open {tag}" for tag in parser.open]
    return parser
