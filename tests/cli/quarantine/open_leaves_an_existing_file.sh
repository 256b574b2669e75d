nymstream quarantine keygen one.key 2>/dev/null
echo 'quarantine: {seal_to: one.key.pub}' >>pipeline.yaml
printf '%s\n' '{"ip":"192.0.2.9"' >>log.ndjson
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out 2>/dev/null
nymstream quarantine open out/quarantine.sealed --key one.key --out log.ndjson
code=$?
wc -l log.ndjson
exit "$code"
