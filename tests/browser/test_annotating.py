"""The reader as annotator: a walk by keyboard, and the fit against one in NumPy."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from bookwidgets.static import source

RIDGE = 0.1


@pytest.fixture
def address(small_address: str) -> str:
    return f"{small_address}/chapters/annotate.html"


def prefer(page: Page, winner: str, loser: str) -> None:
    """Choose between the two replies on show by keyboard."""
    texts = page.locator("book-annotate form dd").all_inner_texts()[1:]
    assert set(texts) == {winner, loser}
    letter = "AB"[texts.index(winner)]
    page.get_by_role("button", name=f"{letter} is better").focus()
    page.keyboard.press("Enter")


HOSTILE = "</bdi><script>window.hacked=1</script>"


def test_a_walk_by_keyboard(open_page: Callable[..., Page], address: str, violations: Callable) -> None:
    page = open_page(address)
    widget = page.locator("book-annotate")
    page.evaluate("addEventListener('book-annotate', (event) => { window.heard = event.detail.choices; })")
    expect(widget.get_by_text("Pair 1 of 6")).to_be_visible()
    expect(widget.get_by_role("button", name="Show my ranking")).to_be_disabled()
    assert violations(page, "book-annotate") == []

    # bare > polite > thankful > bare is a cycle; the other three pairs are a tie, unsure and a win.
    prefer(page, "a b", "sure a b")
    expect(widget.get_by_text("Pair 2 of 6")).to_be_visible()
    prefer(page, "thanks a b", "a b")
    page.get_by_role("button", name="A tie").press("Enter")
    prefer(page, "sure a b", "thanks a b")
    page.get_by_role("button", name="Cannot say").press("Space")
    prefer(page, "thanks a b", HOSTILE)

    results = widget.locator("form + div")
    expect(results).to_be_focused()
    ranking = results.get_by_role("table", name="Your ranking")
    expect(ranking.get_by_role("row")).to_have_count(5)
    expect(ranking.get_by_role("row").nth(1)).to_contain_text("thankful2 / 3")
    expect(results.get_by_role("listitem")).to_have_text(
        "You preferred bare to polite, polite to thankful, thankful to bare."
    )
    expect(results.get_by_text("fitted to your 5 choices")).to_be_visible()
    # terse says a, a, a, tie, a, a; of the five pairs that both judged, two agree.
    others = results.get_by_role("table", name="You and the book's annotators")
    expect(others.get_by_role("row").nth(1)).to_contain_text("terse540 %")
    expect(others.get_by_role("row").nth(2)).to_have_text("silent0––")
    assert page.evaluate("window.heard.map(({ choice }) => choice)") == ["a", "b", "tie", "a", "unsure", "a"]
    assert violations(page, "book-annotate") == []

    # A choice can be changed; the results follow.
    page.get_by_role("button", name="Back").press("Enter")
    expect(page.get_by_role("button", name="Cannot say")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Start over").press("Enter")
    expect(results).to_be_hidden()
    expect(widget.get_by_text("Pair 1 of 6")).to_be_visible()
    assert page.evaluate("window.hacked") is None


def test_nothing_but_cannot_say(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address)
    for _ in range(6):
        page.get_by_role("button", name="Cannot say").click()
    expect(page.get_by_text("Nothing to rank yet")).to_be_visible()
    expect(page.locator("book-annotate table")).to_have_count(0)


def test_without_scripts_the_pairs_can_be_read(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address, java_script_enabled=False)
    pairs = page.locator("book-annotate ol > li")
    expect(pairs).to_have_count(6)
    expect(pairs.first).to_contain_text("last c a b")
    expect(pairs.first.get_by_text("sure a b")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(scheme: str, open_page: Callable[..., Page], small_site: Path, violations: Callable) -> None:
    page = open_page(
        (small_site / "chapters/annotate.html").as_uri(),
        color_scheme=scheme,
        has_touch=True,
        viewport={"width": 360, "height": 740},
    )
    for _ in range(6):
        page.get_by_role("button", name="A is better").tap()
    expect(page.get_by_role("table", name="Your ranking")).to_be_visible()
    assert violations(page, "article") == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for button in page.locator("book-annotate button:visible").all():
        assert button.bounding_box()["height"] >= 24


@pytest.fixture
def fitted(open_page: Callable[..., Page]) -> Callable[[list[list[float]]], dict]:
    """The page script's own functions, called in the browser."""
    script = re.sub(r"\bclass BookAnnotate.*", "", source("annotate.js"), flags=re.DOTALL)
    page = open_page("about:blank")

    def call(name: str, *arguments: object) -> object:
        return page.evaluate(
            f"(all) => new Function('all', {script!r} + '; return {name}(...all)')(all)", list(arguments)
        )

    return call


def reference(wins: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bradley-Terry with the same ridge, by plain Newton from a start that is near: strengths and standard errors."""
    n = len(wins)
    games = wins + wins.T
    s = np.zeros(n)
    for _ in range(500):
        p = 1 / (1 + np.exp(s[None, :] - s[:, None]))
        gradient = (wins - games * p).sum(axis=1) - RIDGE * s
        weight = games * p * (1 - p)
        hessian = np.diag(weight.sum(axis=1) + RIDGE) - weight
        s = s + 0.5 * np.linalg.solve(hessian, gradient)
    centre = np.eye(n) - 1 / n
    return s, np.sqrt(np.diag(centre @ np.linalg.inv(hessian) @ centre))


def random_wins(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 9))
    wins = np.triu(rng.integers(0, 4, (n, n)), 1) + np.tril(rng.integers(0, 4, (n, n)), -1)
    return wins + 0.5 * (lambda ties: ties + ties.T)(np.triu(rng.integers(0, 2, (n, n)), 1))


SEPARABLE = np.triu(np.ones((6, 6)), 1)
DATA = [
    SEPARABLE,
    100 * SEPARABLE,
    np.array([[0.0, 1], [0, 0]]),
    np.array([[0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 5.0], [0, 0, 0.5, 0]]),  # two that never met two others
    *map(random_wins, range(20)),
]


@pytest.mark.parametrize("wins", DATA)
def test_the_fit_is_that_of_numpy(fitted: Callable, wins: np.ndarray) -> None:
    found = fitted("fit", wins.tolist())
    strengths, errors = reference(wins)
    np.testing.assert_allclose(found["strengths"], strengths, atol=1e-6)
    np.testing.assert_allclose(found["errors"], errors, atol=1e-6)
    assert np.isfinite(found["strengths"]).all()
    assert abs(sum(found["strengths"])) < 1e-6


def test_intervals_cover(fitted: Callable) -> None:
    """Of 95 % intervals from data that the model itself made, about 95 % contain the truth."""
    rng = np.random.default_rng(0)
    truth = np.array([0.8, 0.2, -0.3, -0.7])
    p = 1 / (1 + np.exp(truth[None, :] - truth[:, None]))
    inside = []
    for _ in range(100):
        upper = np.triu(rng.binomial(20, p), 1)
        wins = upper + np.tril(20 - upper.T, -1)
        found = fitted("fit", wins.tolist())
        inside += list(np.abs(np.array(found["strengths"]) - truth) < 1.96 * np.array(found["errors"]))
    assert 0.91 < np.mean(inside) < 0.99


def test_ties_are_half_wins_and_unsure_is_left_out(fitted: Callable) -> None:
    pairs = [{"items": [0, 1]}, {"items": [1, 0]}, {"items": [0, 2]}, {"items": [1, 2]}, {"items": [0, 1]}]
    wins = fitted("countWins", 3, pairs, ["a", "a", "tie", "unsure", None])
    assert wins == [[0, 1, 0.5], [1, 0, 0], [0.5, 0, 0]]


@pytest.mark.parametrize(
    ("beats", "cycles"),
    [
        ([], []),
        ([(0, 1), (1, 2), (0, 2)], []),
        ([(0, 1), (1, 2), (2, 0)], [[0, 1, 2]]),
        ([(0, 1), (1, 2), (2, 3), (3, 0), (1, 3)], [[0, 1, 3], [0, 1, 2, 3]]),
        ([(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (2, 3)], [[0, 1, 2], [3, 4, 5]]),
    ],
)
def test_cycles(fitted: Callable, beats: list[tuple[int, int]], cycles: list[list[int]]) -> None:
    wins = np.zeros((6, 6))
    for i, j in beats:
        wins[i, j] += 1
    assert fitted("findCycles", wins.tolist()) == cycles


def test_a_pair_judged_both_ways_is_no_cycle(fitted: Callable) -> None:
    assert fitted("findCycles", [[0, 1], [1, 0]]) == []


def kappa(mine: list[str], theirs: list[str]) -> float:
    both = [(a, b) for a, b in zip(mine, theirs, strict=True) if "unsure" not in (a, b)]
    observed = np.mean([a == b for a, b in both])
    chance = sum(np.mean([a == c for a, _ in both]) * np.mean([b == c for _, b in both]) for c in ("a", "b", "tie"))
    return (observed - chance) / (1 - chance)


def test_kappa_is_cohens(fitted: Callable) -> None:
    rng = np.random.default_rng(0)
    for _ in range(10):
        mine, theirs = rng.choice(["a", "b", "tie", "unsure"], (2, 30)).tolist()
        assert fitted("compare", mine, theirs)["kappa"] == pytest.approx(kappa(mine, theirs), abs=1e-12)
    # The example of Cohen's own kind: 20 both yes, 15 both no, 5 and 10 apart; 0.4 by hand.
    mine, theirs = 25 * ["a"] + 25 * ["b"], 20 * ["a"] + 5 * ["b"] + 10 * ["a"] + 15 * ["b"]
    assert fitted("compare", mine, theirs) == {"n": 50, "agreement": 0.7, "kappa": pytest.approx(0.4)}
