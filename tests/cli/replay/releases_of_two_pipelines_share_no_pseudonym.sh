# Goal: one log, keyring and release name, two pipelines: nothing to join them by.
sed 's/^pipeline: edge/pipeline: shop/' pipeline.yaml >shop.yaml
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out edge 2>/dev/null
nymstream replay shop.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out shop 2>/dev/null
tokens() { grep -oh 'nym_[a-z2-7_]*' "$@" | sort; }
tokens edge/*.ndjson >edge.txt
tokens shop/*.ndjson >shop.txt
wc -l <edge.txt
comm -12 edge.txt shop.txt
# A subject has one token for all pipelines: its records leave neither.
echo maria | nymstream keys lookup keyring --category user.account.username \
  --type id --subject >subjects.txt
for name in pipeline shop; do
  nymstream replay "$name.yaml" log.ndjson --as-of 2026-01-31T00:00:00Z --out "$name.out" 2>&1
done
