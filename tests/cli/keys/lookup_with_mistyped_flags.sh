lookup() { echo 192.0.2.1 | nymstream keys lookup keyring "$@"; }
lookup
lookup --category user.device.ip_address --type ipv4 --release a --at 2026-01-05
lookup --category user.device.ip --type ip --release a --at 2026-01-05
lookup --category user.device.ip_address --type ip --release a
lookup --category user.device.ip_address --type ip --release a --at 2026-01-05 --as adress
lookup --category user.device.ip_address --type ip --release a --at 2026-01-05
lookup --category user.device.ip_address --type ip --release a --at 1999-01-05 --period P1D
