#!/usr/bin/python3
"""Writes the numbers that the ops' values are tested against: <family>/<op>.json beside this file.

    build/release/tools/gradus ops --samples | tests/ops/reference/make.py [op ...]

Needs Debian's python3-numpy, python3-scipy, python3-torch and python3-mpmath. Each op is a function of that
name in <family>.py: it takes the sample's operands as float64 (or integer, or boolean) arrays and its arguments
by name, and computes what the op should from NumPy, SciPy, PyTorch or mpmath, never from Gradus.
"""

import importlib
import json
import pathlib
import sys

import numpy

HERE = pathlib.Path(__file__).parent


def array(tensor):
    shape = json.loads(tensor["shape"])
    floating = tensor["dtype"].startswith("float")
    values = [float(value) for value in tensor["values"]]
    dtype = numpy.float64 if floating else {"boolean": bool}.get(tensor["dtype"], numpy.int64)
    return numpy.array(values, numpy.float64).reshape(shape).astype(dtype)


def arguments(text):
    return eval(f"dict({text})", {"true": True, "false": False, "inf": numpy.inf})


def number(value):
    value = float(value)
    if value != value:
        return '"nan"'
    if value in (numpy.inf, -numpy.inf):
        return f'"{value}"'
    return repr(value)


def row(sample):
    function = getattr(importlib.import_module(sample["family"]), sample["op"])
    with numpy.errstate(all="ignore"):
        result = numpy.asarray(
            function(*map(array, sample["inputs"]), **arguments(sample["arguments"]))
        )
    values = ", ".join(map(number, result.ravel()))
    shape = json.dumps(list(result.shape))
    return f'{{"sample": {json.dumps(sample["sample"])}, "shape": "{shape}", "values": [{values}]}}'


def main():
    sys.path.insert(0, str(HERE))
    chosen = sys.argv[1:]
    rows = {}
    for sample in json.load(sys.stdin):
        if not sample["random"] and (not chosen or sample["op"] in chosen):
            rows.setdefault((sample["family"], sample["op"]), []).append(sample)
    for (family, op), samples in rows.items():
        path = HERE / family / f"{op}.json"
        path.parent.mkdir(exist_ok=True)
        try:
            path.write_text("[\n" + ",\n".join(map(row, samples)) + "\n]\n")
        except AttributeError as missing:
            print(f"{family}/{op}: {missing}", file=sys.stderr)


if __name__ == "__main__":
    main()
