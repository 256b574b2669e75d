# Goal: what lookup says is what replay writes, and by a bare name, that nobody checked it.
echo 192.0.2.1 | nymstream keys lookup keyring --pipeline edge --release analytics --category \
  user.device.ip_address --type ip --at 2026-01-05T10:11:12Z --period P30D
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out 2>/dev/null
head -n 1 out/analytics.ndjson | cut -d , -f 2
