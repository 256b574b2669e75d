nymstream schema
