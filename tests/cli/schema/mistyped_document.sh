nymstream schema logschema
