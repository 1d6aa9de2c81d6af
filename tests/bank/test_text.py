"""The texts of a question: what Markdown shows, and what is a fault."""

import pytest
from hostile import CONTROLS, LONG, TAGS, TEX
from markup import look

from bookwidgets.bank.text import TextError, blocks, gapped, line, plain


def test_blocks():
    assert blocks("One *two* `three`.\n\n- a\n- b") == (
        "<p>One <em>two</em> <code>three</code>.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"
    )
    assert blocks("| a |\n|---|\n| $x$ |").count('<math display="inline">') == 1


def test_formulas_in_a_line_and_on_their_own():
    assert line("Is $x$ so?") == 'Is <math display="inline"><mrow><mi>x</mi></mrow></math> so?'
    assert blocks("$$x$$").startswith('<span class="bw-wide"><math display="block">')
    assert line("So $$x$$ is").startswith('So <span class="bw-wide"><math display="block">')


def test_a_formula_that_no_phone_has_room_for_can_scroll():
    assert line("So $a + b + c = d + e$.").startswith("So <math ")
    assert line("So $a + b + c + d = e + f + g + h + i$.").startswith('So <span class="bw-long"><math ')


@pytest.mark.parametrize("text", ["It costs $5 and $6.", r"From \$5 to \$6.", "5 $ or 6 $"])
def test_prices_are_no_formulas(text):
    assert line(text) == text.replace("\\", "")


def test_what_a_reader_sees_of_a_text():
    assert plain("The *reward* is $r_1 < 2$ & `x<y`.") == "The reward is r1<2 & x<y."
    assert plain(r"$\foo$") == r"$\foo$"


@pytest.mark.parametrize(
    "text", ["- a list", "1. a list", "a\n\nb", "```\ncode\n```", "> quote", "$$x$$", "    code\n\nx"]
)
def test_a_line_is_one_paragraph(text):
    with pytest.raises(TextError, match="must be one paragraph without lists, tables or code blocks"):
        line(text)


FAULTS = {
    "See [here](page.html).": "links to 'page.html': only http and https addresses; sections go into 'see'",
    "<javascript:alert(1)>": "links to 'javascript:alert(1)': only http and https addresses; sections go into 'see'",
    "[x](&#106;avascript:1)": "links to 'javascript:1': only http and https addresses; sections go into 'see'",
    "![](images/a.png)": "the image 'images/a.png' has no alt text: write ![what it shows](images/a.png)",
    "![x](https://e.org/a.png)": "the image 'https://e.org/a.png' is not a file of quizzes/images/: write "
    "images/name.svg (or png, jpg, webp)",
    r"So $\foo$ it is.": r"the formula $\foo$ contains '\\foo', which is not understood: check its name",
    r"The \beta of it.": r"has \beta outside a formula: put it between dollar signs, without spaces inside them",
    r"The $ \beta $ of it.": r"has \beta outside a formula: put it between dollar signs, without spaces inside them",
    "a&#x202e;b": "contains the invisible character U+202E (RIGHT-TO-LEFT OVERRIDE): remove it",
    '[x](https://e.org "&#x200b;")': "contains the invisible character U+200B (ZERO WIDTH SPACE): remove it",
}


@pytest.mark.parametrize(("text", "message"), FAULTS.items())
def test_faults(text, message):
    with pytest.raises(TextError) as caught:
        line(text)
    assert caught.value.messages == [message]


def test_all_faults_of_a_text_at_once():
    with pytest.raises(TextError) as caught:
        blocks("- $\\foo$\n- [x](y)\n\n> **![](images/a.png)**")
    assert len(caught.value.messages) == 3


def test_an_image_is_looked_up_and_put_in():
    def address(path: str) -> str:
        if path == "images/b.png":
            raise FileNotFoundError
        return f"../_static/quizzes/{path}"

    assert line("![A *map*](images/a.png)", address) == '<img src="../_static/quizzes/images/a.png" alt="A map" />'
    with pytest.raises(TextError, match=r"the image quizzes/images/b\.png does not exist: add it or mend the name"):
        line("![A map](images/b.png)", address)


@pytest.mark.parametrize("text", [*TAGS, *TEX, *CONTROLS, *LONG])
def test_hostile_texts_are_a_fault_or_harmless(text):
    for render in [blocks, line]:
        try:
            markup = render(text)
        except TextError:
            continue
        assert look(markup).wrong == []


def test_the_look_itself_sees_what_must_not_be():
    for text in [*TAGS[:7], "<p onclick=x></p>", "<a href='javascript:1'></a>", "<p>", "</p>", "<p></li></p>"]:
        assert look(text).wrong, text


GAPS = ["<i>one</i>", "<i>two</i>"]


@pytest.mark.parametrize(
    ("text", "html"),
    [("{{1}} is *{{2}}*.", "<p><i>one</i> is <em><i>two</i></em>.</p>"),
     ("- {{2}}\n- $x$", "<li><i>two</i></li>"),
     ("| a |\n|---|\n| {{1}} |", "<td><i>one</i></td>"),
     ("{{1}}{{2}}", "<p><i>one</i><i>two</i></p>"),
     ("{{a}} {{ 1 }} {1}", "<p>{{a}} {{ 1 }} {1}</p>")],
)  # fmt: skip
def test_gaps_in_prose(text, html):
    assert html in gapped(text, None, GAPS)


@pytest.mark.parametrize(
    "text", ["`{{1}}`", "    {{1}}", "$x^{{1}}$", "$$\n{{1}}\n$$", "[{{1}}](https://e.org)", "[a](https://e.org/{{1}})",
             "![{{1}}](images/a.png)", "\\{{1}}", "```{{1}}\nx\n```"],
)  # fmt: skip
def test_gaps_elsewhere_are_faults(text):
    with pytest.raises(TextError, match=r"\{\{1\}\} stands in a formula, code or link"):
        gapped(text, None, GAPS)


def test_a_text_without_gaps_is_left_alone_by_the_rest():
    assert blocks("{{1}}") == "<p>{{1}}</p>"
    assert gapped("*a*") == "<p><em>a</em></p>"
