# Goal: the line is named, the value is not shown.
echo maria >subjects.txt
nymstream replay pipeline.yaml log.ndjson --out out
