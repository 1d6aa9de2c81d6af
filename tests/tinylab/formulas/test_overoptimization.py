"""The displayed formulas of chapters/overoptimization.md, each against something that does not use it."""

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from tinylab.best_of_n import best_of_n, kl_bound
from tinylab.exact import kl, tilted


@pytest.mark.parametrize(("a", "b"), [(2.15, 0.68), (1.2, 0.4)])
def test_best_of_n_form_peaks_where_the_chapter_says(a, b):
    found = optimize.minimize_scalar(lambda d: -d * (a - b * d), bounds=(0, 10), method="bounded")
    assert found.x == pytest.approx(a / (2 * b), abs=1e-4)
    assert -found.fun == pytest.approx(a**2 / (4 * b))
    assert optimize.brentq(lambda d: d * (a - b * d), 0.5, 10) == pytest.approx(a / b)
    assert (1e-6 * (a - b * 1e-6)) / 1e-6 == pytest.approx(a, abs=1e-4)  # the slope at the start


def test_rl_form_is_another_curve_with_an_infinite_slope_at_the_start():
    slopes = [1.2 - 0.4 * np.log(d) for d in (1e-2, 1e-8, 1e-100)]
    assert slopes[0] < slopes[1] < slopes[2]
    assert slopes[2] > 90
    a, b, d = 1.2, 0.4, np.linspace(0.1, 3, 50)
    columns = np.stack([d, -(d**2)], axis=1)
    parabola = columns @ np.linalg.lstsq(columns, d * (a - b * np.log(d)), rcond=None)[0]
    assert np.abs(parabola - d * (a - b * np.log(d))).max() > 0.05


@pytest.mark.parametrize("rho", [0.9, 0.5, -0.3])
@pytest.mark.parametrize("m", [0.5, 2.0])
def test_eq_ovo_line_by_integration(rho, m):
    """Tilting a bell-curve proxy by e^(m s): KL m^2 / 2, proxy gain m, gold gain rho m, by quadrature."""

    def tilt(s):
        return stats.norm.pdf(s) * np.exp(m * s)

    Z = integrate.quad(tilt, -12, 12)[0]
    nats = integrate.quad(lambda s: tilt(s) / Z * (m * s - np.log(Z)), -12, 12)[0]
    d = np.sqrt(nats)
    gold = integrate.dblquad(
        lambda v, s: v * tilt(s) / Z * stats.norm.pdf(v, rho * s, np.sqrt(1 - rho**2)), -8, 10, -12, 12
    )[0]
    assert nats == pytest.approx(m**2 / 2, abs=1e-6)
    assert integrate.quad(lambda s: s * tilt(s) / Z, -12, 12)[0] == pytest.approx(np.sqrt(2) * d, abs=1e-6)
    assert gold == pytest.approx(rho * np.sqrt(2) * d, abs=1e-4)


def test_eq_ovo_line_on_an_exact_policy():
    grid = np.linspace(-8, 8, 4001)
    ref = stats.norm.pdf(grid) / stats.norm.pdf(grid).sum()
    for beta in (2.0, 0.7):
        p = tilted(ref, grid, beta)
        assert p @ grid == pytest.approx(np.sqrt(2 * kl(p, ref)), abs=1e-3)


def test_best_of_n_stays_below_the_line_under_regression_and_never_falls():
    grid = np.linspace(-6, 6, 4001)
    ref = stats.norm.pdf(grid) / stats.norm.pdf(grid).sum()
    gains = []
    for n in (2, 8, 64, 1024):
        gains.append(best_of_n(ref, grid, n) @ grid)
        expected = integrate.quad(lambda s, n=n: s * n * stats.norm.pdf(s) * stats.norm.cdf(s) ** (n - 1), -8, 8)[0]
        assert gains[-1] == pytest.approx(expected, abs=0.01)
        assert gains[-1] < np.sqrt(2 * kl_bound(n)) + 1e-9
    assert gains == sorted(gains)
