"""Chapter post-training: its numbers against sources, counting and integrals that are not its own code.

Not tested here: whether the reports say what is cited from them, which people have to read.
"""

from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import jupytext
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

import bookwidgets

CHAPTER = Path(__file__).parents[2] / "chapters" / "post-training.md"


@pytest.fixture(scope="module")
def chapter():
    """The chapter's names after its cells have run, and under ``glued`` what its prose shows."""
    glued: dict[str, str] = {}
    code = "\n".join(cell.source for cell in jupytext.read(CHAPTER).cells if cell.cell_type == "code")
    names = {"__name__": "chapter"}
    with pytest.MonkeyPatch.context() as patch, mpl.rc_context():
        mpl.use("agg")
        patch.setattr(bookwidgets, "glue", lambda name, value, spec="": glued.update({name: format(value, spec)}))
        for name in ["quiz", "svg_figures"]:
            patch.setattr(bookwidgets, name, lambda *_: None)
        patch.setattr(bookwidgets, "explore", lambda **_: lambda draw: draw)
        exec(compile(code, str(CHAPTER), "exec"), names)
        plt.close("all")
    return SimpleNamespace(**names, glued=glued)


def gain_of_choosing(n, error):
    """Expected quality of the pick among n: the integral for the largest of n normals, times the correlation."""
    best, _ = quad(lambda x: x * n * norm.pdf(x) * norm.cdf(x) ** (n - 1), -10, 10)
    return best / np.sqrt(1 + error**2)


@pytest.mark.parametrize("seed", range(5))
def test_gain_of_choosing_is_the_exact_one_for_any_seed(chapter, seed):
    rng = np.random.default_rng(100 + seed)
    quality = rng.normal(size=(200_000, 16))
    for error in (1, 3):
        chosen = chapter.chosen
        chosen.__globals__.update(quality=quality, opinion=quality + error * rng.normal(size=quality.shape))
        for n in (2, 4, 16):
            assert chosen(n) == pytest.approx(gain_of_choosing(n, error), abs=0.01)


def test_lines_cross_where_the_text_says(chapter):
    """Good judges overtook at 0.7 below the writers, poor ones at about a third."""
    assert gain_of_choosing(4, 1) == pytest.approx(0.7, abs=0.05)
    assert gain_of_choosing(4, 3) == pytest.approx(1 / 3, abs=0.02)
    assert (chapter.glued["gain-2"], chapter.glued["gain-16"]) == ("0.4", "1.2")


def tuned_by_slopes(shared, rounds=20, step=0.3, eps=1e-6):
    """P(answer) for France, Japan, Peru and the sheet after steps up finite differences of the log-probability."""
    reads = np.array([[1, 1, 0, 0, 0], [1, 0, 1, 0, 0], [1, 0, 0, 1, 0], [1, 0, 0, 0, 1]])  # habit, own numbers
    theta = np.array([-3.0, 0, 0, 0, -1])
    moves = np.array([shared, 1, 1, 1, 1])
    for _ in range(rounds):
        for row in reads[:2]:
            slopes = [
                (-np.logaddexp(0, -row @ (theta + d)) + np.logaddexp(0, -row @ (theta - d))) / (2 * eps)
                for d in eps * np.eye(5)
            ]
            theta = theta + step * moves * slopes
    return np.exp(-np.logaddexp(0, -reads @ theta))


@pytest.mark.parametrize("shared", [0, 1])
def test_tuning_climbs_the_log_probability_of_what_is_shown(chapter, shared):
    np.testing.assert_allclose(list(chapter.tune(shared).values()), tuned_by_slopes(shared), atol=1e-6)


def test_the_habit_reaches_what_was_not_shown_at_any_step_and_length(chapter):
    for step in (0.1, 0.3, 1.0):
        for rounds in (10, 20, 100):
            before, after = chapter.tune(1, rounds=0), chapter.tune(1, rounds, step)
            alone = chapter.tune(0, rounds, step)
            assert after["france"] > after["peru"] > after["sheet"] > before["sheet"]
            assert (alone["peru"], alone["sheet"]) == (before["peru"], before["sheet"])


def test_counts_by_hand(chapter):
    """Each number was worked out on paper from the reports' tables."""
    assert chapter.written == 488_110 + 134_904
    assert chapter.glued["read-per-written"] == "482"
    assert chapter.operations(70e9, 2e12) == 8.4e23
    assert chapter.at_most["Llama 2 Chat"] == pytest.approx(225_607_680 / 2e12)
    assert chapter.at_most["Tülu 3"] == pytest.approx(7_695_106_048 / 15e12)
    assert chapter.glued["reread-share"] == "83%"  # 48 parts of 58
    assert (chapter.glued["even"], chapter.glued["compare-hours"]) == ("24", "71")


def test_prompt_and_fine_tuning_are_even_when_both_are_counted_out(chapter):
    requests = int(chapter.glued["break-even"])
    read = sum(2 * chapter.every_time for _ in range(requests))
    learned = sum(6 * 400 for _ in range(3) for _ in range(1_000))
    assert read == learned


def test_a_ranking_settles_all_its_pairs(chapter):
    fewest, most = (33_207 * sum(1 for _ in combinations(range(K), 2)) / 1e6 for K in (4, 9))
    assert (chapter.glued["pairs-low"], chapter.glued["pairs-high"]) == (f"{fewest:.1f}", f"{most:.1f}")


def test_what_the_explorables_say(chapter):
    run = chapter.your_run(8, 10, 1000)
    assert run["ops"] == pytest.approx(6 * 8e9 * 2e7)
    assert run["parts"] == pytest.approx(750_000)
    assert run["gpu"] == pytest.approx(run["ops"] / 8.4e23 * 1_720_320)
    assert chapter.your_run(405, 10, 1000)["parts"] == run["parts"]  # size cancels
    bars = chapter.bill(20, 3, 10)["bars"]
    assert bars == pytest.approx((1_720_320, 194.06, 91_800, 709_045.5), rel=1e-4)
    plt.close("all")
