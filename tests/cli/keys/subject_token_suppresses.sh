# Goal: the way from a person's request to missing records, counted for each list.
echo maria | nymstream keys lookup keyring --category user.account.username \
  --type id --subject >subjects.txt
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out
python3 -c 'import json
for release in json.load(open("out/manifest.json"))["counters"]["releases"]:
    print(release["release"], *release["suppressed_by_list"])'
