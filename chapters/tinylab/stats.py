"""How the book reports a result: the mean over seeds, with a 95 % interval."""

import numpy as np

# 0.975 quantiles of Student's t with 1, 2, ... 30 degrees of freedom
T_975 = (
    *(12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281),
    *(2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860),
    *(2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423),
)


def t_quantile(df):
    """0.975 quantile of Student's t: from the table, beyond it by the expansion in 1 / df (within 1e-4)."""
    if df <= len(T_975):
        return T_975[df - 1]
    z = 1.959964
    return z + (z**3 + z) / (4 * df) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)


def seed_interval(values):
    """Mean over seeds and half-width of its 95 % interval: (mean, half), both floats.

    The half-width is t * s / sqrt(n): it says how far the mean over *all* seeds may be from the mean over these n.
    seed_interval([0.90, 0.94, 0.92]) = (0.92, 0.0497). Compare two methods by the interval of their differences,
    seed by seed. Raises ValueError for fewer than two values: one run has no interval.
    """
    values = np.asarray(values, float)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"an interval needs a list of at least two values, one per seed; got shape {values.shape}")
    half = t_quantile(len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return float(values.mean()), float(half)
