printf '\n\n' >empty.log
nymstream bench pipeline.yaml empty.log
