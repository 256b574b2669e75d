# Goal: a path that matches nothing is told, with what was dropped instead, of which
# no name is shown. What the schema names and the log never has is in the manifest,
# and told only where something was dropped; of many the first. Of a shipped schema,
# whose fields are right, their count is enough.
sed 's/^  user: /  usr: /; s/^  url: /  link.url: /' app.yaml >mistyped.yaml
sed 's/app.yaml/mistyped.yaml/' pipeline.yaml >other.yaml
echo '{"at":"2026-01-05T10:11:13Z","ip":"192.0.2.2","url":"/","status":404}' >short.ndjson
cp "$ROOT/config/schemas/nginx-json.yaml" own.yaml
sed 's/^schema: .*/schema: own.yaml/' "$ROOT/config/pipelines/nginx-no-ip-2024.yaml" >own-nginx.yaml
cp -r "$ROOT/config/pipelines/subjects" .
replay() {
  nymstream replay "$1" "$2" --keyring keyring --as-of 2026-01-31T00:00:00Z --out "$3"
  python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["fields_not_seen"])' "$3/manifest.json"
}
replay other.yaml log.ndjson out
replay pipeline.yaml short.ndjson short
replay own-nginx.yaml "$ROOT/docs/sample/access.ndjson" own
replay "$ROOT/config/pipelines/nginx-no-ip-2024.yaml" "$ROOT/docs/sample/access.ndjson" sample
