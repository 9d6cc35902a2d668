#!/usr/bin/env bash
# page_blocks.sh <page.md> <source tree> <build tree> <prefix> <compiler> <scratch folder>: every C++ block of a page
# compiles against the installed package and runs, and every CMake block makes a project.
#
# A C++ block with a main is a program; one that begins with an include is a source file that is only compiled; any
# other is the body of a main. A CMake block without project() continues a project whose program is main.cpp.
set -euo pipefail
page=$1 source=$2 build=$3 prefix=$4 compiler=$5 scratch=$6
read -ra eigen <<<"$(pkg-config --cflags eigen3)"
read -ra package <<<"$(PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name gradus.pc)") pkg-config --cflags --libs gradus)"

rm -rf "$scratch"
mkdir -p "$scratch"
awk -v scratch="$scratch" '
  /^ *```(cpp|cmake)$/ {
    language = $0
    gsub(/[ `]/, "", language)
    file = sprintf("%s/%s_%d", scratch, language, FNR)
    next
  }
  /^ *```/ { if (file) close(file); file = ""; next }
  file { print >file }' "$page"

build_cpp() {  # build_cpp <block>
  local program=$1.program
  if grep -q 'int main' "$1"; then
    cp "$1" "$1.cpp"
  elif head -1 "$1" | grep -q '^\(#include\|//\)'; then
    "$compiler" -std=c++20 -O0 -I"$build/include" "${eigen[@]}" -x c++ -c "$1" -o "$1.o"
    return
  else
    { printf '#include <gradus/gradus.h>\nusing namespace gradus;\nint main() {\n'; cat "$1"; echo '}'; } >"$1.cpp"
  fi
  "$compiler" -std=c++20 -O0 "${eigen[@]}" "$1.cpp" -o "$program" "${package[@]}"
  (cd "$scratch" && "$program" >"$1.output" 2>&1) || { cat "$1.output"; return 1; }
}

build_cmake() {  # build_cmake <block>
  local project=$1.project program
  mkdir "$project"
  if grep -q 'project(' "$1"; then
    cp "$1" "$project/CMakeLists.txt"
  else
    program=$(sed -nE 's/^ *target_link_libraries\(([A-Za-z_]+).*/\1/p' "$1" | head -1)
    printf 'cmake_minimum_required(VERSION 3.25)\nproject(page LANGUAGES CXX)\n' >"$project/CMakeLists.txt"
    if ! grep -q 'add_executable(' "$1"; then
      echo "add_executable($program main.cpp)" >>"$project/CMakeLists.txt"
    fi
    cat "$1" >>"$project/CMakeLists.txt"
  fi
  cp "$source/tests/build/find_package/plain.cpp" "$project/main.cpp"
  cmake -S "$project" -B "$project/build" "-DCMAKE_CXX_COMPILER=$compiler" "-DCMAKE_PREFIX_PATH=$prefix" \
    "-DFETCHCONTENT_SOURCE_DIR_GRADUS=$source" >"$1.output" 2>&1 || { cat "$1.output"; return 1; }
  # What builds the library once more is built by build.fetch_content.
  if ! grep -q FetchContent "$1"; then
    cmake --build "$project/build" >"$1.output" 2>&1 || { cat "$1.output"; return 1; }
  fi
}

blocks=0
for block in "$scratch"/cpp_* "$scratch"/cmake_*; do
  if [ ! -f "$block" ] || [[ ${block##*/} == *.* ]]; then continue; fi
  language=$(basename "$block" | cut -d_ -f1)
  if ! "build_$language" "$block"; then
    echo "$page:${block##*_}: this block does not build or run" >&2
    exit 1
  fi
  blocks=$((blocks + 1))
done
echo "$page: $blocks blocks"
[ "$blocks" -gt 0 ]
