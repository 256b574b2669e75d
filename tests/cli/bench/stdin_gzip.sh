# Goal: stdin is read, compressed or not.
gzip -c log.ndjson | nymstream bench pipeline.yaml - --rounds 1 \
  --as-of 2026-01-31T00:00:00Z | grep -o '^stdin: [0-9]* records'
