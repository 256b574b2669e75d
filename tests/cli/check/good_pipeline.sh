# Goal: one line on stdout, nothing else.
nymstream check pipeline.yaml
