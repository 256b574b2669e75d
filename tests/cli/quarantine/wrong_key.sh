nymstream quarantine keygen one.key 2>/dev/null
nymstream quarantine keygen two.key 2>/dev/null
echo 'quarantine: {seal_to: one.key.pub}' >>pipeline.yaml
printf '%s\n' '{"ip":"192.0.2.9"' >>log.ndjson
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out 2>/dev/null
nymstream quarantine open out/quarantine.sealed --key two.key --out raw.ndjson 2>&1 |
  sed -E 's/key (id )?[0-9a-z]{8,}/key ID/g'
exit "${PIPESTATUS[0]}"
