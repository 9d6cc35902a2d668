#!/usr/bin/env bash
# Builds and runs every test and check: tools/test.sh [--preset release|dev|asan|tsan]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/dev/configure.sh"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=release
while [ $# -gt 0 ]; do
  case $1 in
    --preset) preset=${2:?--preset needs a name}; shift 2 ;;
    --preset=*) preset=${1#*=}; shift ;;
    *) echo "usage: tools/test.sh [--preset release|dev|asan|tsan]" >&2; exit 2 ;;
  esac
done

jobs=$(nproc)
bash tools/setup.sh dataset-fashion-mnist  # real data for one test
configure "$preset"
# The second target compiles each public header alone.
cmake --build "build/$preset" --target all all_verify_interface_header_sets -j "$jobs"
ctest --preset "$preset" -j "$jobs"
bash tools/dev/check
