"""The scheduler of the page against the `fsrs` package, grade by grade."""

import json
import random
from datetime import UTC, datetime, timedelta
from math import isclose

import pytest
from playwright.sync_api import Browser
from reviewing import Graded, ms, theirs

from bookwidgets.static import source

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = 86_400  # seconds


def histories(count: int, seed: int) -> list[list[Graded]]:
    """Random grades at random times: gaps from none to years, many of them within a day, and now and then backwards."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        weights = chance.choice([(1, 1, 1, 1), (1, 2, 12, 3), (8, 2, 3, 1), (0, 1, 5, 2), (1, 0, 0, 0)])
        now, history = 0, []
        for _ in range(chance.randint(1, 25)):
            history.append((chance.choices((1, 2, 3, 4), weights)[0], START + timedelta(seconds=now)))
            # Minutes to years; whole days and a second less or more, where a day is counted or not; no time; backwards.
            whole = DAY * chance.randint(1, 40) + chance.choice([-1, 0, 1])
            gaps = [60 * 10 ** chance.uniform(0, 6.4), whole, 0, -60 * 10 ** chance.uniform(0, 5)]
            now += round(chance.choices(gaps, (70, 20, 5, 5))[0])
        made.append(history)
    return made


OURS = """(text) => JSON.stringify(JSON.parse(text).map((history) => {
    let card = null;
    return history.map(([grade, time]) => (card = reviewed(card, grade, time)));
}))"""


@pytest.fixture(scope="module")
def ours(browser: Browser):
    """What the page makes of many histories at once."""
    page = browser.new_page()
    page.add_script_tag(content=source("parts/fsrs.js"))

    def ours(some: list[list[Graded]]) -> list[list[dict]]:
        told = [[(grade, ms(time)) for grade, time in history] for history in some]
        return json.loads(page.evaluate(OURS, json.dumps(told)))  # as text, which is far faster

    yield ours
    page.close()


def test_a_thousand_histories(ours) -> None:
    """To the millisecond in dates; in stability and difficulty up to rounding errors."""
    drawn = histories(1_000, seed=4)
    states, same_day, longest, weakest = set(), 0, 0.0, 1.0
    for history, page in zip(drawn, ours(drawn), strict=True):
        for place, (expected, found) in enumerate(zip(theirs(history), page, strict=True)):
            where = (place, history)
            assert found.keys() == expected.keys()
            assert (found["state"], found["step"]) == (expected["state"], expected["step"]), where
            assert isclose(found["stability"], expected["stability"], rel_tol=1e-9), where
            assert isclose(found["difficulty"], expected["difficulty"], rel_tol=1e-9), where
            assert found["last"] == expected["last"], where
            assert found["due"] == expected["due"], where
            states.add(found["state"])
            longest = max(longest, found["due"] - found["last"])
            weakest = min(weakest, found["stability"])
            same_day += place > 0 and history[place][1] - history[place - 1][1] < timedelta(days=1)
    # The histories reach what they are meant to reach.
    assert states == {"learning", "review", "relearning"}
    assert same_day > 1_000
    assert weakest == 0.001
    assert longest > 10 * 365 * DAY * 1000


def test_a_card_known_for_good_is_asked_at_most_a_hundred_years_later(ours) -> None:
    history = [(4, START + timedelta(days=30 * 365 * n)) for n in range(12)]
    [page] = ours([history])
    assert page[-1]["stability"] > 36_500
    assert page[-1]["due"] - page[-1]["last"] == 36_500 * DAY * 1000
    assert page[-1]["due"] == theirs(history)[-1]["due"]
