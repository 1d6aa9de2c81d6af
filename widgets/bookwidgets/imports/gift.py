"""Questions out of GIFT: what a question of the book can be made of, and what cannot."""

import re
from collections import Counter

from bookwidgets.bank.models import ID
from bookwidgets.imports.drafts import Draft, Fields, Report
from bookwidgets.imports.gift_items import Answer, Item, Text, answers, items, put_back
from bookwidgets.imports.markup import Writer

LEVELS = {"remember", "understand", "apply", "analyze", "evaluate"}
TRUE_FALSE = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#(.*?))?(?:#(.*))?$", re.IGNORECASE | re.DOTALL)
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
SPAN = re.compile(rf"\s*({NUMBER})\s*(?:(:|\.\.)\s*({NUMBER})\s*)?$")
GAP = "_____"


def read(text: str, report: Report) -> list[Draft]:
    made = (_Question(item, report, n).draft() for n, item in enumerate(items(text), 1))
    return [draft for draft in made if draft]


class _Question:
    """One question of the file, on its way into a draft."""

    def __init__(self, item: Item, report: Report, n: int) -> None:
        self.item, self.report = item, report
        self.where = f"question {n}" + (f" ({item.title[:40]!r})" if item.title else "")
        self.write = Writer(self.tell)

    def tell(self, message: str) -> None:
        self.report.tell(self.item.line, self.where, message)

    def blocks(self, text: Text) -> str:
        if text.format == "markdown":
            return text.text.strip()
        # Where nothing is said, a new line is one, as Moodle shows it.
        return self.write.blocks(_html(text))

    def line(self, text: Text) -> str | None:
        made = " ".join(text.text.split()) if text.format == "markdown" else self.write.line(_html(text))
        return made or None

    def plain(self, text: Text) -> str:
        return self.write.plain(_html(text))

    def draft(self) -> Draft | None:
        item = self.item
        body = self._body()
        if body is None:
            return None
        kind, fields = body
        prompt = self.blocks(item.before)
        if item.after:
            prompt = f"{prompt} {GAP} {self.blocks(item.after)}"
        tags = [text.strip() for name, text in item.ids if name == "tag"]
        levels = [tag.removeprefix("level-") for tag in tags if tag.removeprefix("level-") in LEVELS]
        concepts = [tag for tag in tags if re.fullmatch(ID, tag) and tag.removeprefix("level-") not in LEVELS]
        for tag in set(tags) - set(concepts) - {f"level-{level}" for level in levels} - set(levels):
            self.tell(f"has the tag {tag!r}, which is no id of a concept: left out")
        name = next((text.strip() for name, text in item.ids if name == "id"), item.title)
        explanation = None if kind == "free" else self.blocks(item.general)
        level = levels[0] if levels else None
        return Draft(kind, prompt, fields, item.line, explanation, name, list(dict.fromkeys(concepts)), level)

    def _body(self) -> tuple[str, Fields] | None:
        item = self.item
        if item.braces < 0:
            return self.tell("has braces that do not fit, or an empty line inside: left out")
        if item.braces > 1:
            return self.tell("has several gaps: left out; write a question of type cloze")
        if item.inside is None:
            return self.tell("asks nothing, since it has no braces: left out; put it into the chapter")
        inside = item.inside
        if not inside.strip():
            return self._free()
        truth = TRUE_FALSE.match(inside)
        if truth:
            return self._truth(truth)
        if inside.lstrip().startswith("#"):
            return self._number(inside.lstrip()[1:])
        given = list(answers(inside, item.before.format))
        if not given:
            return self.tell("has no answer that begins with = or ~: left out")
        arrows = ["->" in answer.text.text for answer in given]
        if all(arrows) and all(answer.sign == "=" for answer in given):
            return self._pairs(given)
        return self._words(given) if all(answer.sign == "=" for answer in given) else self._choice(given)

    def _free(self) -> tuple[str, Fields]:
        self.tell("is an essay: write the rubric, by which a learner grades herself")
        return "free", {
            "model": self.blocks(self.item.general) or None,
            "rubric": [{"text": None, "points": 1} for _ in range(2)],
        }

    def _truth(self, found: re.Match[str]) -> tuple[str, Fields]:
        right = found[1][0].upper() == "T"
        wrong, good = (self.line(Text(put_back(part or ""), "html")) for part in found.groups()[1:])
        told = {right: good, not right: wrong}
        options = [
            {"text": str(value), **({"correct": True} if value == right else {}), "feedback": told[value]}
            for value in (True, False)
        ]
        self.tell("is true or false: the book wants three to six options, so ask what makes it so")
        return "choice", {"options": options}

    def _choice(self, given: list[Answer]) -> tuple[str, Fields]:
        rights = [answer for answer in given if answer.earned > 0]
        many = len(rights) > 1
        if len({answer.earned for answer in rights}) > 1:
            self.tell("gives its right answers different shares: in the book each earns the same")
        options = [
            {"text": self.line(answer.text), **({"correct": True} if answer.earned > 0 else {}),
             "feedback": self.line(answer.feedback)}
            for answer in given
        ]  # fmt: skip
        if not 3 <= len(options) <= 6:
            self.tell(f"has {len(options)} options, and the book takes three to six: add or drop some")
        if not rights:
            self.tell("has no right answer: mend it in the new file")
        return "multi" if many else "choice", {"options": options}

    def _pairs(self, given: list[Answer]) -> tuple[str, Fields]:
        split = [answer.text.text.partition("->") for answer in given]
        form = [answer.text.format for answer in given]
        pairs = [
            (self.line(Text(left, kind)), self.plain(Text(right.replace("<", "&lt;"), "html")))
            for (left, _, right), kind in zip(split, form, strict=True)
        ]
        counted = Counter(right for left, right in pairs if left)
        bins = list(dict.fromkeys(right for _, right in pairs))
        if max(counted.values(), default=0) > 1:
            found = [{"text": left, "bin": right, "feedback": None} for left, right in pairs if left]
            return "categorize", {"bins": bins, "items": found}
        found = [{"item": left, "partner": right, "feedback": None} for left, right in pairs if left]
        rest = [right for left, right in pairs if not left]
        return "match", {"pairs": found} | ({"distractors": rest} if rest else {})

    def _words(self, given: list[Answer]) -> tuple[str, Fields]:
        forms = [self.plain(answer.text) for answer in given if answer.earned == 100]
        feedback = next((self.line(answer.feedback) for answer in given if answer.earned == 100), None)
        known: dict[str | None, list[str]] = {}
        for answer in given:
            if answer.earned == 100:
                continue
            if answer.earned > 0:
                self.tell(f"earns {answer.earned:g} % for {answer.text.text!r}: in the book it is wrong, with feedback")
            known.setdefault(self.line(answer.feedback), []).append(self.plain(answer.text))
        if any("*" in answer.text.text for answer in given):
            self.tell("has an asterisk, which stands for anything: write out what you would accept")
        wrong = [{"answers": words, "feedback": why} for why, words in known.items()]
        return "text", {"answers": forms or [None], "feedback": feedback} | ({"known": wrong} if wrong else {})

    def _number(self, inside: str) -> tuple[str, Fields] | None:
        given = list(answers(inside if inside.lstrip()[:1] in {"=", "~"} else f"={inside}", self.item.before.format))
        body: Fields = {"answer": None, "tolerance": {"absolute": None}, "feedback": None}
        ranges = []
        for answer in given:
            ends = _ends(answer.text.text)
            if ends is None:
                self.tell(f"has {answer.text.text[:40]!r} where a number belongs: left out")
            elif answer.earned < 100:
                ranges.append({"from": ends[0], "to": ends[1], "feedback": self.line(answer.feedback)})
            elif body["answer"] is not None:
                self.tell("has a second right number: the book has one, so make another question of it")
            else:
                middle, distance = (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2
                near = {"absolute": float(f"{distance:.12g}")}
                body = {"answer": float(f"{middle:.12g}"), "tolerance": near, "feedback": self.line(answer.feedback)}
        if body["answer"] is None:
            return self.tell("has no right number: left out")
        return "numeric", body | ({"ranges": ranges} if ranges else {})


def _html(text: Text) -> str:
    if text.format == "plain":
        return text.text.replace("&", "&amp;").replace("<", "&lt;")
    return text.text.strip().replace("\n", "<br>") if text.format == "moodle" else text.text


def _ends(text: str) -> tuple[float, float] | None:
    """The numbers of 3, 3:0.5 and 2.5..3.5."""
    found = SPAN.match(text)
    if not found:
        return None
    first, sign, second = float(found[1]), found[2], float(found[3] or 0)
    return (first, second) if sign == ".." else (first - second, first + second)
