# Goal: with the pipeline's document lookup prints what the release holds, or says
# what the document has instead.
sed 's/^    epoch: P30D/&\n    fields: {ip: {treatment: pseudonymize_as_address}}/' pipeline.yaml >address.yaml
lookup() { echo 192.0.2.1 | nymstream keys lookup keyring --at 2026-01-05T10:11:12Z "$@"; }
of_ip() { lookup --category user.device.ip_address --type ip "$@"; }
of_ip --pipeline pipeline.yaml --release analytics
of_ip --pipeline pipeline.yaml --release analytics --period P30D --as token
of_ip --pipeline address.yaml --release analytics
nymstream replay address.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out 2>/dev/null
head -n 1 out/analytics.ndjson | cut -d , -f 2
of_ip --pipeline pipeline.yaml --release analytic
of_ip --pipeline pipeline.yaml
of_ip --pipeline pipeline.yaml --release analytics --period P1D
of_ip --pipeline address.yaml --release analytics --as token
lookup --category user.device.device_id --type id --pipeline pipeline.yaml --release analytics
of_ip --pipeline missing.yaml --release analytics
