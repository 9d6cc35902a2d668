# For the other scripts: `configure <preset>` prepares build/<preset>, with Ninja or with make where there is none.
configure() {
  local generator=()
  if [ ! -f "build/$1/CMakeCache.txt" ] && ! command -v ninja >/dev/null; then generator=(-G "Unix Makefiles"); fi
  cmake --preset "$1" "${generator[@]}"
}
