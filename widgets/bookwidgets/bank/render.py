"""A question as HTML: readable as it is, and what the page script builds on.

The markup carries every text once.
Without a script the reader sees prompt and options, and opens hints and answer.
The script moves the same elements to where they are needed, so that nothing is sent twice.
"""

import hashlib
import html
from collections.abc import Iterator

from bookwidgets.bank.load import Bank
from bookwidgets.bank.models import BaseQuestion, Choices, Model, Option
from bookwidgets.bank.text import ImageAddress, TextError, blocks, line
from bookwidgets.bank.yaml_lines import YamlPath


def question_html(
    question: BaseQuestion, bank: Bank, words: dict[str, str], *, image: ImageAddress | None = None, anchor: str = ""
) -> tuple[str, str]:
    """The markup before and after the place where links to sections and concepts belong.

    ``anchor`` is the id of the element, for the first time that a question stands on a page.
    Raises ``TextError`` for texts that cannot be shown, which a checked bank does not have.
    """
    task, answer, flags = _BODIES[question.type](question, bank, words, image)
    hints = "".join(
        f'<details class="bw-hint"><summary>{_say(words, "hint", n=n)}</summary>{blocks(hint, image)}</details>'
        for n, hint in enumerate(question.hints, 1)
    )
    identity = f' id="{anchor}"' if anchor else ""
    before = (
        f'<book-question{identity} class="bw" data-type="{question.type}" data-id="{question.id}"'
        f' data-print="{question.fingerprint}"{flags}>'
        f'<div class="bw-prompt">{blocks(question.prompt, image)}</div>{task}'
        f'{hints}<details class="bw-answer"><summary>{_say(words, "answer")}</summary>{answer}'
        f'<div class="bw-explanation">{blocks(question.explanation, image)}</div>'
    )
    return before, "</details></book-question>"


def _choices(question: Choices, bank: Bank, words: dict[str, str], image: ImageAddress | None) -> tuple[str, str, str]:
    """What the learner does, what the answer shows, and attributes: for `choice` and `multi`."""
    order = shuffled(question)
    items = "".join(
        f'<li data-n="{question.options.index(option) + 1}">{line(option.text, image)}</li>' for option in order
    )
    task = _say(words, "choose_one" if question.type == "choice" else "choose_all")
    why = "".join(_why(option, bank, words, image) for option in order)
    return (
        f'<p class="bw-task">{task}</p><ol class="bw-options">{items}</ol>',
        f'<ol class="bw-why">{why}</ol>',
        " data-fixed" if question.fixed else "",
    )


# How each type of question is shown: the types of models.Question.
_BODIES = {"choice": _choices, "multi": _choices}


def _why(option: Option, bank: Bank, words: dict[str, str], image: ImageAddress | None) -> str:
    verdict = _say(words, "right" if option.correct else "wrong")
    misconception = bank.misconceptions.get(option.misconception or "")
    idea = ""
    if misconception:
        idea = f'<span class="bw-idea">{_say(words, "misconception")} <q>{line(misconception.says, image)}</q></span>'
    marks = " data-ok" * option.correct + (f' data-idea="{option.misconception}"' if option.misconception else "")
    return f"<li{marks}><b>{verdict}.</b> {line(option.feedback, image)}{idea}</li>"


def _say(words: dict[str, str], key: str, **values: object) -> str:
    return html.escape(words[key].format(**values))


def shuffled(question: Choices) -> list[Option]:
    """The options in an order that says nothing about which is right, the same on every build.

    An author often writes the right option first.
    """
    if question.fixed:
        return list(question.options)
    return sorted(question.options, key=lambda option: hashlib.sha256(f"{question.id}/{option.text}".encode()).digest())


def text_faults(model: Model, image: ImageAddress) -> Iterator[tuple[YamlPath, str]]:
    """What keeps the texts of a question or misconception from being shown: the field, and what to mend."""
    for render, texts in [(blocks, model.blocks()), (line, model.lines())]:
        for path, text in texts.items():
            try:
                render(text, image)
            except TextError as error:
                yield from ((path, message) for message in error.messages)
