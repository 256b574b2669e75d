sed 's/policy: no-ip-2024/policy: "no-ip-2024/' pipeline.yaml >broken.yaml
nymstream check broken.yaml
