#!/usr/bin/env python3
"""Writes reference.txt: what NumPy 1.24 and scikit-learn 1.2 draw. Run by hand; the tests read the file.

One array a line: name, shape, FNV-1a of all its bytes, then its first eight elements as 64-bit words.
"""

import pathlib

import numpy as np
from sklearn.datasets import make_blobs
from sklearn.model_selection import train_test_split

LINES = []


def fnv1a(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def put(name, array):
    array = np.ascontiguousarray(array)
    assert array.dtype in (np.float64, np.int64), name
    shape = "x".join(map(str, array.shape))
    words = array.ravel()[:8].view(np.uint64)
    LINES.append(" ".join([name, shape, "%016x" % fnv1a(array.tobytes())] + ["%016x" % w for w in words]))


def put_blobs(name, **options):
    x, y = make_blobs(**options)
    put(name + ".x", x)
    put(name + ".y", y)
    return x, y


def put_split(name, x, y, **options):
    for part, array in zip(("x_train", "x_test", "y_train", "y_test"), train_test_split(x, y, **options)):
        put(name + "." + part, array)


a = put_blobs("a", n_samples=4000, n_features=2, centers=4, cluster_std=2, random_state=101)
b = put_blobs("b", n_samples=4000, n_features=2, centers=2, cluster_std=2.5, random_state=101)
put_split("a", *a, test_size=0.2, random_state=42)
put_split("b", *b, test_size=0.2, random_state=42)
put_blobs("seed_zero", n_samples=101, n_features=3, centers=7, random_state=0)
put_blobs("largest_seed", n_samples=50, n_features=1, centers=3, cluster_std=0.5, random_state=2**32 - 1)
put_blobs("fewer_samples_than_centers", n_samples=3, n_features=2, centers=5, random_state=1)
put_blobs("in_order", n_samples=10, n_features=5, centers=3, center_box=(-1, 4), shuffle=False, random_state=7)
put_blobs("no_spread", n_samples=9, n_features=2, centers=2, cluster_std=0, random_state=3)

rows = np.arange(101.0).reshape(101, 1, 1) + np.array([[0, 0.25], [0.5, 0.75]])
labels = np.arange(101)
put_split("split_default", rows, labels, random_state=0)
put_split("split_third", rows, labels, test_size=0.33, random_state=2**32 - 1)
put_split("split_counts", rows, labels, test_size=20, train_size=30, random_state=5)
put_split("split_train_size", rows, labels, train_size=0.6, random_state=5)
put_split("split_both", rows, labels, test_size=0.3, train_size=0.3, random_state=5)
put_split("split_in_order", rows, labels, test_size=0.3, shuffle=False)

for seed in (0, 1, 42, 2**31, 2**32 - 1):
    random = np.random.RandomState(seed)
    draws = [random.standard_normal() for _ in range(7)]  # an odd number: one more is kept
    draws += list(random.uniform(-3, 5, 4)) + list(random.normal(2, 0.5, 4)) + [random.uniform()]
    put("draws_%d" % seed, np.array(draws))
    shuffled = np.arange(1000)
    random.shuffle(shuffled)
    put("shuffle_%d" % seed, shuffled)
    put("permutation_%d" % seed, random.permutation(257))
    put("rows_%d" % seed, random.permutation(np.arange(60.0).reshape(20, 3)))
    put("wide_%d" % seed, random.randint(0, 2**40 + 1, 20, dtype=np.int64))
    put("narrow_%d" % seed, random.randint(0, 1001, 20, dtype=np.int64))

for name, arguments in {
    "linspace_tutorial": (-20, 20, 1000),
    "linspace_thirds": (0.1, 0.7, 31),
    "linspace_subnormal": (0, 5e-324, 4),
    "linspace_one": (3, 9, 1),
    "linspace_falling": (1e10, -1e-3, 77),
}.items():
    put(name, np.linspace(*arguments))
    put(name + "_open", np.linspace(*arguments, endpoint=False))

pathlib.Path(__file__).with_name("reference.txt").write_text("\n".join(LINES) + "\n")
