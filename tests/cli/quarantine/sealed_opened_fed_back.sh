# Goal: the way from a broken record to a mended one.
nymstream quarantine keygen secret.key 2>&1 | sed -E 's/key [^:]*:/key ID:/'
stat -c '%n %a' secret.key secret.key.pub
echo 'quarantine: {seal_to: secret.key.pub}' >>pipeline.yaml
printf '%s\n' '{"ip":"192.0.2.9"' >>log.ndjson
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out
nymstream quarantine open out/quarantine.sealed --key secret.key --out raw.ndjson
stat -c '%n %a' raw.ndjson
cat raw.ndjson
