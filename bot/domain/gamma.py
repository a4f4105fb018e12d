"""The quantiles of the gamma distribution, from either end."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

_CLOSE_ENOUGH = 1e-8  # every step of Newton's doubles the correct digits: the next has them all
_NO_MORE = 1e-15  # what changes no digit of a sum or a product


def lower_quantile(shape: float, tail: float) -> float:
    """The value that a gamma variable of this *shape* stays below with the probability *tail*."""
    # the tail is at most value ** shape / gamma(shape + 1), and nearly that for a small shape
    power = (math.log(tail) + math.lgamma(shape + 1)) / shape
    start = max(power, _wilson_hilferty(shape, NormalDist().inv_cdf(tail)))
    return _newton(start, shape, tail, _mass_below, direction=-1)


def upper_quantile(shape: float, tail: float) -> float:
    """The value that a gamma variable of this *shape* exceeds with the probability *tail*."""
    start = _wilson_hilferty(shape, -NormalDist().inv_cdf(tail))
    return _newton(start, shape, tail, _mass_above, direction=1)


def _wilson_hilferty(shape: float, deviation: float) -> float:
    """The logarithm of the quantile, nearly: the cube root of a gamma variable is almost normal."""
    cube_root = 1 - 1 / (9 * shape) + deviation / (3 * math.sqrt(shape))
    return math.log(shape) + 3 * math.log(max(cube_root, 1e-9))


def _newton(
    log_value: float,
    shape: float,
    tail: float,
    mass: Callable[[float, float], float],
    *,
    direction: int,
) -> float:
    """Where the logarithm of a tail meets the wanted one, as a function of the value's logarithm.

    Both tails are concave on these scales, so that Newton's method cannot run away, and the slope
    is the inverse of the mass that is needed anyway.
    """
    step = math.inf
    while abs(step) > _CLOSE_ENOUGH:
        value = math.exp(log_value)
        mass_per_density = mass(shape, value)
        log_density = shape * log_value - value - math.lgamma(shape)
        step = (log_density + math.log(mass_per_density) - math.log(tail)) * mass_per_density
        log_value += direction * step
    return math.exp(log_value)


def _mass_below(shape: float, value: float) -> float:
    """The lower tail over ``value ** shape * exp(-value) / gamma(shape)``, by its power series."""
    term = total = 1 / shape
    divisor = shape
    while term > total * _NO_MORE:
        divisor += 1
        term *= value / divisor
        total += term
    return total


def _mass_above(shape: float, value: float) -> float:
    """The upper tail over the same, by Legendre's continued fraction and Lentz's method."""
    partial = value + 1 - shape
    fraction = inverse = 1 / partial
    upward, change, index = math.inf, 0.0, 0
    while abs(change - 1) > _NO_MORE:
        index += 1
        partial += 2
        numerator = index * (shape - index)
        inverse = 1 / (partial + numerator * inverse)
        upward = partial + numerator / upward
        change = upward * inverse
        fraction *= change
    return fraction
