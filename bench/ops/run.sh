#!/usr/bin/env bash
# The benchmarks of ops, from a built release preset: bench/ops/run.sh [--quick] [--peers] [--rounds N]
#   every op of the catalogue with its share of the roofline   out/bench/ops_roofline.json
#   how cost grows                                             out/bench/growth.{svg,png}
#   with --peers, every op beside libtorch's                   out/bench/ops.json
# Called by tools/bench.sh, which builds first and installs what --peers needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source bench/peers/openblas_core.sh

peers=no rounds=3 seconds=0.05
while [ $# -gt 0 ]; do
  case $1 in
    --quick) rounds=1 seconds=0.002; shift ;;
    --peers) peers=yes; shift ;;
    --rounds) rounds=${2:?--rounds needs a number}; shift 2 ;;
    *) echo "usage: bench/ops/run.sh [--quick] [--peers] [--rounds N]" >&2; exit 2 ;;
  esac
done

programs=build/release/bench
for program in ops/ops_bench ops/gradus_ops ops/compare_ops growth; do
  if [ ! -x "$programs/$program" ]; then
    echo "bench/ops/run.sh: $programs/$program is not built (cmake --build --preset release)" >&2
    exit 1
  fi
done

mkdir -p out/bench
"$programs/ops/ops_bench" --benchmark_min_time="$seconds" --benchmark_counters_tabular=true \
  --benchmark_out=out/bench/ops_roofline.json --benchmark_out_format=json
"$programs/growth" out/bench/growth

if [ "$peers" = yes ]; then
  cmake -S bench/peers/libtorch_ops -B build/libtorch_ops -G Ninja >/dev/null
  cmake --build build/libtorch_ops -j "$(nproc)"
  openblas_core build/libtorch_ops/libtorch_ops --list
  "$programs/ops/compare_ops" --rounds "$rounds" --json out/bench/ops.json \
    "$programs/ops/gradus_ops" build/libtorch_ops/libtorch_ops
fi
