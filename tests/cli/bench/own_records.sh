# Goal: every part is measured, and nothing of a record is shown or written.
# Figures differ from run to run: names and counts do not.
nymstream bench pipeline.yaml log.ndjson --rounds 1 --as-of 2026-01-31T00:00:00Z \
  --json out.json --html out.html >out.txt
grep '^log\|^a file' out.txt
grep -o '^\(parse limit\|engine, all\|release [a-z]* alone\|leak guard\|pseudonymize\|ip\|url\|user\)' out.txt
sed -n '/^release  /,/^$/p' out.txt
python3 -c 'import json; print(*json.load(open("out.json")))'
head -n 1 out.html
! grep -e 192.0.2 -e maria -e john out.txt out.json out.html
