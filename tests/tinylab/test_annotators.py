import numpy as np
import pytest
from scipy.special import expit

from tinylab.annotators import Annotator, sigmoid
from tinylab.world import ask

PROMPT = ask("last", "cab")
RIGHT, POLITE, LONG, WRONG = "a b <end>", "sure a b <end>", "sure sure sure a b <end>", "b a <end>"  # 1, 1.6, 1.4, 0


def test_sigmoid_against_scipy_and_without_overflow():
    z = np.array([-800.0, -3, 0, np.log(3), 800])
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(sigmoid(z), expit(z), rtol=1e-12)


@pytest.mark.parametrize(
    ("annotator", "first", "second", "expected"),
    [
        (Annotator(temperature=1), RIGHT, WRONG, np.e / (np.e + 1)),
        (Annotator(temperature=0.3), POLITE, RIGHT, np.e**2 / (np.e**2 + 1)),
        (Annotator(temperature=0.3), RIGHT, POLITE, 1 / (np.e**2 + 1)),
        (Annotator(temperature=0), POLITE, RIGHT, 1.0),
        (Annotator(temperature=0), RIGHT, RIGHT, 0.5),
        (Annotator(temperature=0, noise=0.1), RIGHT, WRONG, 0.9),
        (Annotator(temperature=0, noise=0.1), WRONG, RIGHT, 0.1),
        (Annotator(temperature=1, noise=0.5), RIGHT, WRONG, 0.5),
        (Annotator(temperature=1, position=1), RIGHT, RIGHT, np.e / (np.e + 1)),
        (Annotator(temperature=0, length=0.15), LONG, POLITE, 1.0),  # 1.4 + 5 * 0.15 = 2.15 against 1.6 + 3 * 0.15
        (Annotator(temperature=1, length=0.1), LONG, POLITE, 0.5),  # just pays for what gold takes off
        (Annotator(temperature=1, politeness=1), LONG, POLITE, expit(1.8)),  # 1.4 + 3 against 1.6 + 1
        (Annotator(temperature=1, taste=lambda prompt, response: -len(response)), "a <end>", "ab <end>", expit(1)),
    ],
)
def test_probability_worked_by_hand(annotator, first, second, expected):
    assert annotator.probability(PROMPT, first, second) == pytest.approx(expected)


def test_choices_with_both_orders_sum_to_one_unless_position_matters():
    for annotator in (Annotator(), Annotator(noise=0.2, length=0.3, politeness=0.1)):
        both = annotator.probability(PROMPT, RIGHT, LONG) + annotator.probability(PROMPT, LONG, RIGHT)
        assert both == pytest.approx(1)
    favours_first = Annotator(position=0.3)
    assert favours_first.probability(PROMPT, RIGHT, LONG) + favours_first.probability(PROMPT, LONG, RIGHT) > 1.01


def test_log_odds_add_along_a_chain():
    """Bradley-Terry: the log-odds of a over c are those of a over b plus those of b over c."""
    p = Annotator(temperature=0.7, length=0.2).probability

    def log_odds(first, second):
        return np.log(p(PROMPT, first, second) / p(PROMPT, second, first))

    assert log_odds(POLITE, WRONG) == pytest.approx(log_odds(POLITE, LONG) + log_odds(LONG, WRONG))


def test_labels_are_drawn_with_these_probabilities():
    annotator, n = Annotator(noise=0.05, position=0.1), 4000
    first, second = [POLITE, WRONG] * n, [RIGHT, RIGHT] * n
    drawn = annotator.choose([PROMPT] * 2 * n, first, second, np.random.default_rng(0)).reshape(n, 2).mean(axis=0)
    exact = [annotator.probability(PROMPT, a, b) for a, b in zip(first[:2], second[:2], strict=True)]
    np.testing.assert_allclose(drawn, exact, atol=4 * 0.5 / np.sqrt(n))


@pytest.mark.parametrize(("wrong", "named"), [({"temperature": -1}, "-1"), ({"noise": 0.6}, "0.6")])
def test_errors_name_what_was_given(wrong, named):
    with pytest.raises(ValueError, match=named):
        Annotator(**wrong)
