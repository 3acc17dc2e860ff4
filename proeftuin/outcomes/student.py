"""The quantile of Student's t distribution, of which every interval of a mean is made.

The distribution function follows from the regularised incomplete beta function (NIST Digital Library of Mathematical
Functions, 8.17), computed with its continued fraction (8.17.22) by the method of Lentz; the quantile is found by
halving. Degrees of freedom need not be whole: Welch's are not. What must stay true: the same answer on every machine,
to ten decimals.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p

NORMAL_95 = 1.959963984540054
"""The quantile of the normal distribution that leaves 2.5% on either side."""
_TINY = 1e-300
_CLOSE = 1e-15


@lru_cache(maxsize=1024)
def quantile(probability: float, degrees: float) -> float:
    """Return the value below which a t-distributed number lies with this probability.

    :raises ValueError: for a probability that is not between 0 and 1, or degrees of freedom that are not positive.
    """
    if not 0 < probability < 1 or degrees <= 0:
        raise ValueError(f"no quantile {probability} with {degrees} degrees of freedom")
    if probability < 0.5:
        return -quantile(1 - probability, degrees)
    low, high = 0.0, 1.0
    while cumulative(high, degrees) < probability:
        low, high = high, high * 2
    for _step in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if cumulative(middle, degrees) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def cumulative(value: float, degrees: float) -> float:
    """Return the probability that a t-distributed number is at most this value."""
    if value in (inf, -inf):
        return 1.0 if value > 0 else 0.0
    tail = incomplete_beta(degrees / 2, 0.5, degrees / (degrees + value * value)) / 2
    return 1 - tail if value > 0 else tail


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):  # where the fraction converges quickly; elsewhere its mirror does
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of the incomplete beta function."""
    upper, lower = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = lower
    for m in range(1, 1000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            lower = 1 / _not_zero(1 + term * lower)
            upper = _not_zero(1 + term / upper)
            step = lower * upper
            value *= step
        if abs(step - 1) < _CLOSE:
            break
    return value


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
