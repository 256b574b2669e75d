# Goal: exit 1 says that the work is done, but look at the receipts. Receipts
# hold no byte of the record.
printf '%s\n' '{"ip":"192.0.2.9"' >>log.ndjson
echo 'limits: {quarantine_ratio_max: 0.1}' >>pipeline.yaml
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out
code=$?
cat out/quarantine.ndjson
exit "$code"
