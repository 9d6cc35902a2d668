#!/usr/bin/env bash
# include_arrows.sh <source tree>: its includes go along the arrows, and the check that says so sees wrong ones.
set -euo pipefail
root=$1
check=$root/tools/dev/check_includes

"$check" "$root"

tree=$(mktemp -d)
trap 'rm -r "$tree"' EXIT

# seeded <file> <include>: the check's answer for a tree that has just this line
seeded() {
  rm -rf "${tree:?}"/*
  mkdir -p "$tree/$(dirname "$1")"
  printf '// A file.\n#include %s\n' "$2" >"$tree/$1"
  "$check" "$tree"
}
refuses() {
  local answer
  if answer=$(seeded "$@"); then
    echo "check_includes does not see that $1 includes $2" >&2
    exit 1
  fi
  case $answer in
    "$1:2: includes "*) ;;
    *) echo "check_includes does not name $1 and the line: $answer" >&2; exit 1 ;;
  esac
}
accepts() {
  if ! seeded "$@"; then
    echo "check_includes refuses that $1 includes $2" >&2
    exit 1
  fi
}

refuses graph/a.h '<gradus/ops/elementwise.h>'
refuses graph/a.cpp '"../ops/kernels/linalg/product.h"'
refuses graph/a.cpp '<gradus/gradus.h>'
refuses graph/a.h '<nlohmann/json.hpp>'
refuses ops/linalg/a.cpp '<gradus/optim/sgd.h>'
refuses ops/linalg/a.cpp '"../../models/layer.h"'
refuses optim/a.cpp '  <gradus/ops/elementwise.h>'
refuses models/layers/a.cpp '<gradus/tools/command.h>'
refuses models/a.cpp '<gradus/plot/figure.h>'
refuses tools/plot/a.cpp '<gradus/tools/command.h>'
refuses tools/a.cpp '<Eigen/Core>'
refuses ops/a.cpp '<gtest/gtest.h>'
refuses bench/a.cpp '"../tests/graph/a.h"'

accepts graph/a.cpp '<nlohmann/json.hpp>'
accepts graph/a.cpp '<vector>'
accepts graph/a.cpp '<sys/mman.h>'
accepts ops/linalg/a.cpp '"../kernels/linalg/product.h"'
accepts ops/linalg/a.cpp '<gradus/graph/tensor.h>'
accepts optim/a.cpp '<gradus/graph/tensor.h>'
accepts models/layers/a.cpp '<gradus/ops/linalg.h>'
accepts models/a.cpp '<gradus/optim/sgd.h>'
accepts tools/a.cpp '<gradus/plot/figure.h>'
accepts tests/graph/a.cpp '<gradus/models/sequential.h>'
