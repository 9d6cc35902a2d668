#!/usr/bin/env bash
# Installs what Gradus needs and this machine lacks (Debian's packages, by apt-get), and the packages that are its
# arguments. Quick and quiet when nothing is.
set -euo pipefail

# A program may come from anywhere; a library must be Debian's package. program:package, or just a package.
needs=(
  g++:g++
  cmake:cmake
  ninja:ninja-build
  git:git
  pkg-config:pkg-config
  clang-format:clang-format
  dot:graphviz                # draws graphs
  gnuplot:gnuplot-nox         # draws charts
  libc6-dev
  libeigen3-dev               # arrays, vectorised maths
  libdnnl-dev                 # large matrix products, convolution
  zlib1g-dev                  # files packed by gzip
  nlohmann-json3-dev          # JSON
  libcli11-dev                # the command line
  libgtest-dev libgmock-dev   # tests
  libbenchmark-dev            # benchmarks
  "$@"
)

installed() {
  [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null | cut -c1-2)" = ii ]
}

missing=()
for need in "${needs[@]}"; do
  program=${need%%:*} package=${need##*:}
  if [ "$program" != "$need" ] && command -v "$program" >/dev/null; then continue; fi
  if ! command -v dpkg-query >/dev/null; then
    echo "tools/setup.sh: this is not Debian; make sure that you have what its package $package holds" >&2
    continue
  fi
  installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "tools/setup.sh: needs to install ${missing[*]}, but you are not root and there is no sudo" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get -q update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}"
