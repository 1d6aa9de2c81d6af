"""What a build does when something changes, and what it does when something is wrong."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest

SMALL_BOOK = Path(__file__).parent.parent / "small_book"
CHAPTERS = {"chapters/one", "chapters/two"}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def executed(log: str) -> set[str]:
    return set(re.findall(r"^executed (\S+) in", log, flags=re.MULTILINE))


def read_again(log: str) -> set[str]:
    return set(re.findall(r"reading sources\.\.\. .*?(\S+)$", log, flags=re.MULTILINE))


def digests(html: Path) -> dict[str, str]:
    """A digest of every page; the search index and the scripts are not pages."""
    return {
        path.relative_to(html).with_suffix("").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in html.rglob("*.html")
        if "_static" not in path.parts
    }


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {page for page in before | after if before.get(page) != after.get(page)}


@pytest.fixture(scope="module")
def built_small_book(tmp_path_factory, build_book) -> Path:
    """The small book, built from nothing; and beside it a copy of that state."""
    root = shutil.copytree(SMALL_BOOK, tmp_path_factory.mktemp("built") / "book")
    built = build_book(root)
    assert built.status == 0, built.log
    assert executed(built.log) == CHAPTERS
    shutil.copytree(root, root.with_name("pristine"))
    return root


@pytest.fixture
def built_book(built_small_book):
    """The small book as it was after its build, at the same place, and its pages' digests."""
    shutil.rmtree(built_small_book)
    shutil.copytree(built_small_book.with_name("pristine"), built_small_book)
    return built_small_book, digests(built_small_book / "_build/html")


def test_a_glued_number_stands_as_it_was_formatted(built_book):
    """MyST-NB evaluates what is glued: 0.40 would become 0.4, and 1,234 a pair."""
    root, _ = built_book
    assert 'A number <span class="pasted-text">0.40</span>' in (root / "_build/html/chapters/one.html").read_text()


def test_edited_question_shows_without_executing_anything(built_book, build_book):
    root, before = built_book
    edit(root / "quizzes/two.yml", "same square", "very same square")
    built = build_book(root)
    assert built.status == 0, built.log
    assert "very same square" in built.page("chapters/two")
    assert executed(built.log) == set()
    assert changed(before, digests(built.html)) == {"chapters/two"}


def test_question_on_two_pages_changes_both(built_book, build_book):
    root, before = built_book
    edit(root / "quizzes/one.yml", "Think.", "Think again.")
    built = build_book(root)
    assert executed(built.log) == set()
    assert changed(before, digests(built.html)) == {"index", "chapters/one"}


def test_nothing_changed_reads_nothing(built_book, build_book):
    root, before = built_book
    (root / "NOTES.md").write_text("# A stray file\n")
    (root / "chapters/draft.md").write_text("# Another\n")
    (root / ".venv/lib").mkdir(parents=True)
    (root / ".venv/lib/README.md").write_text("# A third\n")
    built = build_book(root)
    assert built.status == 0, built.log
    assert read_again(built.log) == set()
    assert changed(before, digests(built.html)) == set()


def test_touched_files_change_nothing(built_book, build_book):
    root, _ = built_book
    for path in [root / "quizzes/one.yml", root / "chapters/lab.py", root / "requirements.txt"]:
        path.touch()
    built = build_book(root)
    assert (read_again(built.log), executed(built.log)) == (set(), set())


@pytest.mark.parametrize(
    ("file", "old", "new", "again"),
    [
        ("chapters/lab.py", "return 2 * x", "return x + x", {"chapters/two"}),
        ("chapters/lab.py", '"""What', '"""All that', {"chapters/two"}),
        ("chapters/own.mplstyle", "lines.linewidth: 2", "lines.linewidth: 3", {"chapters/one"}),
        ("requirements.txt", "matplotlib==3", "matplotlib==4", {"chapters/one"}),
        ("requirements.txt", "numpy==2", "numpy==3", CHAPTERS),
        ("requirements.txt", "sphinx==7", "sphinx==8", set()),
    ],
)
def test_what_shapes_outputs_is_executed_again(built_book, build_book, file, old, new, again):
    root, _ = built_book
    edit(root / file, old, new)
    built = build_book(root)
    assert built.status == 0, built.log
    assert executed(built.log) == again
    edit(root / file, new, old)
    assert executed(build_book(root).log) == set(), "the outputs of the earlier state were still in the cache"


def test_changed_output_of_a_module_reaches_the_page(built_book, build_book):
    root, _ = built_book
    edit(root / "chapters/lab.py", "return 2 * x", "return 4 * x")
    built = build_book(root)
    assert "84" in built.page("chapters/two")
    assert "5.0" in built.page("chapters/two"), "a glued number follows too"


def test_new_concept_is_announced_where_it_belongs(built_book, build_book):
    root, before = built_book
    edit(
        root / "chapters/two.md",
        "```{code-cell} python\n:tags",
        "```{concept} gamma\n:after: alpha\nThird.\n```\n\n```{code-cell} python\n:tags",
    )
    built = build_book(root)
    assert built.status == 0, built.log
    assert 'href="two.html#concept-gamma"' in built.page("chapters/one")
    assert executed(built.log) == set(), "only text changed"
    assert "index" not in changed(before, digests(built.html))


def test_new_title_of_a_section_is_followed(built_book, build_book):
    root, _ = built_book
    edit(root / "chapters/one.md", "## A section", "## The renamed section")
    built = build_book(root)
    assert built.status == 0, built.log
    assert built.page("chapters/two").count("The renamed section") == 1, "a reference in another chapter"
    assert executed(built.log) == set()


def test_two_clean_builds_are_identical(built_small_book, small_book, build_book):
    built = build_book(small_book)
    assert executed(built.log) == CHAPTERS
    assert changed(digests(built_small_book.with_name("pristine") / "_build/html"), digests(built.html)) == set()


FAULTS = {
    "yaml syntax": ("quizzes/one.yml", "prompt: What", "prompt: So: what", r"quizzes/one\.yml:\d+: is not valid YAML"),
    "wrong type": (
        "quizzes/one.yml",
        "level: apply",
        "level: [apply]",
        r"quizzes/one\.yml:4: question 'q-one': level: ",
    ),
    "missing field": (
        "quizzes/one.yml",
        "  level: apply\n",
        "",
        r"quizzes/one\.yml:1: question 'q-one': level: is missing",
    ),
    "duplicate id": ("quizzes/two.yml", "id: q-two", "id: q-one", r"quizzes/two\.yml:1: question 'q-one': id: "),
    "unknown concept": (
        "quizzes/two.yml",
        "[beta, alpha]",
        "[bete]",
        r"two\.yml:3: question 'q-two': concepts\[1\]: .*'beta'",
    ),
    "unknown question": (
        "chapters/two.md",
        'quiz("q-two")',
        'quiz("q-to")',
        r"chapters/two\.md:\d+: quiz cell: .*'q-two'",
    ),
    "bad formula": (
        "quizzes/two.yml",
        r"\frac{1}{2}",
        r"\frok{1}{2}",
        r"two\.yml:\d+: .*options\[2\]\.feedback: .*frok",
    ),
    "no chapter": ("_toc.yml", "chapters/two", "chapters/twoo", r"_toc\.yml:\d+: lists 'chapters/twoo'"),
    "raising cell": (
        "chapters/lab.py",
        "return 2 * x",
        "return 2 / 0",
        r"chapters/two\.md:1\d: code cell 1 .*raised ZeroDiv",
    ),
    "broken reference": (
        "chapters/two.md",
        "`sec-one`",
        "`sec-none`",
        r"chapters/two\.md:\d+: .*undefined label: 'sec-none'",
    ),
    "unknown citation of a concept": (
        "index.md",
        "`alpha`",
        "`alpa`",
        r"index\.md:\d+: text: there is no concept 'alpa'",
    ),
}


LASTING = ["wrong type", "raising cell", "broken reference"]  # found before, while and after a page is read


def expect_fault(build_book, root: Path, kind: str) -> None:
    built = build_book(root)
    assert built.status == 1, built.log
    assert re.search(FAULTS[kind][3], built.log), built.log
    assert "Traceback" not in built.log, built.log


@pytest.mark.parametrize("kind", sorted(FAULTS.keys() - LASTING))
def test_a_fault_ends_the_build(built_book, build_book, kind):
    root, _ = built_book
    edit(root / FAULTS[kind][0], *FAULTS[kind][1:3])
    expect_fault(build_book, root, kind)


@pytest.mark.parametrize("kind", LASTING)
def test_a_fault_ends_every_build_until_it_is_mended(built_book, build_book, kind):
    root, _ = built_book
    file, old, new, _ = FAULTS[kind]
    good = (root / file).read_text(encoding="utf-8")
    edit(root / file, old, new)
    for _ in range(2):
        expect_fault(build_book, root, kind)
    (root / file).write_text(good, encoding="utf-8")
    assert build_book(root).status == 0, "mended, it builds"


def test_all_faults_come_in_one_list(built_book, build_book):
    root, _ = built_book
    for kind in ["wrong type", "bad formula", "unknown question"]:
        edit(root / FAULTS[kind][0], *FAULTS[kind][1:3])
    (root / "quizzes/four.yml").write_text((root / "quizzes/one.yml").read_text().replace("q-one", "q-four"))
    log = build_book(root).log
    places = re.findall(r"^((?:chapters|quizzes)/\S+?):\d+: ", log, flags=re.MULTILINE)
    assert places == ["chapters/two.md", "quizzes/four.yml", "quizzes/four.yml", "quizzes/one.yml", "quizzes/two.yml"]
