"""A question as HTML: readable as it is, and what the page script builds on.

The markup carries every text once.
Without a script the reader sees prompt and task, and opens hints and answer.
The script moves the same elements to where they are needed, so that nothing is sent twice.
What each type of question puts into this frame is in ``markup``.
"""

from collections.abc import Callable, Iterator

from bookwidgets.bank.load import Bank
from bookwidgets.bank.markup import BODIES
from bookwidgets.bank.models import BaseQuestion, Model
from bookwidgets.bank.pen import Pen
from bookwidgets.bank.text import ImageAddress, TextError, blocks, gapped, line
from bookwidgets.bank.yaml_lines import YamlPath


def question_html(
    question: BaseQuestion,
    bank: Bank,
    words: dict[str, str],
    *,
    image: ImageAddress | None = None,
    anchor: str = "",
    section: Callable[[str], str] = lambda see: "",
) -> tuple[str, str]:
    """The markup before and after the place where links to sections and concepts belong.

    ``anchor`` is the id of the element, for the first time that a question stands on a page.
    ``section`` writes what stands for a link to a section such as "chapter#label", after a misconception.
    Raises ``TextError`` for texts that cannot be shown, which a checked bank does not have.
    """
    pen = Pen(bank.misconceptions, words, image, section=section)
    body = BODIES[question.type](question, pen)
    hints = "".join(
        f'<details class="bw-hint"><summary>{pen.say("hint", n=n)}</summary>{pen.blocks(hint)}</details>'
        for n, hint in enumerate(question.hints, 1)
    )
    identity = f' id="{anchor}"' if anchor else ""
    before = (
        f'<book-question{identity} class="bw" data-type="{question.type}" data-id="{question.id}"'
        f' data-print="{question.fingerprint}"{body.flags}>'
        f'{body.scenario}<div class="bw-prompt">{pen.blocks(question.prompt)}</div>{body.task}'
        f'{hints}<details class="bw-answer"><summary>{pen.say("answer")}</summary>{body.answer}'
        f'<div class="bw-explanation">{pen.blocks(question.explanation)}</div>'
    )
    return before, "</details></book-question>"


def text_faults(model: Model, image: ImageAddress) -> Iterator[tuple[YamlPath, str]]:
    """What keeps the texts of a question or misconception from being shown: the field, and what to mend."""
    for render, texts in [(blocks, model.blocks()), (line, model.lines()), (gapped, model.gapped())]:
        for path, text in texts.items():
            try:
                render(text, image)
            except TextError as error:
                yield from ((path, message) for message in error.messages)
