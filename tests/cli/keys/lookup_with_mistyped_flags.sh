lookup() { echo 192.0.2.1 | nymstream keys lookup keyring "$@"; }
of_ip() { lookup --category user.device.ip_address --type ip "$@"; }
lookup
lookup --category user.device.ip_address --type ipv4 --pipeline edge --release a --at 2026-01-05
lookup --category user.device.ip --type ip --pipeline edge --release a --at 2026-01-05
of_ip --release a --at 2026-01-05
of_ip --pipeline Edge --release a --at 2026-01-05
of_ip --pipeline edge --at 2026-01-05
of_ip --pipeline edge --release a
of_ip --subject --release a
of_ip --subject --pipeline edge
of_ip --pipeline edge --release a --at 2026-01-05 --as adress
of_ip --pipeline edge --release a --at 2026-01-05
of_ip --pipeline edge --release a --at 1999-01-05 --period P1D
