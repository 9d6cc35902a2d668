#!/usr/bin/env bash
# pkg_config.sh <compiler> <library folder> <source> <program>: what pkg-config says is enough to build and run.
set -euo pipefail
export PKG_CONFIG_PATH=$2/pkgconfig
read -ra cflags <<<"$(pkg-config --cflags gradus)"
read -ra libs <<<"$(pkg-config --libs gradus)"
"$1" -std=c++20 "${cflags[@]}" "$3" -o "$4" "${libs[@]}"
LD_LIBRARY_PATH=$2 "$4"
