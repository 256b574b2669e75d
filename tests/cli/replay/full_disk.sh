# Goal: told at once, and what to do next. The limit of a file's size stands in
# for a disk.
for i in {1..400}; do cat log.ndjson; done >many.ndjson
(ulimit -f 16; nymstream replay pipeline.yaml many.ndjson --as-of 2026-01-31T00:00:00Z --out out)
code=$?
ls -A out
exit "$code"
