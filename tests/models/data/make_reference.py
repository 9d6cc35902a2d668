#!/usr/bin/env python3
"""Writes what NumPy 1.24 and scikit-learn 1.2 draw and compute. Run by hand; the tests read the files.

reference.txt: one array a line: name, shape, FNV-1a of all its bytes, then its first eight elements as 64-bit words.
reference_values.txt: one array a line: name, shape, all its values; for what agrees up to rounding only.
reference_texts.txt: texts, each after a line "=== name".
"""

import os
import pathlib

# NumPy's own sine and cosine for AVX-512 differ from the C library's in the last digits.
os.environ["NPY_DISABLE_CPU_FEATURES"] = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL"

import numpy as np
from sklearn.datasets import (load_digits, load_iris, make_blobs, make_circles, make_classification,
                              make_low_rank_matrix, make_moons, make_regression)
from sklearn.metrics import classification_report, confusion_matrix
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler

LINES = []
VALUES = []
TEXTS = []


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


def put_values(name, array):
    shape = "x".join(map(str, array.shape))
    VALUES.append(" ".join([name, shape] + [repr(float(v)) for v in array.ravel()]))


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

for seed in (0, 7):
    random = np.random.RandomState(seed)
    put("randint_%d" % seed, np.array([random.randint(-3, 5) for _ in range(20)] + [random.randint(0, 2**40)]))
    put("choice_%d" % seed, random.choice(50, 20, replace=False))

for name, make, options in (
    ("moons_default", make_moons, {"random_state": 3}),
    ("moons_noisy", make_moons, {"n_samples": 201, "noise": 0.15, "random_state": 42}),
    ("moons_uneven", make_moons, {"n_samples": (3, 10), "shuffle": False, "noise": 0.5, "random_state": 1}),
    ("moons_single", make_moons, {"n_samples": 1, "random_state": 1}),
    ("circles_default", make_circles, {"random_state": 3}),
    ("circles_noisy", make_circles, {"n_samples": 301, "noise": 0.05, "factor": 0.3, "random_state": 42}),
    ("circles_uneven", make_circles, {"n_samples": (0, 7), "shuffle": False, "factor": 0, "random_state": 1}),
):
    x, y = make(**options)
    put(name + ".x", x)
    put(name + ".y", y)

for name, options in {
    "regression_small": dict(n_samples=7, n_features=4, n_informative=2, random_state=0),
    "regression_noisy": dict(n_samples=20, n_features=3, n_targets=2, bias=5.0, noise=2.5, random_state=9),
    "regression_in_order": dict(n_samples=6, n_features=12, shuffle=False, random_state=1),
    "regression_low_rank": dict(n_samples=12, n_features=5, effective_rank=2, tail_strength=0.1, random_state=4),
}.items():
    x, y, coef = make_regression(coef=True, **options)
    if "effective_rank" in options:
        put_values(name + ".x", x)
    else:
        put(name + ".x", x)
    put(name + ".coef", coef)
    put_values(name + ".y", y)
put_values("low_rank", make_low_rank_matrix(n_samples=6, n_features=9, effective_rank=3, random_state=2))

for name, options in {
    "classes_default": dict(random_state=0),
    "classes_odd": dict(n_samples=53, n_features=9, n_informative=4, n_redundant=3, n_repeated=2, n_classes=3,
                        flip_y=0.3, class_sep=0.7, random_state=11),
    "classes_weighted": dict(n_samples=40, n_features=6, n_informative=3, weights=[0.1, 0.25], n_classes=3,
                             n_clusters_per_class=1, shift=None, scale=None, random_state=2),
    "classes_polytope": dict(n_samples=30, n_features=5, n_informative=5, n_redundant=0, hypercube=False,
                             shuffle=False, shift=[1.0, 2.0, 3.0, 4.0, 5.0], scale=2.0, random_state=3),
    "classes_all_corners": dict(n_samples=30, n_features=4, n_classes=4, n_clusters_per_class=1, random_state=5),
    "classes_few_corners": dict(n_samples=20, n_features=14, n_informative=12, n_redundant=1, random_state=6),
    "classes_wide": dict(n_samples=12, n_features=40, n_informative=33, random_state=8),
}.items():
    x, y = make_classification(**options)
    put_values(name + ".x", x)
    put(name + ".y", y)

stratify = np.array([0] * 37 + [1] * 11 + [5] * 5 + [2] * 48)[np.random.RandomState(1).permutation(101)]
put("stratify", stratify)
put_split("stratified_default", rows, labels, stratify=stratify, random_state=0)
put_split("stratified_counts", rows, labels, stratify=stratify, test_size=13, train_size=20, random_state=7)
put_split("stratified_ties", rows[:20], labels[:20], stratify=labels[:20] % 5, test_size=7, random_state=3)
put_split("stratified_one_hot", rows, labels, stratify=np.eye(6)[stratify], test_size=0.2, random_state=4)


def put_folds(name, splitter, y):
    for k, (train, test) in enumerate(splitter.split(np.zeros(len(y)), y)):
        put("%s_%d.train" % (name, k), train)
        put("%s_%d.test" % (name, k), test)


put_folds("fold_default", KFold(), labels)
put_folds("fold_shuffled", KFold(n_splits=3, shuffle=True, random_state=6), labels)
put_folds("stratified_fold", StratifiedKFold(), stratify)
put_folds("stratified_fold_shuffled", StratifiedKFold(n_splits=4, shuffle=True, random_state=8), stratify)

columns = np.random.RandomState(5).normal(1e6, [1e-3, 1.0, 1e5], (25, 3))
columns[4, 1] = np.nan
put_values("columns", columns)
put_values("columns_standard", StandardScaler().fit_transform(columns))
put_values("columns_min_max", MinMaxScaler((-1, 3)).fit_transform(columns))

digits, iris = load_digits(), load_iris()
put("digits.x", digits.data)
put("digits.y", digits.target)
put("iris.x", iris.data)
put("iris.y", iris.target)


def put_text(name, text):
    TEXTS.append("=== " + name + "\n" + text)


i = np.arange(200)
y_true, y_pred = (i * 7 + i // 30) % 5, (i * 7 + i // 30 + (i % 9 == 0) * (i % 4)) % 5
weights = 0.5 + (i % 3) * 0.25
put_text("report", classification_report(y_true, y_pred))
put_text("report_names", classification_report(y_true, y_pred, digits=3, target_names=list("abcd") + ["a name of length 22.."]))
put_text("report_subset", classification_report(y_true, y_pred, labels=[3, 1]))
put_text("report_more_labels", classification_report(y_true, y_pred, labels=[0, 1, 2, 3, 4, 7], zero_division=1))
put_text("report_weights", classification_report(y_true, y_pred, sample_weight=weights, digits=4))
put_text("report_floats", classification_report(y_true * 1.0, y_pred * 1.0))
put_text("report_missing", classification_report([0, 0, 1, 1], [0, 0, 0, 2], zero_division=0))
put_text("report_absent", classification_report([0, 1], [0, 2], labels=[2, 3], zero_division=0))
put_text("report_umlaut", classification_report([0, 1], [0, 1], target_names=["grün, länger als alle", "rot"]))
put_text("report_no_digits", classification_report(y_true, y_pred, digits=0))
put("confusion", confusion_matrix(y_true, y_pred))
put("confusion_subset", confusion_matrix(y_true, y_pred, labels=[3, 0, 9]))
for normalize in ("true", "pred", "all"):
    put_values("confusion_" + normalize, confusion_matrix(y_true, y_pred, normalize=normalize, labels=[0, 1, 2, 3, 4, 9]))
put_values("confusion_weights", confusion_matrix(y_true, y_pred, sample_weight=weights))

folder = pathlib.Path(__file__).parent
(folder / "reference.txt").write_text("\n".join(LINES) + "\n")
(folder / "reference_values.txt").write_text("\n".join(VALUES) + "\n")
(folder / "reference_texts.txt").write_text("".join(TEXTS))
