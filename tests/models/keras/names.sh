#!/usr/bin/env bash
# names.sh <names.txt> <page.md> <include folder> <compiler> [--write]: the tables of Keras's names in the
# page, between the two comments that mark them, are what the list and the headers say: a name is there when it compiles.
# With --write the page is changed to that. Fails where the page says something else, where a name that has its place in
# the list is not in the headers, and where one is left out of a group that is promised whole.
set -euo pipefail
names=$1 page=$2 include=$3 compiler=$4 mode=${5-}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
begin='<!-- names of Keras: by tests/models/keras/names.sh -->' end='<!-- end of the names -->'

# One name a line, so that the compiler's errors tell which are not there: a member as one that a derived class takes
# up, which overloads and data allow too.
awk -F ' *[|] *' '
  BEGIN { print "#include <gradus/gradus.h>" }
  /^#|^==|^$/ { next }
  { n = split($2, parts, /, */)
    for (i = 1; i <= n; ++i) if (!(parts[i] in seen)) { seen[parts[i]] = 1; print parts[i] } }' "$names" >"$scratch/names"
awk 'NR == 1 { print; next }
  { owner = $0; sub(/::[^:]*$/, "", owner); last = owner; sub(/.*::/, "", last) }
  owner != $0 && last ~ /^[A-Z]/ { printf "struct Has%d : gradus::%s { using gradus::%s; };\n", NR, owner, $0; next }
  { printf "namespace has_%d { using gradus::%s; }\n", NR, $0 }' "$scratch/names" >"$scratch/probe.cpp"
"$compiler" -std=c++20 -fsyntax-only -fno-diagnostics-show-caret "-I$include" "$scratch/probe.cpp" 2>"$scratch/errors" || true
if grep -q 'fatal error' "$scratch/errors"; then
  cat "$scratch/errors" >&2
  exit 1
fi
sed -nE 's|.*probe\.cpp:([0-9]+):.*error: .*|\1|p' "$scratch/errors" | sort -un >"$scratch/missing_lines"
awk 'NR == FNR { line[$1] = 1; next } FNR in line' "$scratch/missing_lines" "$scratch/names" >"$scratch/missing"

awk -F ' *[|] *' -v missing="$scratch/missing" '
  BEGIN { while ((getline name <missing) > 0) absent[name] = 1 }
  /^#|^$/ { next }
  /^==/ { sub(/^== */, ""); print "\n### " $0 "\n\n| Keras | Gradus | |\n| --- | --- | --- |"; next }
  NF != 3 { print "names.sh: three fields wanted: " $0 >"/dev/stderr"; exit 1 }
  $2 == "" { print "| " $1 " | left out | " $3 " |"; next }
  { n = split($2, parts, /, */); text = ""; all = 1
    for (i = 1; i <= n; ++i) { text = text (i > 1 ? ", " : "") "`" parts[i] "`"; if (parts[i] in absent) all = 0 }
    print "| " $1 " | " (all ? text : "not yet") " | " $3 " |" }
  END { print "" }' "$names" >"$scratch/tables"

grep -qF "$begin" "$page" && grep -qF "$end" "$page"
awk -v tables="$scratch/tables" -v begin="$begin" -v end="$end" '
  $0 == end { inside = 0 }
  !inside { print }
  $0 == begin { inside = 1; while ((getline line <tables) > 0) print line }' "$page" >"$scratch/page"
if [ "$mode" = --write ]; then
  cp "$scratch/page" "$page"
elif ! diff -u "$page" "$scratch/page" >"$scratch/diff"; then
  cat "$scratch/diff"
  echo "$page: the tables are not what the headers say; names.sh --write makes them so" >&2
  exit 1
fi
promised=$(awk '/^### /{ whole = /Layers: (must|CNN|merge|RNN|attention)$/ } whole && /\| left out \|/' "$scratch/tables")
if [ -n "$promised" ]; then
  printf 'left out of a group that is promised whole:\n%s\n' "$promised" >&2
  exit 1
fi
waiting=$(grep '| not yet |' "$scratch/tables" || true)
if [ -n "$waiting" ]; then
  printf 'not in the headers:\n%s\n' "$waiting" >&2
  exit 1
fi
echo "$(grep -c '^| [^-K]' "$scratch/tables") names"
