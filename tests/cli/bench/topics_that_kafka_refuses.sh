# Goal: a name that no topic can have is refused before anything is asked of a cluster.
nymstream bench pipeline.yaml log.ndjson --kafka --topics 'a b'
