#!/usr/bin/env bash
# no_flags.sh <compile_commands.json>: a consumer's own files get none of our flags.
set -euo pipefail
own=$(grep '"command"' "$1" | grep -E '/find_package/(plain|custom|drawing)\.cpp')
if grep -oE -e ' (-march|-mtune|-m(avx|fma)|-W|-DEigen|-ffp-contract|-O[1-9])[^ ]*' <<<"$own"; then
  echo "a consumer is compiled with flags of ours" >&2
  exit 1
fi
# Without gradus::custom not even Eigen's folder.
if grep '/plain\.cpp' <<<"$own" | grep -qi eigen; then
  echo "a consumer of gradus::gradus is compiled with Eigen's include path" >&2
  exit 1
fi
