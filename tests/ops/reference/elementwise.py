"""The elementwise ops, by NumPy, SciPy and mpmath."""

import math

import mpmath
import numpy as np
import scipy.special
from numpy import (  # noqa: F401
    abs, add, ceil, cos, cosh, divide, equal, exp, expm1, floor, greater, greater_equal, hypot, isfinite, isnan,
    less, less_equal, log, log1p, log2, log10, logaddexp, logical_and, logical_not, logical_or, maximum, minimum,
    multiply, nan_to_num, negative, not_equal, power, reciprocal, remainder, round, sign, sin, sinh, sqrt, square,
    subtract, tan, tanh, where,
)
from numpy import arccos as acos, arccosh as acosh, arcsin as asin, arcsinh as asinh  # noqa: F401
from numpy import arctan as atan, arctan2 as atan2, arctanh as atanh  # noqa: F401
from scipy.special import erf, erfc, xlogy  # noqa: F401


def rsqrt(x):
    return 1 / np.sqrt(x)


def squared_difference(a, b):
    return (a - b) ** 2


def clip(x, min, max):
    return np.clip(x, min, max)


def cast(x, dtype):
    return x != 0 if dtype == "boolean" else x.astype(dtype)


def with_sixty_digits(function, at_infinity, at_zero, at_poles):
    def of(x):
        if math.isnan(x):
            return x
        if math.isinf(x):
            return at_infinity(x)
        if x <= 0 and x == math.floor(x):
            return at_zero(x) if x == 0 else at_poles
        with mpmath.workdps(60):
            return float(mpmath.re(function(mpmath.mpf(x))))

    return np.vectorize(of, otypes=[float])


lgamma = with_sixty_digits(mpmath.loggamma, lambda x: math.inf, lambda x: math.inf, math.inf)
digamma = with_sixty_digits(
    mpmath.digamma, lambda x: x if x > 0 else math.nan, lambda x: math.copysign(math.inf, -x), math.nan
)
