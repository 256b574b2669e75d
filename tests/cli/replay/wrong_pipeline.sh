sed 's/P1D/1 day/' pipeline.yaml >wrong.yaml
nymstream replay wrong.yaml log.ndjson --out out
code=$?
ls -d out
exit "$code"
