mkdir folder
nymstream check folder
