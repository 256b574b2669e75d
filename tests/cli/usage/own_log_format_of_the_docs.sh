# Goal: the schema and the pipeline of docs/own-log-format.md work as printed.
awk '/```yaml/ {n++; on = 1; next} /```/ {on = 0} on {print substr($0, 4) >("block" n)}' \
  "$ROOT/docs/own-log-format.md"
mv block1 my-app.yaml
mv block2 my-pipeline.yaml
touch erased.txt
echo '{"at":"2026-01-05T10:11:12Z","client":{"ip":"192.0.2.1"},"path":"/a","message":"hello 192.0.2.1"}' >my.log
nymstream check my-pipeline.yaml &&
  nymstream replay my-pipeline.yaml my.log --as-of 2026-01-31T00:00:00Z --out out &&
  cat out/analytics.ndjson
