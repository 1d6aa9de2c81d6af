"""An exam on paper: one page of HTML to print, complete in itself, the key from a new sheet on.

Formulas are MathML, which browsers print; every type stands as the book shows it without a script.
"""

import base64
import html
import mimetypes
from collections.abc import Iterator
from pathlib import Path

from bookwidgets.bank.strings import strings
from bookwidgets.bank.types import Free, Tokens
from bookwidgets.export.outgoing import Edition
from bookwidgets.export.shapes import Exported

STYLE = """\
body { font: 11pt/1.45 Georgia, serif; max-width: 45em; margin: 0 auto; padding: 1em; color: #000; background: #fff; }
section { margin: 0 0 1.6em; } .paper section { break-inside: avoid; }
h2 { font-size: 1em; } h2 small { font-weight: 400; }
.key { break-before: page; border-top: 2px solid; }
.name { display: flex; gap: 2em; } .name span { flex: 1; border-bottom: 1px solid; }
img { max-width: 100%; } pre, code { font-size: .9em; } pre { white-space: pre-wrap; }
table { border-collapse: collapse; } th, td { border: 1px solid; padding: .2em .6em; }
.bw-task { font-style: italic; }
.paper .bw-options > li::before { content: "☐ "; }
.paper .bw-steps { list-style: none; padding-left: 0; } .paper .bw-steps > li::before { content: "____ "; }
.paper .bw-items > li::after { content: " ____"; }
.bw-tokens { padding: 0; list-style: none; } .bw-tokens li { display: inline-block; margin-right: .7em; }
.bw-tokens li[data-line] { clear: both; } .bw-tokens li[data-line]::before { content: "\\A"; white-space: pre; }
.bw-gap { white-space: nowrap; } .paper .bw-gap::after { content: " ______"; }
.paper .space { height: 12em; border: 1px solid #999; }
.bw-why p, .bw-right p { margin: 0; } .bw-wide { display: block; }
"""


def address(path: Path) -> str:
    content = base64.b64encode(path.read_bytes()).decode()
    return f"data:{mimetypes.guess_type(path.name)[0]};base64,{content}"


def losses(one: Exported) -> Iterator[tuple[str, str]]:
    """What paper cannot do, and what is done about it."""
    if isinstance(one.question, Free):
        yield "grading oneself by a rubric", "a box to write in; model answer and rubric stand in the key"
    yield "feedback at the right moment", "all of it stands in the key"
    if one.hints:
        yield "hints", "left out: an exam has none"


def write(path: Path, questions: list[Exported], book: Edition) -> None:
    """Write the exam and its key; questions are numbered alike in both."""
    bodies = [(one, one.body) for one in questions]
    asked = "".join(_asked(n, one, body.task) for n, (one, body) in enumerate(bodies, 1))
    key = "".join(_answered(n, one, body.answer) for n, (one, body) in enumerate(bodies, 1))
    path.write_text(_page(asked, key, book), encoding="utf-8", newline="\n")


def _page(asked: str, key: str, book: Edition) -> str:
    words = strings(book.language)
    name, date, key_title = (html.escape(words[f"export_{word}"]) for word in ["name", "date", "key"])
    shown = html.escape(book.title)
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(book.language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{shown}</title><style>{STYLE}</style></head>'
        f'<body><main class="paper"><h1>{shown}</h1><p class="name"><span>{name}</span><span>{date}</span></p>'
        f'{asked}</main><aside class="key"><h1>{key_title}</h1>{key}</aside></body></html>\n'
    )


def _asked(n: int, one: Exported, task: str) -> str:
    # Instead of the book's "write, then compare", which the paper cannot keep apart.
    task = '<div class="space"></div>' if isinstance(one.question, Free) else task
    # The shape's prompt repeats the tokens, which the task shows.
    prompt = one.prompt.rpartition("<pre>")[0] if isinstance(one.question, Tokens) else one.prompt
    return f"<section><h2>{n}</h2>{prompt}{task}</section>"


def _answered(n: int, one: Exported, answer: str) -> str:
    return f"<section><h2>{n} <small>{one.id}</small></h2>{answer}{one.explanation}</section>"
