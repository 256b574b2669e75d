# Goal: figures of records that all are quarantined are not given.
echo 'no JSON of maria' >bad.log
nymstream bench pipeline.yaml bad.log
