"""A class's results as one page: tables and plots, complete in itself, without a script."""

import html
from collections.abc import Callable, Iterable, Sequence

from bookwidgets.results.count import FEWEST, OfChoice, OfLearner, OfMisconception, OfQuestion
from bookwidgets.results.plots import histogram, scatter
from bookwidgets.results.read import Skipped

STYLE = """\
:root { color-scheme: light dark; --bar: light-dark(#1f6fb2, #7db8e8); --line: light-dark(#ccc, #555); }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 66rem; margin: 0 auto; padding: 1rem; }
svg { width: 35rem; min-width: 28rem; max-width: 100%; height: auto; font-size: 13px; } svg text { fill: currentColor; }
.table { overflow-x: auto; } table { border-collapse: collapse; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: end; vertical-align: top; }
th:first-child, td:first-child, .text { text-align: start; } td.text { min-width: 6rem; }
tr:target { outline: 2px solid var(--bar); } a { color: inherit; }
th { font-weight: 600; } td:first-child:not(.text) { white-space: nowrap; }
.low td { background: light-dark(#fff1d6, #4a3708); }
"""


def page(
    title: str,
    language: str,
    words: dict[str, str],
    learners: Sequence[OfLearner],
    questions: Sequence[OfQuestion],
    choices: Sequence[OfChoice],
    misconceptions: Sequence[OfMisconception],
    skipped: Sequence[Skipped],
) -> str:
    def say(key: str, **values: object) -> str:
        return html.escape(words[f"results_{key}"].format(**values))

    name = say("title", book=title)
    parts = [f"<h1>{name}</h1><p>{say('about', learners=len(learners), few=FEWEST)}</p>"]
    if skipped:
        rows = "".join(f"<li><b>{html.escape(one.file)}</b> {html.escape(one.why)}</li>" for one in skipped)
        parts.append(f"<h2>{say('skipped', n=len(skipped))}</h2><ul>{rows}</ul>")
    parts.append(f"<h2>{say('learners')}</h2>{_plot_of_learners(learners, say)}{_learners(learners, say)}")
    parts.append(f"<h2>{say('questions')}</h2>{_plot_of_questions(questions, say)}<p>{say('low')}</p>")
    parts.append(_questions(questions, say))
    if misconceptions:
        rows = ([one.says, str(one.learners), one.questions] for one in misconceptions)
        heads = [say("misconception"), say("n_learners"), say("questions")]
        parts.append(f"<h2>{say('misconceptions')}</h2>{_table(heads, rows, texts=(0, 2))}")
    parts.append(f"<h2>{say('choices')}</h2>{_choices(choices, say)}")
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{name}</title>'
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(language)}"><head>{head}<style>{STYLE}</style></head>'
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def _table(
    heads: Iterable[str], rows: Iterable[Iterable[str]], marks: Iterable[str] | None = None, texts: tuple[int, ...] = ()
) -> str:
    """A table of plain texts; ``marks`` are the attributes of its rows, ``texts`` its columns, from 0, of words."""

    def kind(n: int) -> str:
        return ' class="text"' if n in texts else ""

    head = "".join(f'<th scope="col"{kind(n)}>{text}</th>' for n, text in enumerate(heads))
    cells = ["".join(f"<td{kind(n)}>{html.escape(cell)}</td>" for n, cell in enumerate(row)) for row in rows]
    attributes = marks or [""] * len(cells)
    body = "".join(f"<tr{mark}>{row}</tr>" for mark, row in zip(attributes, cells, strict=True))
    return f'<div class="table" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _wide(plot: str) -> str:
    """A plot in what scrolls where the page is narrower."""
    return f'<div class="table" tabindex="0">{plot}</div>'


def _plot_of_learners(learners: Sequence[OfLearner], say: Callable[..., str]) -> str:
    scores = [one.score for one in learners if one.score is not None]
    return _wide(histogram(scores, say("plot_learners"), say("score"), say("n_learners"))) if scores else ""


def _learners(learners: Sequence[OfLearner], say: Callable[..., str]) -> str:
    heads = [say(key) for key in ["learner", "answered", "graded", "at_once", "score", "tries", "reworded"]]
    rows = (
        [one.learner, str(one.answered), str(one.graded), str(one.right_at_once), _number(one.score),
         _number(one.tries), str(one.reworded)]
        for one in learners
    )  # fmt: skip
    return _table(heads, rows)


def _plot_of_questions(questions: Sequence[OfQuestion], say: Callable[..., str]) -> str:
    points = [
        (one.difficulty, one.discrimination, one.question)
        for one in questions
        if one.difficulty is not None and one.discrimination is not None
    ]
    return _wide(scatter(points, say("plot_questions"), say("difficulty"), say("discrimination"))) if points else ""


def _questions(questions: Sequence[OfQuestion], say: Callable[..., str]) -> str:
    heads = [say(key) for key in ["question", "chapter", "type", "n_answers", "difficulty", "score", "discrimination",
                                  "hints", "tries"]]  # fmt: skip
    rows = (
        [one.question, one.chapter, one.type, str(one.answers), _number(one.difficulty), _number(one.score),
         _number(one.discrimination), _number(one.with_hints), _number(one.tries)]
        for one in questions
    )  # fmt: skip
    marks = (
        f' id="{one.question}"' + ' class="low"' * (one.discrimination is not None and one.discrimination < 0)
        for one in questions
    )
    return _table(heads, rows, marks, texts=(1, 2))


def _choices(choices: Sequence[OfChoice], say: Callable[..., str]) -> str:
    """A table that folds for each question."""
    heads = [say(key) for key in ["part", "choice", "right", "chosen", "share", "misconception"]]
    grouped: dict[str, list[OfChoice]] = {}
    for one in choices:
        grouped.setdefault(one.question, []).append(one)
    signs = {None: "", True: "✓", False: "✗"}
    return "".join(
        f"<details><summary>{name}</summary>"
        + _table(
            heads,
            (
                [one.part, one.text, signs[one.right], str(one.chosen), _number(one.share), one.misconception]
                for one in some
            ),
            texts=(1, 5),
        )
        + "</details>"
        for name, some in grouped.items()
    )
