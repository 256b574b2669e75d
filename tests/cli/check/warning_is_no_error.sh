# Goal: a warning is told and counted, and the pipeline may start.
sed -i '/recipient/d' pipeline.yaml
nymstream check pipeline.yaml
