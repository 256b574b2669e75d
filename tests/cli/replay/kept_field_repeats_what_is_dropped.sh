# Goal: it is told that a field which explain keeps was redacted, and not by what.
echo '  host: {category: system.operations, type: enum}' >>app.yaml
sed -i 's/}$/,"host":"shop.example.net","forwarded_host":"shop.example.net"}/' log.ndjson
nymstream explain pipeline.yaml --release analytics | grep host | tr -s ' '
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out
cut -d , -f 6 out/analytics.ndjson
