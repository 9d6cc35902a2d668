#!/usr/bin/env bash
# Trains the tutorial's models: tools/tutorial.sh [--out DIR] [--seed N] [--weights FILE]; see `gradus tutorial --help`.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/dev/configure.sh"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

bash "$root/tools/setup.sh"
log="$root/build/tutorial.log"
mkdir -p "$root/build"
echo "Building the gradus command (the first time takes some minutes)"
if ! (cd "$root" && configure release && cmake --build build/release --target gradus_command -j "$(nproc)") >"$log" 2>&1
then
  cat "$log" >&2
  exit 1
fi

# A path the user types is relative to where the user stands; what no option names goes to out/tutorial of this tree.
out=(--out "$root/out/tutorial")
for argument in "$@"; do
  case $argument in --out | --out=*) out=() ;; esac
done
exec "$root/build/release/tools/gradus" tutorial "${out[@]}" "$@"
