import numpy as np
import pytest
from scipy import stats

from tinylab.stats import seed_interval, t_quantile


@pytest.mark.parametrize("df", [*range(1, 61), 100, 1000, 10**6])
def test_quantiles_against_scipy(df):
    assert t_quantile(df) == pytest.approx(stats.t.ppf(0.975, df), abs=1e-4)


def test_interval_against_scipy_and_by_hand():
    values = [0.90, 0.94, 0.92]
    mean, half = seed_interval(values)
    low, high = stats.t.interval(0.95, 2, loc=np.mean(values), scale=stats.sem(values))
    assert (mean - half, mean + half) == pytest.approx((low, high), abs=1e-5)
    assert (mean, half) == pytest.approx((0.92, 4.3027 * 0.02 / 3**0.5))


def test_interval_covers_the_truth_95_times_in_a_hundred():
    rng = np.random.default_rng(0)
    covered = [abs(mean - 3.0) < half for mean, half in map(seed_interval, rng.normal(3.0, 2.0, (4000, 5)))]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.012)


@pytest.mark.parametrize("values", [[], [0.9], [[0.9, 0.8]]])
def test_one_run_has_no_interval(values):
    with pytest.raises(ValueError, match="at least two values"):
        seed_interval(values)
