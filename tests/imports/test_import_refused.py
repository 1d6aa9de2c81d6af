"""Files that are broken, or want to break something: a sentence each, never a traceback, and nothing is written."""

import html
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bookwidgets.bank.template import RefusedError
from bookwidgets.bank.text import TextError, blocks, line
from bookwidgets.cli import main
from bookwidgets.imports import gift, import_questions, jupyterquiz
from bookwidgets.imports.drafts import Report, as_yaml, identified
from bookwidgets.imports.markup import Writer

BROKEN = {
    "cut.json": (b'[{"question": "a",\n "type": ', "is not JSON at line 2: "),
    "comma.json": (b'[{"a": 1}\n{"b": 2}]', "is not JSON at line 2: a comma or ] is missing"),
    "more.json": (b"[1,\n2]\nx", "is not JSON after line 2: something stands behind the list"),
    "object.json": (b'{"question": 1}', "holds no list of questions"),
    "empty.json": (b"", "holds no list of questions"),
    "deep.json": (b"[" * 100_000, "it is nested too deeply"),
    "nan.json": (b'[{"type": "numeric", "answers": [NaN]}]', "is not JSON at line 1: NaN is no number"),
    "latin.json": ('[\n"\xe9"]'.encode("latin-1"), "latin.json:2: is not UTF-8: save it so"),
    "latin.gift": ("\n\nWo?{=K\xf6ln}".encode("latin-1"), "latin.gift:3: is not UTF-8: save it so"),
    "big.txt": (b" " * 5_000_001, "has more than 5 MB: divide it"),
    "a.docx": (b"PK", "is of no kind that can be read"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, why = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    assert main(["import", str(tmp_path / name), str(tmp_path / "new.yml")]) == 2
    out, err = capsys.readouterr()
    assert why in err
    assert err.startswith("bookwidgets: ")
    assert err.count("\n") == 1
    assert out == ""
    assert not (tmp_path / "new.yml").exists()


def test_a_file_without_a_question(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.gift").write_text("// nothing\n\nA text.\n", encoding="utf-8")
    assert main(["import", str(tmp_path / "a.gift"), str(tmp_path / "new.yml")]) == 1
    assert "a.gift:3: question 1: asks nothing" in capsys.readouterr().err
    assert not (tmp_path / "new.yml").exists()


def test_characters_that_stand_for_marks_while_reading_are_no_marks() -> None:
    (draft,) = gift.read("Where?{=a\uf8f3b\uf8f2c ~d ~e}", Report("a.gift"))
    assert [option["text"] for option in draft.body["options"]] == ["abc", "d", "e"]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.gift").write_text("Where?{=here =there}", encoding="utf-8")
    (tmp_path / "old.yml").write_text("- id: mine\n", encoding="utf-8")
    with pytest.raises(RefusedError, match="exists"):
        import_questions(tmp_path / "a.gift", tmp_path / "old.yml")
    with pytest.raises(RefusedError, match=r"let it end in \.yml"):
        import_questions(tmp_path / "a.gift", tmp_path / "old.txt")
    assert main(["import", str(tmp_path / "missing.gift"), str(tmp_path / "new.yml")]) == 2
    assert (tmp_path / "old.yml").read_text(encoding="utf-8") == "- id: mine\n"


def test_what_the_command_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.gift").write_text("Where?{=here ~there ~%50%near}", encoding="utf-8")
    assert main(["import", str(tmp_path / "a.gift"), str(tmp_path / "new.yml")]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"wrote {tmp_path / 'new.yml'}; questions: 1, remarks: 1\n")
    assert err == "a.gift:1: question 1: gives its right answers different shares: in the book each earns the same\n"


MARKS = st.text(st.sampled_from("{}=~#:\\%->/[]$ \n()abT1.::<>&`*_!|\ue000\uf8f0é"), max_size=80)


@settings(max_examples=300, deadline=None)
@given(MARKS)
def test_any_text_is_read_as_gift_or_named(source: str) -> None:
    report = Report("a.gift")
    questions = identified(gift.read(source, report), "a", report)
    assert yaml.safe_load(as_yaml(questions, own=False)) in (questions, None)


@settings(max_examples=300, deadline=None)
@given(MARKS)
def test_any_text_is_read_as_json_or_named(source: str) -> None:
    with suppress(jupyterquiz.UnreadableError):
        jupyterquiz.read(f"[{source}", Report("a.json"))


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("<>/&; \n*_`[]()!#-+1.$\\{}abpuloi=\"'|~é"), max_size=60))
def test_text_stays_the_text_that_html_shows(text: str) -> None:
    """Whatever stands in a paragraph of HTML, its Markdown shows the same characters."""
    plain = html.escape(text.replace("$", "").replace("\\", ""))
    made = Writer(lambda message: None).line(f"<p>{plain}</p>")
    if not made:
        assert not plain.strip()
        return
    try:
        shown = line(made)
    except TextError as error:
        raise AssertionError(f"{made!r}: {error}") from None
    wanted = " ".join(text.replace("$", "").replace("\\", "").split())
    assert (
        " ".join(shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&").split())
        == wanted
    )


@pytest.mark.parametrize(
    "markup",
    [
        "<p>One <strong>two</strong> and <em>three</em>.</p>\n<ul>\n<li>a</li>\n<li>b <code>c&lt;d</code></li>\n</ul>",
        "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n<pre><code>x = 1\n    y\n</code></pre>",
        "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b|c</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n"
        "<td>2</td>\n</tr>\n</tbody>\n</table>",
        "<blockquote>\n<p>Said.</p>\n<p>Again.</p>\n</blockquote>",
        '<p><a href="https://example.org/a?b=1">there</a> 1. not a list</p>',
        "<p>1. not a list</p>\n<p>- nor this</p>\n<p># nor a heading</p>",
        "<ul>\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n<li>\n<p>c</p>\n</li>\n</ul>",
    ],
)
def test_the_markup_of_the_book_comes_back(markup: str) -> None:
    told: list[str] = []
    assert blocks(Writer(told.append).blocks(markup)) == markup
    assert told == []
