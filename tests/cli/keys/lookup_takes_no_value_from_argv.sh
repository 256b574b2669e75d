nymstream keys lookup keyring 192.0.2.1 --pipeline edge --release analytics --category \
  user.device.ip_address --type ip --at 2026-01-05T10:11:12Z
