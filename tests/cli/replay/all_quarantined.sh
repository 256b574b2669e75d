# Goal: a schema that does not fit the log is told by the exit code.
printf '%s\n' '192.0.2.1 - - [05/Jan/2026:10:11:12 +0000] "GET / HTTP/1.1" 200 1' >log.ndjson
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out
code=$?
wc -l <out/quarantine.ndjson
echo 'limits: {quarantine_ratio_max: 0.5}' >>pipeline.yaml
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out limited
exit "$code"
