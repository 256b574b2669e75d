sed 's/no-ip-2024/no-ip-2042/' pipeline.yaml >wrong.yaml
nymstream check wrong.yaml
