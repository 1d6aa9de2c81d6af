"""The texts of a question: Markdown with formulas in, HTML that is safe to put into a page out."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from bookwidgets.bank.characters import hidden_character
from bookwidgets.bank.mathml import MathError, mathml

TAG = re.compile(r"<[^>]*>")
COMMAND = re.compile(r"\\[A-Za-z]{2,}")
GAP = re.compile(r"\{\{([0-9]{1,3})\}\}")
# What only Markdown would understand, in a text that is shown as it stands.
MARKUP = re.compile(r"\$[^$\s][^$]*\$|\\[A-Za-z]{2,}|`[^`]+`|\*\*[^*]+\*\*|\]\(")
ROOM = 15  # signs of a formula; so many fit between the edges of a question on the smallest phone
WEB_ADDRESS = re.compile(r"https?://.", re.IGNORECASE)


class TextError(ValueError):
    """What keeps a text from being shown: one message for each thing to mend."""

    def __init__(self, messages: Sequence[str]) -> None:
        self.messages = list(messages)
        super().__init__("; ".join(messages))


# Where an image of the bank is found: given its path below quizzes/, the address to put into the page.
ImageAddress = Callable[[str], str]
# How a formula is written: given its TeX and whether it stands on a line of its own, markup that is safe in a page.
Formula = Callable[[str, bool], str]


def as_mathml(tex: str, display: bool) -> str:
    """A formula. No browser breaks one: on a line of its own, or long, it is in what scrolls where it is too wide."""
    written = mathml(tex, display)
    if display:
        return f'<span class="bw-wide">{written}</span>'
    signs = len(html.unescape(TAG.sub("", written)))
    return f'<span class="bw-long">{written}</span>' if signs > ROOM else written


def as_tex(tex: str, display: bool) -> str:
    """A formula for readers that show TeX themselves: \\(x\\), and \\[x\\] on a line of its own."""
    opening, closing = (r"\[", r"\]") if display else (r"\(", r"\)")
    return html.escape(f"{opening}{tex}{closing}", quote=False)


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    # Headings would break the outline of the page around the question.
    markdown.disable(["heading", "lheading", "hr", "reference"])
    # No space inside the dollar signs and no digit around them: "$5 and $6" are prices.
    markdown.use(dollarmath_plugin, allow_labels=False, double_inline=True, allow_space=False, allow_digits=False)
    # Every address passes the parser, so that a bad one is reported by `_faults` and not left standing as text.
    markdown.validateLink = lambda url: True
    for name in ["math_inline", "math_inline_double", "math_block"]:
        markdown.add_render_rule(name, _written_formula)
    markdown.add_render_rule("gap", lambda self, tokens, i, options, env: env["gaps"][int(tokens[i].content) - 1])
    return markdown


def _written_formula(self: object, tokens: Sequence[Token], i: int, options: object, env: dict[str, Formula]) -> str:
    return env["formula"](tokens[i].content.strip(), tokens[i].type != "math_inline")


def _gap(state: StateInline, silent: bool) -> bool:
    """A rule of the parser: {{1}} is a gap."""
    found = GAP.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("gap", "", 0).content = found[1]
    state.pos = found.end()
    return True


_MARKDOWN = _parser()
_WITH_GAPS = _parser()
_WITH_GAPS.inline.ruler.push("gap", _gap)


def blocks(text: str, image: ImageAddress | None = None, formula: Formula = as_mathml) -> str:
    """Paragraphs, lists, tables and code of ``text``. Raises ``TextError``.

    >>> blocks("What is $x^2$?")[:23]
    '<p>What is <math displa'
    """
    return _html(_MARKDOWN.parse(text), image, formula=formula)


def line(text: str, image: ImageAddress | None = None, formula: Formula = as_mathml) -> str:
    """``text`` as the inside of one paragraph. Raises ``TextError``, also when it is more than that."""
    tokens = _MARKDOWN.parse(text.strip())
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        raise TextError(["must be one paragraph without lists, tables or code blocks: shorten it or use `code`"])
    return _html(tokens[1:2], image, formula=formula)


def gapped(text: str, image: ImageAddress | None = None, gaps: Sequence[str] = (), formula: Formula = as_mathml) -> str:
    """``text`` like ``blocks``, with the markup ``gaps[n - 1]`` in place of {{n}}. Raises ``TextError``."""
    tokens = _WITH_GAPS.parse(text)
    open_gaps = set(_gaps(tokens))
    hidden = [
        f"{{{{{n}}}}} stands in a formula, code or link: put the gap between such pieces"
        for n in GAP.findall(text)
        if n not in open_gaps
    ]
    if hidden:
        raise TextError(hidden)
    return _html(tokens, image, gaps or [""] * 1_000, formula)


def _gaps(tokens: Sequence[Token]) -> Iterator[str]:
    """The numbers of the gaps that stand in prose, where they can be filled."""
    depth = 0
    for token in tokens:
        depth += (token.type == "link_open") - (token.type == "link_close")
        if token.type == "gap" and not depth:
            yield token.content
        if token.type != "image":
            yield from _gaps(token.children or [])


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """The characters that a reader sees of ``text``, formulas included; ``text`` itself where it cannot be shown.

    >>> plain("The *reward* is $r_1$.")
    'The reward is r1.'
    """
    try:
        return html.unescape(TAG.sub("", line(text)))
    except TextError:
        return text


def running(title: str) -> str:
    """A title as it stands in a sentence: "Loss mask" is "loss mask", but "KL divergence" and "Goodhart's law" stay."""
    first, _, _ = title.partition(" ")
    keeps = any(letter.isupper() for letter in first[1:]) or first.endswith("'s") or first.endswith("’s")
    return title if keeps else title[:1].lower() + title[1:]


def escaped(text: str) -> str:
    """Plain text as Markdown that shows it.

    >>> escaped("a_b * c")
    'a\\\\_b \\\\* c'
    """
    return re.sub(r"([\\`*_\[\]<>$&])", r"\\\1", text)


def _html(
    tokens: Sequence[Token], image: ImageAddress | None, gaps: Sequence[str] = (), formula: Formula = as_mathml
) -> str:
    faults = list(_faults(tokens, image))
    if faults:
        raise TextError(faults)
    rendered = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {"gaps": gaps, "formula": formula}).strip()
    hidden = hidden_character(rendered)  # the source has none, but Markdown decodes references such as &#x202e;
    if hidden:
        raise TextError([f"contains the invisible character {hidden}: remove it"])
    return rendered


def _faults(tokens: Sequence[Token], image: ImageAddress | None) -> Iterator[str]:
    for token in tokens:
        command = COMMAND.search(token.content) if token.type == "text" else None
        if command:
            yield f"has {command.group()} outside a formula: put it between dollar signs, without spaces inside them"
        if token.type == "link_open" and not WEB_ADDRESS.match(str(token.attrGet("href"))):
            yield f"links to {token.attrGet('href')!r}: only http and https addresses; sections go into 'see'"
        if token.type == "image":
            yield from _place_image(token, image)
        if token.type.startswith("math_"):
            try:
                mathml(token.content.strip(), display=token.type != "math_inline")
            except MathError as error:
                yield f"the formula ${token.content.strip()}$ {error}"
        yield from _faults(token.children or [], image)


def _place_image(token: Token, image: ImageAddress | None) -> Iterator[str]:
    source = str(token.attrGet("src"))
    if not token.content.strip():
        yield f"the image {source!r} has no alt text: write ![what it shows]({source})"
    if not re.fullmatch(r"images/[\w-]+\.(svg|png|jpg|webp)", source):
        yield f"the image {source!r} is not a file of quizzes/images/: write images/name.svg (or png, jpg, webp)"
        return
    try:
        token.attrSet("src", image(source) if image else source)
    except FileNotFoundError:
        yield f"the image quizzes/{source} does not exist: add it or mend the name"
