# Goal: the way from a person's request to missing records.
echo maria | nymstream keys lookup keyring --category user.account.username \
  --type id --subject >subjects.txt
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out
