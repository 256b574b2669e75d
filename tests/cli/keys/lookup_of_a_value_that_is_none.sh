# Goal: the place of the bad value is told, the value is not.
printf '%s\n' 192.0.2.1 maria | nymstream keys lookup keyring --pipeline pipeline.yaml --release analytics \
  --category user.device.ip_address --type ip --at 2026-01-05
