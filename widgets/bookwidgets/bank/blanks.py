"""A question of each type, to be written: its fields in YAML, with comments.

What an author has to write is left empty, so that `bookwidgets check` names each part until it is written.
"""

from bookwidgets.bank.page import Page
from bookwidgets.bank.types import QUESTIONS

_WRONG = """\
      # wrong:  # what to say in addition to someone who got this wrong
      # misconception:  # an id of quizzes/misconceptions.yml
"""
_IDEA = "      # misconception:  # an id of quizzes/misconceptions.yml behind it\n"
_OPTIONS = f"""\
  options:  # three to six, of one length and form; each {{marks}}
    - text:  # the right one
      correct: true
      feedback:  # why it is right
    - text:  # what a particular misunderstanding predicts
      feedback:  # what would have to be true for it to be right
{_IDEA}    - text:
      feedback:
  # fixed: true  # keeps the options in this order
"""

# The fields that are a type's own. A test fills in what is empty and validates each.
BODIES = {
    "choice": _OPTIONS.format(marks="wrong one is what a misunderstanding predicts"),
    "multi": _OPTIONS.format(marks="that holds has correct: true"),
    "match": f"""\
  pairs:  # three to eight
    - item:  # one line of Markdown
      partner:  # plain text, shown in a menu
      feedback:  # why the two belong together
{_WRONG}    - item:
      partner:
      feedback:
    - item:
      partner:
      feedback:
  # distractors: []  # up to three partners that belong to no item, plain text
""",
    "categorize": f"""\
  bins:  # two to five, plain text
    -
    -
  items:  # three to twelve
    - text:  # one line of Markdown
      bin:  # word for word as above
      feedback:  # why it belongs there
{_WRONG}    - text:
      bin:
      feedback:
    - text:
      bin:
      feedback:
  # fixed: true  # keeps the items in this order
""",
    "order": """\
  steps:  # three to ten in the right order, each one line of Markdown
    -
    -
    -
  # distractors:  # up to three steps that do not belong
  #   - text:
  #     feedback:  # why it does not belong
  #     misconception:  # an id of quizzes/misconceptions.yml
""",
    "numeric": """\
  answer:  # a number
  tolerance: {relative: 0.01}  # or {absolute: 0.005}, in the unit of the answer
  # unit:  # plain text
  feedback:  # why this number is right
  # ranges:  # wrong numbers to be recognised, up to eight; without from or to a range has no end
  #   - from:
  #     to:
  #     feedback:  # what leads to such a number
  #     misconception:  # an id of quizzes/misconceptions.yml
""",
    "text": """\
  answers:  # accepted forms, the best first; capitals, quotes, hyphens and a final period make no difference
    -
  # case: true  # tells capitals from small letters
  feedback:  # why it is right
  # known:  # wrong answers to be recognised, up to eight
  #   - answers: []
  #     feedback:  # what would have to be true for it to be right
  #     misconception:  # an id of quizzes/misconceptions.yml
""",
    "cloze": f"""\
  text:  # Markdown with {{{{1}}}}, {{{{2}}}} ... where the gaps are, never inside a formula
  gaps:  # one to twelve, by their numbers
    - options:  # {{{{1}}}}, a gap with a menu: two to six options, plain text
        -
        -
      answer:  # the right one, word for word
      feedback:  # why it is right
{_WRONG}    - answers:  # {{{{2}}}}, a gap to type in: the accepted forms, the best first
        -
      feedback:
""",
    "tokens": f"""\
  tokens:  # with spaces between them; after '|' a new line begins a new line
  marked:  # spans to be marked, positions from 1: [[5, 7], [12, 12]]
  feedback:  # stretches where learners go wrong
    - from:  # position of its first token
      to:  # position of its last
      feedback:  # why it is to be marked, or is not
{_IDEA}""",
    "spot": f"""\
  # as: code  # shows the lines as they stand; else they are Markdown
  lines:  # three to fifteen; put code into quotes, to keep its indent
    - text:
      feedback:  # why it holds
    - text:  # the line to be found
      wrong: true
      feedback:  # what is wrong with it
    - text:
      feedback:
{_IDEA}""",
    "free": """\
  # scenario:  # the case, shown before the prompt
  model:  # a model answer
  rubric:  # two to six criteria
    - text:  # what an answer must have to earn these points
      points: 1  # 1 to 10
    - text:
      points: 1
""",
    "flashcard": """\
  back:  # the back of the card; its front is the prompt
""",
}
_HINTS = """\
  hints:  # one to three
    -  # where to look
    -  # what to compare, or half a step
"""


def blank(kind: str, question_id: str, page: Page) -> str:
    """The question as YAML, with comments."""
    concepts = ", ".join(concept.id for concept in page.concepts)
    meaning = QUESTIONS[kind].model_fields["type"].description
    return (
        f"- id: {question_id}  # permanent: answers are kept under it\n"
        f"  type: {kind}  # {meaning}\n"
        f"  concepts:  # a list of ids; this chapter defines [{concepts}]\n"
        "  level: apply  # or remember, understand, analyze, evaluate\n"
        "  prompt:  # Markdown with $formulas$: the case first, then one complete question\n"
        f"{'' if kind == 'flashcard' else _HINTS}"
        f"{BODIES[kind]}"
        "  explanation:  # the reason behind the answer, in a form that carries over to other cases\n"
        f"  see:  # the section to read again: {page.slug}#label\n"
    )
