#!/usr/bin/env bash
# compile_some.sh <source tree> <build tree> <compiler> <argument>…: a compiler launcher that compiles the first source
# of each folder and takes the object of any other from the build tree, where it was compiled with other flags. So the
# library can be built once more in seconds, however many sources it has.
set -euo pipefail
tree=$1 build=$2
shift 2

source='' object='' depfile='' previous=''
for argument in "$@"; do
  case $previous in
    -c) source=$argument ;;
    -o) object=$argument ;;
    -MF) depfile=$argument ;;
  esac
  previous=$argument
done

known=$build/CMakeFiles/gradus.dir/${source#"$tree"/}.o
first=$(find "$(dirname "$source")" -maxdepth 1 -name '*.cpp' | LC_ALL=C sort | head -1)
if [ -z "$depfile" ] || [ "$source" = "$first" ] || [ ! -f "$known" ]; then exec "$@"; fi
cp "$known" "$object"
echo "$object: $source $known" >"$depfile"
