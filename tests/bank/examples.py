"""A question of each type, with everything that the type can have; tests of faults count the lines.

Every text occurs once, or in the same words where the type wants it twice, so that a test can put another in its place.
"""

import copy
from collections.abc import Iterator
from typing import Any

import yaml
from broken import QUESTION

_START = """\
- id: q-one
  type: {kind}
  concepts: [alpha]
  level: apply
  prompt: What is it?
  hints: [Think.]
"""
_END = """\
  explanation: Because.
  see: one#sec-one
"""
_BODIES = {
    "multi": """\
  options:
    - text: One.
      correct: true
      feedback: Yes, one.
    - text: Two.
      correct: true
      feedback: Yes, two.
    - text: Three.
      feedback: No, not three.
      misconception: an-idea
  fixed: true
""",
    "match": """\
  pairs:
    - item: Item one
      partner: Partner one
      feedback: Why one.
      wrong: Not so one.
      misconception: an-idea
    - item: Item two
      partner: Partner two
      feedback: Why two.
    - item: Item three
      partner: Partner three
      feedback: Why three.
  distractors: [Partner four, Partner five]
""",
    "categorize": """\
  bins: [Bin one, Bin two, Bin three]
  items:
    - text: Item one
      bin: Bin one
      feedback: Why one.
      wrong: Not so one.
      misconception: an-idea
    - text: Item two
      bin: Bin two
      feedback: Why two.
    - text: Item three
      bin: Bin one
      feedback: Why three.
  fixed: true
""",
    "order": """\
  steps:
    - Step one
    - Step two
    - Step three
  distractors:
    - text: Step four
      feedback: Not four.
      misconception: an-idea
    - text: Step five
      feedback: Not five.
""",
    "numeric": """\
  answer: 2.3
  tolerance: {absolute: 0.05}
  unit: nats
  feedback: It is so.
  ranges:
    - from: -2.35
      to: -2.25
      feedback: The sign.
      misconception: an-idea
    - from: 4
      feedback: Too much.
""",
    "text": """\
  answers: [reference policy, the reference]
  case: true
  feedback: It is so.
  known:
    - answers: [reward model, a reward]
      feedback: That scores.
      misconception: an-idea
    - answers: [policy]
      feedback: Which one?
""",
    "cloze": """\
  text: The {{1}} has a {{2}}.
  gaps:
    - options: [loss, gain]
      answer: loss
      feedback: Why one.
      wrong: Not so one.
      misconception: an-idea
    - answers: [mask, a mask]
      feedback: Why two.
""",
    "tokens": """\
  tokens: |
    a b c d
    e f g h
  marked: [[2, 3], [6, 6]]
  feedback:
    - from: 1
      to: 1
      feedback: Not this.
      misconception: an-idea
    - from: 2
      to: 5
      feedback: Partly.
""",
    "spot": """\
  as: text
  lines:
    - text: Line one
      feedback: Holds one.
      misconception: an-idea
    - text: Line two
      wrong: true
      feedback: Wrong two.
    - text: Line three
      feedback: Holds three.
""",
    "free": """\
  scenario: A case.
  model: A model answer.
  rubric:
    - text: Criterion one
      points: 2
    - text: Criterion two
      points: 1
""",
    "flashcard": """\
  back: The back.
""",
}
EXAMPLES: dict[str, str] = {"choice": QUESTION} | {
    kind: _START.format(kind=kind) + body + _END for kind, body in _BODIES.items()
}
EXAMPLES["flashcard"] = EXAMPLES["flashcard"].replace("  hints: [Think.]\n", "")
NO_TEXTS = {"id", "type", "concepts", "level", "see", "misconception", "as"}


def example(kind: str) -> dict[str, Any]:
    """The question of this type as data."""
    return copy.deepcopy(yaml.safe_load(EXAMPLES[kind])[0])


def leaves(data: Any, path: tuple[int | str, ...] = ()) -> Iterator[tuple[tuple[int | str, ...], Any]]:
    """Every value of a question that is no list and no mapping, by its place."""
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*path, key))
    else:
        yield path, data


def put(data: Any, path: tuple[int | str, ...], value: object) -> Any:
    """``data`` with ``value`` at ``path``."""
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return data


def texts(kind: str) -> list[str]:
    """The texts of the example that a learner sees, each once."""
    found = [value for path, value in leaves(example(kind)) if path[0] not in NO_TEXTS and path[-1] not in NO_TEXTS]
    return list(dict.fromkeys(value for value in found if isinstance(value, str)))


def replaced(kind: str, changes: dict[str, str]) -> dict[str, Any]:
    """The example with other texts, wherever they stand; gaps and tokens that positions need are put after them."""
    data = example(kind)
    for path, value in leaves(example(kind)):
        if value in changes and path[0] not in NO_TEXTS and path[-1] not in NO_TEXTS:
            kept = {("text",): " {{1}} {{2}}", ("tokens",): "\n" + value}.get(path, "")
            put(data, path, changes[value] + kept)
    return data
