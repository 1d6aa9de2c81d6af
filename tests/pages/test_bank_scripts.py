"""The question bank as scripts for the companion pages: what they hold, where they lead, and when they are written."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bookwidgets.bank.check import check

TESTS = Path(__file__).parent.parent


def value_of(path: Path) -> Any:
    """What a data script assigns."""
    text = path.read_text(encoding="utf-8")
    return json.loads(text[text.index("=") + 1 : text.rindex(";")])


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small book with a progress page and the chapters of the browser tests' questions."""
    root = tmp_path_factory.mktemp("scripts") / "book"
    shutil.copytree(TESTS / "small_book", root, ignore=shutil.ignore_patterns("_build"))
    for name in ["chapters/walk.md", "chapters/types.md", "chapters/hostile.md", "chapters/progress.md"]:
        shutil.copy(TESTS / "browser/extra" / name, root / name)
    shutil.copytree(TESTS / "browser/extra/quizzes", root / "quizzes", dirs_exist_ok=True)
    chapters = "".join(f"      - file: chapters/{name}\n" for name in ["walk", "types", "hostile", "progress"])
    with (root / "_toc.yml").open("a") as toc:
        toc.write(f"  - caption: Two\n    chapters:\n{chapters}")
    return root


@pytest.fixture(scope="module")
def built(book: Path, build_book):
    built = build_book(book)
    assert built.status == 0, built.log
    return built


@pytest.fixture(scope="module")
def index(built) -> dict[str, Any]:
    path = built.html / "_static/bookwidgets/bank/index.js"
    assert path.read_text(encoding="utf-8").startswith("window.bookBank??=")
    return value_of(path)


class Page(HTMLParser):
    """The ids of a page, the addresses in it, and its questions."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.addresses: list[str] = []
        self.questions: list[dict[str, str | None]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if "id" in found:
            self.ids.add(found["id"])
        self.addresses += [found[name] for name in ["href", "src"] if name in found]
        if tag == "book-question":
            self.questions.append(found)


def expect_place(html: Path, address: str) -> None:
    """There is such a page, and such a place on it."""
    name, _, anchor = address.partition("#")
    page = html / name
    assert page.is_file(), address
    if anchor:
        assert anchor in Page(page.read_text(encoding="utf-8")).ids, address


def test_the_index_tells_the_whole_book(book: Path, built, index) -> None:
    checked = check(book)
    assert (index["book"], index["html"]) == ("a-small-book", {})
    assert index["pages"] == {"progress": "chapters/progress.html"}
    assert [(one["slug"], one["title"], one["part"]) for one in index["chapters"]] == [
        ("one", "Chapter one", "One"), ("two", "Chapter two", "One"), ("walk", "A walk", "Two"),
        ("types", "Every type of question", "Two"), ("hostile", "Hostile", "Two"),
    ]  # fmt: skip
    assert {one["id"]: one["after"] for one in index["concepts"]} == {
        "alpha": [], "beta": ["alpha"], "gamma": ["alpha"], "epsilon": ["gamma"], "delta": ["alpha"],
    }  # fmt: skip
    told = {one["id"]: one for one in index["questions"] if not one.get("card")}
    assert [*told] == [name for slug in checked.course.chapters for name in checked.bank.of_chapter(slug)]
    for name, question in checked.bank.questions.items():
        assert (told[name]["print"], told[name]["type"]) == (question.fingerprint, question.type)
        assert (told[name]["concepts"], told[name]["level"]) == (question.concepts, question.level)
        assert told[name]["chapter"] == checked.bank.chapter(name)
    assert told["q-one"]["href"] == "chapters/one.html#q-q-one", "its chapter, not the landing page that comes first"


def test_every_address_leads_somewhere(built, index) -> None:
    for one in index["chapters"] + index["concepts"] + index["questions"]:
        expect_place(built.html, one["href"])
    for chapter in index["chapters"]:
        path = built.html / f"_static/bookwidgets/bank/{chapter['slug']}.js"
        for markup in value_of(path).values():
            for address in Page(markup).addresses:
                if not address.startswith("https://"):
                    expect_place(built.html, address)


def test_questions_are_those_of_their_pages(built, index) -> None:
    """The same markup as on its page but for the anchor and the way to other pages."""
    for chapter in index["chapters"]:
        page = built.page(chapter["href"].removesuffix(".html"))
        scripts = value_of(built.html / f"_static/bookwidgets/bank/{chapter['slug']}.js")
        for name, markup in scripts.items():
            (question,) = Page(markup).questions
            assert question["data-id"] == name
            assert "id" not in question
            assert markup.startswith("<book-question ")
            assert markup.endswith("</book-question>")
            on_page = re.search(rf'<book-question id="q-{name}".*?</book-question>', page, flags=re.DOTALL)
            if on_page:
                assert bare(on_page[0]) == bare(markup)


def bare(markup: str) -> str:
    """Without anchor, without addresses and without the space that only layout needs."""
    return re.sub(r"\s+", "", re.sub(r'( id| href| src)="[^"]*"', "", markup))


def test_a_chapter_that_is_dropped_leaves_nothing(book: Path, built, build_book, tmp_path: Path) -> None:
    shutil.copytree(book, tmp_path / "book")
    root = tmp_path / "book"
    toc = root / "_toc.yml"
    toc.write_text(toc.read_text().replace("      - file: chapters/hostile\n", ""))
    less = build_book(root)
    assert less.status == 0, less.log
    folder = less.html / "_static/bookwidgets/bank"
    assert {path.stem for path in folder.iterdir()} == {"index", "one", "two", "walk", "types"}
    text = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert "hostile" not in text
    assert "delta" not in text


def test_an_edited_question_reaches_the_scripts_and_no_other_page(
    book: Path, built, build_book, tmp_path: Path
) -> None:
    """Also one that no page shows, so that nothing is read again."""
    shutil.copytree(book, tmp_path / "book")
    root = tmp_path / "book"
    bank = root / "quizzes/two.yml"
    bank.write_text(bank.read_text() + bank.read_text().replace("q-two", "q-unseen"))
    assert build_book(root).status == 0
    before = value_of(root / "_build/html/_static/bookwidgets/bank/index.js")
    (unseen,) = [one for one in before["questions"] if one["id"] == "q-unseen"]
    assert unseen["href"] == ""
    head, tail = bank.read_text().rsplit("same square", 1)
    bank.write_text(f"{head}very same square{tail}")
    edited = build_book(root)
    assert edited.status == 0, edited.log
    assert "no targets are out of date" in edited.log
    folder = edited.html / "_static/bookwidgets/bank"
    assert "very same square" in value_of(folder / "two.js")["q-unseen"]
    after = value_of(folder / "index.js")
    versions = [{one["slug"]: one["version"] for one in index["chapters"]} for index in [before, after]]
    assert {slug for slug in versions[0] if versions[0][slug] != versions[1][slug]} == {"two"}, (
        "cached scripts are not used"
    )


def test_a_book_without_such_pages_has_no_scripts(small_book: Path, build_book) -> None:
    built = build_book(small_book)
    assert built.status == 0, built.log
    assert not (built.html / "_static/bookwidgets/bank").exists()
    for name in ["index", "chapters/one"]:
        assert "_static/bookwidgets/store.js" in built.page(name)
        assert "progress.js" not in built.page(name)


def test_two_builds_write_the_same(book: Path, built, build_book, tmp_path: Path) -> None:
    root = shutil.copytree(book, tmp_path / "book", ignore=shutil.ignore_patterns("_build"))
    again = build_book(root)
    names = [path.name for path in (built.html / "_static/bookwidgets/bank").iterdir()]
    assert len(names) == 6
    for name in names:
        one, other = (html / "_static/bookwidgets/bank" / name for html in [built.html, again.html])
        assert one.read_bytes() == other.read_bytes()


def test_the_name_under_which_answers_are_kept(small_book: Path, build_book) -> None:
    """A book's title, unless it says otherwise; then other readers' browsers are told at once, on every page."""

    def given(html: Path) -> dict[str, str]:
        script = (html / "_static/bookwidgets/store.js").read_text(encoding="utf-8")
        return json.loads(re.search(r"const BOOK=(\{.*?\});", script)[1])

    built = build_book(small_book)
    assert given(built.html) == {"id": "a-small-book", "title": "A small book"}
    config = small_book / "_config.yml"
    config.write_text(
        config.read_text().replace("    nitpicky: true", "    nitpicky: true\n    bookwidgets_book_id: 'mine'")
    )
    built = build_book(small_book)
    assert built.status == 0, built.log
    assert given(built.html) == {"id": "mine", "title": "A small book"}


@pytest.mark.parametrize(
    ("file", "old", "new", "shown"),
    [
        ("chapters/one.md", "## A section", "## The renamed section", "The renamed section"),
        ("chapters/one.md", ":title: Alpha", ":title: Alphabet", "alphabet"),
        ("quizzes/misconceptions.yml", "says: ", "says: Surely, ", "Surely, "),
        ("quizzes/misconceptions.yml", "see: walk#sec-walk", "see: types#sec-types", "Two of each"),
        ("_config.yml", "language: en", "language: de", "Antwort und Erklärung"),
    ],
)
def test_scripts_follow_what_their_questions_lead_to(
    book: Path, built, build_book, tmp_path: Path, file: str, old: str, new: str, shown: str
) -> None:
    """A chapter whose questions are the same as in the last build still shows what has changed around them."""
    root = shutil.copytree(book, tmp_path / "book")
    path = root / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    again = build_book(root)
    assert again.status == 0, again.log
    before, after = (
        "".join(
            value_of(path).get(name, "")
            for path in (html / "_static/bookwidgets/bank").glob("*.js")
            for name in ["q-one", "q-two", "walk-choice"]
        )
        for html in [built.html, again.html]
    )
    assert shown not in before
    assert shown in after
    if "misconceptions" in file:  # and so does the page
        assert shown in again.page("chapters/walk")
