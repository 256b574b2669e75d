# What the scripts share; sourced, not run. Needs bash and `set -euo pipefail`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Prints a heading with the seconds since the script began.
phase() {
  printf '\n== %4d s  %s\n' "$SECONDS" "$*"
}

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Installs what is missing of the packages of scripts/packages.txt that carry
# one of the given marks. Says nothing to apt if all of them are there.
install_packages() {
  local marks=" $* " missing=() package mark status
  while read -r package mark; do
    [[ -z $package || $package == \#* ]] && continue
    [[ $marks == *" $mark "* ]] || continue
    status=$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null || true)
    [[ $status == ii* ]] || missing+=("$package")
  done <"$root/scripts/packages.txt"
  if ((${#missing[@]} == 0)); then
    echo "all packages are there"
    return
  fi
  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "run as root, or install: ${missing[*]}"
    as_root=(sudo)
  fi
  echo "installing: ${missing[*]}"
  # In a subshell: its trap is its own, and is run when the packages are there.
  (
    deny_service_starts "${as_root[@]}"
    "${as_root[@]}" apt-get -qq -o Acquire::Retries=3 update
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
      -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 install --no-install-recommends \
      "${missing[@]}" >/dev/null
  )
  # The tests want its promtool; Debian would start the server at every boot.
  if [[ " ${missing[*]} " == *" prometheus "* ]]; then
    "${as_root[@]}" update-rc.d prometheus disable
  fi
}

# Until this shell ends no package starts its service. A machine may have its own
# rule in that file, as container images do: then that stands.
deny_service_starts() {
  [[ ! -e /usr/sbin/policy-rc.d ]] || return 0
  # shellcheck disable=SC2064  # the words are those of now
  trap "$* rm -f /usr/sbin/policy-rc.d" EXIT
  printf '#!/bin/sh\nexit 101\n' | "$@" install -m 755 /dev/stdin /usr/sbin/policy-rc.d
}

# Compiles through ccache where it is installed.
use_ccache() {
  if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache
  fi
}

# configure PRESET [cmake argument...]: quiet unless it fails.
configure() {
  local preset=$1 log
  shift
  log=$(mktemp)
  if ! cmake --preset "$preset" "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "could not configure preset $preset"
  fi
  rm -f "$log"
}
