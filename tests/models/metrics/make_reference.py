"""Writes reference.json beside this file: metrics by Keras's formulas over several batches, in float64.

Needs NumPy, SciPy and scikit-learn; wherever scikit-learn knows the same number, the two are compared here.
"""

import json
import pathlib

import numpy as np
from scipy import stats
from sklearn import metrics as sk

EPS = 1e-7
random = np.random.RandomState(11)
cases = {}


def quotient(a, b):
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    return np.divide(a, b, out=np.zeros(a.shape), where=b != 0)


def encode(x):
    x = np.asarray(x)
    return {"shape": list(x.shape), "values": [int(v) if v == int(v) else float(v) for v in x.reshape(-1)]}


def case(name, function, y, p, weight=None, batches=3):
    y, p = np.asarray(y), np.asarray(p)
    w = np.round(random.uniform(0, 2, len(y)), 2) if weight is None else np.asarray(weight)
    edges = np.linspace(0, len(y), batches + 1).astype(int)
    parts = [
        {"y_true": encode(y[a:b]), "y_pred": encode(p[a:b]), "sample_weight": encode(w[a:b])}
        for a, b in zip(edges, edges[1:])
    ]
    cases[name] = {"batches": parts}
    for key, weights in (("results", np.ones(len(y))), ("weighted", w)):
        while weights.ndim < p.ndim:
            weights = weights[..., None]
        result = np.atleast_1d(np.asarray(function(y, p, weights), float))
        cases[name][key] = [float(v) for v in result]


def agree(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)


def confusion(y, p, w, thresholds):
    """tp, fp, tn, fn for each threshold, over all values."""
    y, p = y.astype(bool).reshape(-1), p.reshape(-1)
    w = np.broadcast_to(w, (len(w),) + (1,) * (w.ndim - 1)) if w.ndim == 0 else w
    w = np.broadcast_to(w, np.shape(w)[:1] + (len(y) // len(w),)).reshape(-1) if w.ndim > 1 else w
    above = p[None, :] > np.asarray(thresholds)[:, None]
    sums = lambda which: (which * w).sum(1)
    return sums(above & y), sums(above & ~y), sums(~above & ~y), sums(~above & y)


def precision_of(c):
    return quotient(c[0], c[0] + c[1])


def recall_of(c):
    return quotient(c[0], c[0] + c[3])


def specificity_of(c):
    return quotient(c[2], c[2] + c[1])


n = 40
bits = random.randint(0, 2, n)
scores = np.round(0.25 * bits + random.uniform(0, 0.75, n), 4)
column, column_scores = bits[:, None], scores[:, None]
for index, name in enumerate(("true_positives", "false_positives", "true_negatives", "false_negatives")):
    case(name, lambda y, p, w: confusion(y, p, w, [0.5])[index], column, column_scores)
    case(name + "_several", lambda y, p, w: confusion(y, p, w, [0.7, 0.2, 0.55])[index], column, column_scores)


def precision(y, p, w):
    ours = precision_of(confusion(y, p, w, [0.5]))
    agree(ours[0], sk.precision_score(y.reshape(-1), p.reshape(-1) > 0.5, sample_weight=w.reshape(-1)))
    return ours


def recall(y, p, w):
    ours = recall_of(confusion(y, p, w, [0.5]))
    agree(ours[0], sk.recall_score(y.reshape(-1), p.reshape(-1) > 0.5, sample_weight=w.reshape(-1)))
    return ours


case("precision", precision, column, column_scores)
case("recall", recall, column, column_scores)
case("precision_several", lambda y, p, w: precision_of(confusion(y, p, w, [0.3, 0.6, 0.99])), column, column_scores)
case("recall_several", lambda y, p, w: recall_of(confusion(y, p, w, [0.3, 0.6, 0.99])), column, column_scores)
case("precision_of_none", lambda y, p, w: precision_of(confusion(y, p, w, [0.5])), column, 0 * column_scores)

classes = random.randint(0, 4, n)
rows = np.eye(4)[classes]
soft = np.round(random.dirichlet(np.ones(4), n), 4)


def top(p, k):
    order = np.argsort(-p, axis=-1, kind="stable")[:, :k]
    kept = np.full(p.shape, -1e10)
    np.put_along_axis(kept, order, np.take_along_axis(p, order, -1), -1)
    return kept


case("precision_top_k", lambda y, p, w: precision_of(confusion(y, top(p, 2), w, [-1e10])), rows, soft)
case("recall_top_k", lambda y, p, w: recall_of(confusion(y, top(p, 2), w, [-1e10])), rows, soft)
case("recall_class", lambda y, p, w: recall_of(confusion(y[:, 1:2], p[:, 1:2], w, [0.3])), rows, soft)
case("precision_top_k_class", lambda y, p, w: precision_of(confusion(y[:, 2:3], top(p, 1)[:, 2:3], w, [-1e10])), rows,
     soft)
case("precision_all_classes", lambda y, p, w: precision_of(confusion(y, p, w, [0.5])), rows, soft)


def bucketed(y, p, w, count, beyond):
    """Counts at even thresholds as Keras takes them: by the bucket that a clipped prediction falls into."""
    y, p = y.astype(bool).reshape(-1), np.clip(p.reshape(-1), 0, 1)
    w = np.broadcast_to(w.reshape(len(w), -1), (len(w), len(y) // len(w))).reshape(-1)
    bucket = np.ceil(p * (count - 1)).astype(int) - 1
    if beyond:
        bucket = np.maximum(bucket, 0)
    above = bucket[None, :] >= np.arange(count)[:, None]
    sums = lambda which: (which * w).sum(1)
    return sums(above & y), sums(above & ~y), sums(~above & ~y), sums(~above & y)


def best(held, wanted, value):
    feasible = held >= value
    return max(0.0, wanted[feasible].max()) if feasible.any() else 0.0


def at(held, wanted, value, count=200):
    def function(y, p, w):
        c = bucketed(y, p, w, count, False) if count > 1 else confusion(y, p, w, [0.5])
        return best(held(c), wanted(c), value)
    return function


case("sensitivity_at_specificity", at(specificity_of, recall_of, 0.6), column, column_scores)
case("specificity_at_sensitivity", at(recall_of, specificity_of, 0.6), column, column_scores)
case("precision_at_recall", at(recall_of, precision_of, 0.7), column, column_scores)
case("recall_at_precision", at(precision_of, recall_of, 0.8), column, column_scores)
case("recall_at_precision_few", at(precision_of, recall_of, 0.6, 5), column, column_scores)
case("precision_at_recall_one", at(recall_of, precision_of, 0.1, 1), column, column_scores)


def area(c, curve, method):
    tp, fp, tn, fn = c
    if curve == "PR" and method == "interpolation":
        dtp, p = tp[:-1] - tp[1:], tp + fp
        slope = quotient(dtp, np.maximum(p[:-1] - p[1:], 0))
        intercept = tp[1:] - slope * p[1:]
        both = (p[:-1] > 0) & (p[1:] > 0)
        ratio = np.where(both, quotient(p[:-1], np.maximum(p[1:], 0)), 1)
        return quotient(slope * (dtp + intercept * np.log(ratio)), np.maximum(tp[1:] + fn[1:], 0)).sum()
    if curve == "ROC":
        x, y = quotient(fp, fp + tn), recall_of(c)
    elif curve == "PR":
        x, y = recall_of(c), precision_of(c)
    else:
        scale = quotient(tp + fn, tn + fp)
        x = np.maximum(np.where(tp == 0, 0, 1 - scale * quotient(fn, tp)), 0)
        y = np.where(tp == 0, 1, 1 - scale * quotient(fp, tp))
    height = {"interpolation": (y[:-1] + y[1:]) / 2, "minoring": np.minimum(y[:-1], y[1:]),
              "majoring": np.maximum(y[:-1], y[1:])}[method]
    return ((x[:-1] - x[1:]) * height).sum()


for curve in ("ROC", "PR", "PRGAIN"):
    for method in ("interpolation", "minoring", "majoring"):
        case(f"auc_{curve}_{method}", lambda y, p, w: area(bucketed(y, p, w, 200, True), curve, method), column,
             column_scores)


def fine_auc(y, p, w):
    ours = area(bucketed(y, p, w, 100001, True), "ROC", "interpolation")
    agree(ours, sk.roc_auc_score(y.reshape(-1), p.reshape(-1), sample_weight=w.reshape(-1)))
    return ours


case("auc_fine", fine_auc, column, column_scores)
uneven = [0.1, 0.35, 0.4, 0.8]
case("auc_thresholds",
     lambda y, p, w: area(confusion(y, p, w, [-EPS] + uneven + [1 + EPS]), "ROC", "interpolation"), column, column_scores)
case("auc_even_thresholds",
     lambda y, p, w: area(bucketed(y, p, w, 5, True), "ROC", "interpolation"), column, column_scores)
sigmoid = lambda x: 1 / (1 + np.exp(-x))
case("auc_logits", lambda y, p, w: area(bucketed(y, sigmoid(p), w, 200, True), "ROC", "interpolation"), column,
     np.round(random.normal(size=(n, 1)) + column, 3))
case("auc_ties", lambda y, p, w: area(bucketed(y, p, w, 200, True), "ROC", "interpolation"), column,
     np.round(column_scores, 1))
case("auc_beyond", lambda y, p, w: area(bucketed(y, p, w, 200, True), "ROC", "interpolation"), column,
     np.round(3 * column_scores - 1, 4))
marks = random.randint(0, 2, (n, 3))
mark_scores = np.round(0.3 * marks + random.uniform(0, 0.7, (n, 3)), 4)


def by_label(weights):
    def function(y, p, w):
        areas = [area(bucketed(y[:, i], p[:, i], w, 200, True), "ROC", "interpolation") for i in range(3)]
        return np.average(areas, weights=weights)
    return function


case("auc_multi_label", by_label([1, 1, 1]), marks, mark_scores)
case("auc_multi_label_weights", by_label([0.5, 0, 2]), marks, mark_scores)
case("auc_label_weights",
     lambda y, p, w: area(bucketed(y, p, w * np.array([0.5, 0.1, 2]), 200, True), "ROC", "interpolation"), marks,
     mark_scores)


def f_scores(average, beta, threshold):
    def function(y, p, w):
        largest = p.max(-1, keepdims=True)
        says = (p >= largest) & (np.abs(p) > 1e-9) if threshold is None else p > threshold
        says = says.astype(float)
        axis = None if average == "micro" else 0
        tp, fp, fn = (w * says * y).sum(axis), (w * says * (1 - y)).sum(axis), (w * (1 - says) * y).sum(axis)
        precision, recall = tp / (tp + fp + EPS), tp / (tp + fn + EPS)
        score = precision * recall / (beta**2 * precision + recall + EPS) * (1 + beta**2)
        theirs = sk.fbeta_score(y, says, beta=beta, average=average, sample_weight=w.reshape(-1), zero_division=0)
        if average == "weighted":
            weights = (w * y).sum(0)
            score = (score * weights / (weights.sum() + EPS)).sum()
        elif average is not None:
            score = score.mean()
        agree(score, theirs)
        return score
    return function


for average in (None, "micro", "macro", "weighted"):
    case(f"f1_{average}", f_scores(average, 1.0, None), rows, soft)
    case(f"fbeta_{average}", f_scores(average, 2.0, 0.25), rows, soft)


def r2(aggregation, regressors=0):
    def function(y, p, w):
        if y.ndim == 1:
            y, p = y[:, None], p[:, None]
        w = np.broadcast_to(w.reshape(len(w), -1), y.shape)
        mean = (w * y).sum(0) / w.sum(0)
        total = (w * (y - mean) ** 2).sum(0)
        errors = (w * (y - p) ** 2).sum(0)
        scores = np.where(total == 0, np.where(errors == 0, 1.0, 0.0), 1 - quotient(errors, total))
        result = {"uniform_average": scores.mean(), "variance_weighted_average": (total * scores).sum() / total.sum(),
                  None: scores}[aggregation]
        theirs = {"uniform_average": "uniform_average", "variance_weighted_average": "variance_weighted",
                  None: "raw_values"}[aggregation]
        if (total > 0).all():  # with weights, scikit-learn's own mean of equal labels may be off by a bit
            agree(result, sk.r2_score(y, p, sample_weight=w[:, 0], multioutput=theirs))
        samples = (w[:, 0] != 0).sum()
        if regressors and samples - regressors - 1 > 0:
            result = 1 - (1 - result) * (samples - 1) / (samples - regressors - 1)
        return result
    return function


numbers = np.round(random.normal(size=(n, 3)) * [1, 5, 0.1] + [100, 0, 0], 3)
others = np.round(numbers + random.normal(size=(n, 3)) * [0.5, 3, 0.2], 3)
case("r2_score", r2("uniform_average"), numbers, others)
case("r2_score_variance", r2("variance_weighted_average"), numbers, others)
case("r2_score_each", r2(None), numbers, others)
some = np.round(random.uniform(0, 2, n), 2)
some[::5] = 0
case("r2_score_adjusted", r2("uniform_average", 4), numbers, others, weight=some)
constant = numbers.copy()
constant[:, 2] = 0.5
exact = others.copy()
exact[:, 2] = 0.5
case("r2_score_constant", r2(None), constant, others)
case("r2_score_constant_met", r2(None), constant, exact)

case("root_mean_squared_error", lambda y, p, w: np.sqrt((w * (y - p) ** 2).sum() / (w * np.ones_like(y)).sum()), numbers,
     others)
case("mean_squared_error", lambda y, p, w: np.average(((y - p) ** 2).mean(-1), weights=w[:, 0]), numbers, others)
case("mean_absolute_error", lambda y, p, w: np.average(np.abs(y - p).mean(-1), weights=w[:, 0]), numbers, others)
case("log_cosh_error", lambda y, p, w: np.average(np.log(np.cosh(p - y)).mean(-1), weights=w[:, 0]), numbers, others)
case("cosine_similarity",
     lambda y, p, w: np.average((y * p).sum(-1) / np.linalg.norm(y, axis=-1) / np.linalg.norm(p, axis=-1),
                                weights=w[:, 0]), numbers, others)


def pearson(y, p, w):
    return np.average([stats.pearsonr(a, b)[0] for a, b in zip(y, p)], weights=w[:, 0])


def concordance(y, p, w):
    norm = y.var(-1) + p.var(-1) + (y.mean(-1) - p.mean(-1)) ** 2
    cov = ((y - y.mean(-1, keepdims=True)) * (p - p.mean(-1, keepdims=True))).mean(-1)
    return np.average(2 * cov / (norm + EPS), weights=w[:, 0])


wide, spread = np.round(random.normal(size=(n, 6)), 2), np.round(random.normal(size=(n, 6)), 2)
case("pearson_correlation", pearson, wide, wide + spread)
case("concordance_correlation", concordance, wide, wide + spread)

sequences, sequence_predictions = (np.round(random.normal(size=(8, 5, 2)), 2) for _ in range(2))
case("mean_squared_error_of_sequences",
     lambda y, p, w: np.average(((y - p) ** 2).mean((1, 2)), weights=w[:, 0, 0]), sequences, sequence_predictions)


def top_k(k):
    def function(y, p, w):
        target = np.take_along_axis(p, y[:, None], -1)
        hits = (p > target).sum(-1) < k
        if len(np.unique(p)) == p.size:
            agree(np.average(hits, weights=w[:, 0]),
                  sk.top_k_accuracy_score(y, p, k=k, labels=range(p.shape[1]), sample_weight=w[:, 0]))
        return np.average(hits, weights=w[:, 0])
    return function


case("top_k_categorical_accuracy", lambda y, p, w: top_k(2)(y.argmax(-1), p, w), rows, soft)
case("sparse_top_k_categorical_accuracy", top_k(3), classes, soft)
case("sparse_top_k_categorical_accuracy_ties", top_k(2), classes, np.round(soft, 1))
ids = np.argsort(-soft, -1)
case("sparse_top_k_sorted_ids",
     lambda y, p, w: np.average((p[:, :2] == y[:, None]).any(-1), weights=w[:, 0]), classes, ids)


def iou(targets, ignore=None, count=4):
    def function(y, p, w):
        y, p = y.astype(int), p.astype(int)
        w = np.broadcast_to(w.reshape(w.shape[:1] + (1,) * (y.ndim - 1)), y.shape)
        valid = (y >= 0) & (y < count) & (p >= 0) & (p < count)
        if ignore is not None:
            valid &= y != ignore
        total = occurring = 0
        for t in targets:
            both = (w * (valid & (y == t) & (p == t))).sum()
            either = (w * (valid & ((y == t) | (p == t)))).sum()
            if either > 1e-9:
                total, occurring = total + both / (either + EPS), occurring + 1
        if ignore is None and valid.all() and len(targets) == count and occurring == count:
            agree(total / occurring, sk.jaccard_score(y.reshape(-1), p.reshape(-1), average="macro",
                                                      sample_weight=w.reshape(-1)))
        return total / (occurring + EPS)
    return function


guesses = np.where(random.uniform(size=n) < 0.5, classes, random.randint(0, 4, n))
case("iou", iou([0, 2]), classes, guesses)
case("mean_iou", iou([0, 1, 2, 3]), classes, guesses)
case("mean_iou_ignoring", iou([0, 1, 2, 3], 1), classes, guesses)
case("mean_iou_more_classes", iou(range(6), count=6), classes, guesses)
case("mean_iou_out_of_range", iou([0, 1, 2], count=3), classes, guesses)
pictures, drawn = random.randint(0, 4, (6, 3, 3)), random.randint(0, 4, (6, 3, 3))
case("mean_iou_of_pictures", iou([0, 1, 2, 3]), pictures, drawn)
case("one_hot_iou", lambda y, p, w: iou([1, 3])(y.argmax(-1), p.argmax(-1), w), rows, soft)
case("one_hot_mean_iou", lambda y, p, w: iou([0, 1, 2, 3])(y.argmax(-1), p.argmax(-1), w), rows, soft)
case("binary_iou", lambda y, p, w: iou([0, 1], count=2)(y, p >= 0.3, w), column, column_scores)
case("binary_iou_class", lambda y, p, w: iou([1], count=2)(y, p >= 0.5, w), column, column_scores)

path = pathlib.Path(__file__).with_name("reference.json")
path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in cases.items()) + "\n}\n")
