"""The elementwise ops, by NumPy and SciPy."""

import numpy as np
from numpy import (  # noqa: F401
    abs, add, divide, equal, exp, greater, greater_equal, less, less_equal, log, maximum, multiply, negative,
    not_equal, power, sqrt, square, subtract, tanh, where,
)
