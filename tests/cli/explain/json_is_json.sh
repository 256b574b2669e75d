nymstream explain pipeline.yaml --format json | python3 -m json.tool >/dev/null
