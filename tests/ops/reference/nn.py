"""The ops of networks, by NumPy, SciPy and PyTorch."""

import numpy as np
import torch
