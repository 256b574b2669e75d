nymstream check
