sed 's/name: partners/name: analytics/' pipeline.yaml >wrong.yaml
nymstream check wrong.yaml
