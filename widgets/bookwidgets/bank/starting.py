"""What an instructor begins with: the folder ``course/`` of a fork, and chapters that build as they stand."""

import datetime
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bookwidgets.bank.course import Course, scan
from bookwidgets.bank.faults import shown
from bookwidgets.bank.load import load_with_faults
from bookwidgets.bank.models import ID
from bookwidgets.bank.own import FOLDER, OWN_CONFIG, OWN_QUIZZES, OWN_TOC, toc_of
from bookwidgets.bank.schema import modeline
from bookwidgets.bank.template import RefusedError

LONGEST_SLUG = 40  # the ids of its questions begin with it


@dataclass(frozen=True)
class NewChapter:
    """A chapter that was written: its page and its question file, and the line that lists it."""

    page: str
    questions: str
    toc: str

    @property
    def entry(self) -> str:
        return f"- file: {self.page.removesuffix('.md')}"


def start_course(root: Path, title: str, repository: str) -> list[str]:
    """Write a fork's table of contents and settings; returns their names. Raises ``RefusedError``."""
    for name in [OWN_TOC, OWN_CONFIG]:
        if (root / name).exists():
            raise RefusedError(f"{name} is there already: edit it")
    if not re.fullmatch(r"https://[^\s/]+/\S+", repository):
        raise RefusedError(f"{shown(repository)} is no address of a repository: write https://github.com/you/your-fork")
    config = _filled(
        "config.yml",
        TITLE=_quoted(title),
        YEAR=str(datetime.date.today().year),
        REPOSITORY=repository.rstrip("/").removesuffix(".git"),
        BOOK_ID=slug_of(title),
    )
    toc = "# Drop lines, move them, and list your own: - file: course/chapters/...\n"
    toc += toc_of(root).read_text(encoding="utf-8")
    (root / FOLDER).mkdir(exist_ok=True)
    for name, text in [(OWN_TOC, toc), (OWN_CONFIG, config)]:
        (root / name).write_text(text, encoding="utf-8", newline="\n")
    return [OWN_TOC, OWN_CONFIG]


def start_chapter(root: Path, title: str, given: str | None = None) -> NewChapter:
    """Write a chapter with a definition and five questions, into ``course/`` where there is one.

    Raises ``RefusedError``.
    """
    own = (root / FOLDER).is_dir()
    course = scan(root)[0]
    slug = _free_slug(root, course, title, given)
    page = f"{FOLDER}/chapters/{slug}.md" if own else f"chapters/{slug}.md"
    questions = f"{OWN_QUIZZES}/{slug}.yml" if own else f"quizzes/{slug}.yml"
    concept = slug if slug not in course.known else f"{slug}-idea"
    words = {"SLUG": slug, "TITLE": title, "CONCEPT": concept, "AFTER": next(iter(course.concepts), "")}
    for name, text in [
        (page, _filled("chapter.md", **words)),
        (questions, _filled("questions.yml", MODELINE=modeline(own), **words)),
    ]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="\n")
    return NewChapter(page, questions, course.toc)


def slug_of(title: str) -> str:
    """Lower-case words joined by hyphens.

    >>> slug_of("Reward design, in practice")
    'reward-design-in-practice'
    """
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _free_slug(root: Path, course: Course, title: str, given: str | None) -> str:
    slug = given or slug_of(title)[:LONGEST_SLUG].rstrip("-")
    if not re.fullmatch(ID, slug) or len(slug) > LONGEST_SLUG:
        advice = f"name it with --slug, lower-case words joined by hyphens, {LONGEST_SLUG} characters at most"
        raise RefusedError(f"{shown(slug)} cannot be a file name of a chapter: {advice}")
    pages = {page.slug: page.file for page in [*course.dropped.values(), *course.pages.values()]}
    bank = load_with_faults(root / "quizzes", root / OWN_QUIZZES)[0]
    files_of_it = [source.file for source in bank.sources.values() if Path(source.file).stem == slug]
    taken = [pages[slug]] if slug in pages else files_of_it
    if taken:
        raise RefusedError(f"{taken[0]} is there already: choose another title, or another file name with --slug")
    return slug


def _filled(name: str, **words: str) -> str:
    """A file of templates/ with the words in capitals replaced."""
    text = (files("bookwidgets") / "templates" / name).read_text(encoding="utf-8")
    return re.sub(r"\b(" + "|".join(words) + r")\b", lambda found: words[found[1]], text)


def _quoted(text: str) -> str:
    """``text`` as a scalar of YAML."""
    return "'" + text.replace("'", "''") + "'" if re.search(r"[:#'\"{}\[\],&*?|<>=!%@`-]", text) else text
