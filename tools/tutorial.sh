#!/usr/bin/env bash
# Trains the tutorial's models: tools/tutorial.sh [--out DIR] [--seed N] [--weights FILE] [--part PART]; see
# `gradus tutorial --help`. The parts fashion and optimizers, run only when asked for, have their data from a package.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/dev/configure.sh"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

data=()
for argument in "$@"; do
  case $argument in fashion | optimizers | --part=fashion | --part=optimizers) data=(dataset-fashion-mnist) ;; esac
done
bash "$root/tools/setup.sh" "${data[@]}"
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
