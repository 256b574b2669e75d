#!/usr/bin/env bash
# Goal: while packages are installed none starts its service, and afterwards any
# may, whatever traps the calling script has, and if the installation fails too.
# Method: scripts/common.sh with another path for the rule and an apt-get of ours.
# Usage: service_starts_test.sh SCRIPTS
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/scripts" "$work/bin"
cp "$1/packages.txt" "$work/scripts"
sed "s|/usr/sbin/policy-rc.d|$work/rule|" "$1/common.sh" >"$work/scripts/common.sh"

command_of() {  # NAME BODY
  printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}
command_of dpkg-query 'exit 1'
command_of sudo 'exec "$@"'
command_of apt-get "test -x $work/rule && echo denied
case \"\$*\" in *' install '*) exit \"\$INSTALLED\" ;; esac"
cat >"$work/script" <<'SCRIPT'
set -euo pipefail
source "$(dirname "$0")/scripts/common.sh"
install_packages program >"$(dirname "$0")/said"
trap 'echo own trap' EXIT
SCRIPT

check() {  # INSTALLED WANT
  local got
  got=$(PATH="$work/bin:$PATH" INSTALLED=$1 bash "$work/script") || true
  [[ $got == "$2" ]] || { echo "exit $1 of apt-get: got '$got'"; exit 1; }
  grep -q denied "$work/said" || { echo "no rule while installing"; exit 1; }
  [[ ! -e $work/rule ]] || { echo "exit $1 of apt-get: the rule stays"; exit 1; }
}
check 0 "own trap"
check 1 ""
