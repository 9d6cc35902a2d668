#!/usr/bin/env bash
# Builds and runs the benchmarks; see usage below. Results go to out/bench/.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/dev/configure.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../bench/peers/openblas_core.sh"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat >&2 <<'EOF'
usage: tools/bench.sh [--quick] [--peers] [--rounds N] [WORKLOAD...]   beside the floor, and libtorch with --peers
       tools/bench.sh --against REV [--quick] [--rounds N] [WORKLOAD...]  beside another revision of Gradus
       tools/bench.sh --ops [--peers] [--quick] [--rounds N]              every op of the catalogue
--peers installs libtorch-dev; --quick takes one round, with --ops of shorter measurements too.
EOF
  exit 2
}

peers=false ops=false against= arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --peers) peers=true; shift ;;
    --ops) ops=true; shift ;;
    --against) [ $# -ge 2 ] || usage; against=$2; shift 2 ;;
    --rounds) [ $# -ge 2 ] || usage; arguments+=("$1" "$2"); shift 2 ;;
    --quick) arguments+=("$1"); shift ;;
    -*) if $ops; then arguments+=("$1"); shift; else usage; fi ;;
    *) arguments+=("$1"); shift ;;
  esac
done
if [ -n "$against" ] && { $peers || $ops; }; then usage; fi

jobs=$(nproc)
if $peers; then
  bash tools/setup.sh libtorch-dev
else
  bash tools/setup.sh
fi
configure release >/dev/null

if $ops; then
  cmake --build build/release --target ops_bench gradus_ops compare_ops growth -j "$jobs"
  if $peers; then arguments+=(--peers); fi
  exec bash bench/ops/run.sh "${arguments[@]}"
fi

cmake --build build/release --target bench_programs -j "$jobs"
compare=build/release/bench/compare

if [ -n "$against" ]; then
  if ! revision=$(git rev-parse --verify --quiet "$against^{commit}"); then
    echo "tools/bench.sh: no revision is named $against" >&2
    exit 1
  fi
  tree=$PWD/build/against/tree
  if [ -d "$tree" ]; then
    git -C "$tree" checkout --quiet --detach "$revision"
  else
    git worktree prune
    git worktree add --quiet --detach "$tree" "$revision"
  fi
  cmake -S bench/against -B build/against/build -DGRADUS_TREE="$tree" >/dev/null
  if ! cmake --build build/against/build --target against_workloads -j "$jobs"; then
    echo "tools/bench.sh: this tree's workloads do not build with the library of $against" >&2
    exit 1
  fi
  exec "$compare" --against build/against/build/against_workloads "${arguments[@]}"
fi

if $peers; then
  cmake -S bench/peers/libtorch -B build/peers/libtorch -DCMAKE_BUILD_TYPE=Release >/dev/null
  cmake --build build/peers/libtorch -j "$jobs"
  arguments+=(--peers build/peers/libtorch)
  openblas_core build/peers/libtorch/libtorch_workloads --list
  echo "libtorch's BLAS: $(ldd build/peers/libtorch/libtorch_workloads | awk '/blas|mkl/ { print $3 }' |
    xargs -r readlink -f | tr '\n' ' ')"
fi
exec "$compare" "${arguments[@]}"
