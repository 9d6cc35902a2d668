#!/usr/bin/env bash
# own_eigen.sh <libgradus.a> <program>: no symbol of Eigen in the library may be replaced by the program's own copy,
# which was compiled with other flags.
set -euo pipefail
weak='^[0-9a-f ]* [WwVvu] .*\bEigen::'

if ! nm -C "$2" | grep -E "$weak" >/dev/null; then
  echo "$2 has no symbols of Eigen: it proves nothing" >&2
  exit 1
fi
if nm -C "$1" 2>/dev/null | grep -E "$weak"; then
  echo "$1 has weak symbols of Eigen" >&2
  exit 1
fi
