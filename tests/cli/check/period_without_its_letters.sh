sed 's/epoch: P30D/epoch: 30/' pipeline.yaml >wrong.yaml
nymstream check wrong.yaml
