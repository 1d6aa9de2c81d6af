import doctest

import numpy as np
import pytest

from tinylab import agreement as module
from tinylab.agreement import agreement, chance_agreement, kappa, kappa_interval


def labels(both_a, both_b, a_b, b_a):
    """A table of 2 x 2, written out as the labels of two annotators."""
    return [*"a" * both_a, *"b" * both_b, *"a" * a_b, *"b" * b_a], [
        *"a" * both_a,
        *"b" * both_b,
        *"b" * a_b,
        *"a" * b_a,
    ]


@pytest.mark.parametrize(
    ("table", "share", "chance", "expected"),
    [
        ((50, 20, 18, 12), 0.70, 0.5432, 0.1568 / 0.4568),
        ((171, 9, 9, 11), 0.90, 0.9 * 0.91 + 0.1 * 0.09, (0.9 - 0.828) / 0.172),
        ((25, 25, 25, 25), 0.5, 0.5, 0.0),
        ((0, 0, 10, 10), 0.0, 0.5, -1.0),
        ((30, 30, 0, 0), 1.0, 0.5, 1.0),
    ],
)
def test_worked_by_hand(table, share, chance, expected):
    two = labels(*table)
    assert agreement(*two) == pytest.approx(share)
    assert chance_agreement(*two) == pytest.approx(chance)
    assert kappa(*two) == pytest.approx(expected)


def test_interval_contains_the_kappa_of_all_as_often_as_it_says():
    """The second copies the first, who says yes in 0.8 of cases, in half of them, and else says yes in 0.4 of them.

    So they agree in 0.5 + 0.5 * (0.8 * 0.4 + 0.2 * 0.6) = 0.72, and by chance in 0.8 * 0.6 + 0.2 * 0.4 = 0.56.
    """
    rng, inside = np.random.default_rng(0), []
    for _ in range(200):
        one = rng.random(900) < 0.8
        two = np.where(rng.random(900) < 0.5, one, rng.random(900) < 0.4)
        low, high = kappa_interval(one, two, rng, draws=400)
        inside.append(low < 0.16 / 0.44 < high)
    assert 0.9 < np.mean(inside) < 0.985


def test_errors_say_what_was_given():
    with pytest.raises(ValueError, match=r"\(3,\) and \(2,\)"):
        agreement(list("aab"), list("ab"))
    with pytest.raises(ValueError, match="one and the same label"):
        kappa(list("aaa"), list("aaa"))


def test_worked_examples():
    assert doctest.testmod(module).failed == 0
