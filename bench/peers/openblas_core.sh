# For other scripts to source. Debian's OpenBLAS 0.3.21, which multiplies for libtorch, takes a processor newer than
# itself for a Prescott, without AVX, and is up to three times slower for it.

# openblas_core PROGRAM [ARGUMENT...]: names OpenBLAS the processor's kernels where the program's would be a
# Prescott's and the user has not named any.
openblas_core() {
  if [ -n "${OPENBLAS_CORETYPE:-}" ] || [[ $(OPENBLAS_VERBOSE=2 "$@" 2>&1) != *"Core: Prescott"* ]]; then return 0; fi
  if grep -qw avx512f /proc/cpuinfo; then
    export OPENBLAS_CORETYPE=SkylakeX
  elif grep -qw avx2 /proc/cpuinfo; then
    export OPENBLAS_CORETYPE=Haswell
  fi
  echo "OpenBLAS does not know this processor: OPENBLAS_CORETYPE=${OPENBLAS_CORETYPE:-}"
}
