"""Linear algebra, by NumPy."""

import numpy as np


def matmul(a, b, transpose_a=False, transpose_b=False):
    return np.matmul(np.swapaxes(a, -1, -2) if transpose_a else a, np.swapaxes(b, -1, -2) if transpose_b else b)


def dense(x, kernel, bias=0):
    return x @ kernel + bias


def dot(a, b):
    return np.dot(a, b)


def outer(a, b):
    return np.outer(a, b)


def trace(x, offset=0, axis1=0, axis2=1):
    return np.trace(x, offset, axis1, axis2)


def diagonal(x, offset=0, axis1=0, axis2=1):
    return np.diagonal(x, offset, axis1, axis2)


def diag(x, k=0):
    return np.diag(x, k)


def _offsets(x):
    return np.subtract.outer(np.zeros(x.shape[-2], int), -np.arange(x.shape[-1])) - np.arange(x.shape[-2])[:, None]


def tril(x, k=0):
    return np.where(_offsets(x) <= k, x, 0)


def triu(x, k=0):
    return np.where(_offsets(x) >= k, x, 0)


def tensordot(a, b, axes=2):
    return np.tensordot(a, b, axes)


def kron(a, b):
    return np.kron(a, b)


def cross(a, b, axis=-1):
    return np.cross(a, b, axis=axis)


def einsum(*operands, subscripts):
    return np.einsum(subscripts, *operands)


def inverse(x):
    return np.linalg.inv(x)


def solve(a, b):
    if b.ndim == 1 and a.ndim > 2:  # ours takes it for a vector, as NumPy 2 does
        return np.linalg.solve(a, np.broadcast_to(b, a.shape[:-1]))
    return np.linalg.solve(a, b)


def _symmetric(x):
    return (x + np.swapaxes(x, -1, -2)) / 2


def cholesky(x):
    return np.linalg.cholesky(_symmetric(x))


def det(x):
    return np.linalg.det(x)


def logdet(x):
    sign, logarithm = np.linalg.slogdet(x)
    return np.where(sign < 0, np.nan, logarithm)


def qr(x, part):
    q, r = np.linalg.qr(x)
    return {"q": q, "r": r, "q r": x}[part]


def _signs(vectors):
    """1 where the largest component of a column is positive, -1 where it is not."""
    if vectors.size == 0:
        return 1
    largest = np.argmax(np.abs(vectors), axis=-2)[..., None, :]
    return np.sign(np.take_along_axis(vectors, largest, -2))


def eigh(x, part):
    values, vectors = np.linalg.eigh(_symmetric(x))
    vectors = vectors * _signs(vectors)
    return {"values": values, "vectors": vectors, "squares": vectors**2, "x": _symmetric(x)}[part]


def svd(x, part):
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    signs = _signs(u)
    if part == "full":
        return np.concatenate([np.eye(x.shape[0]).ravel(), s, np.eye(x.shape[1]).ravel()])
    if x.size == 0:
        signs = np.ones((*x.shape[:-2], 1, s.shape[-1]))
    return {"u": u * signs, "s": s, "vh": vh * np.swapaxes(signs, -1, -2), "x": x}[part]
