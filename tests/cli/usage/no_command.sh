# Goal: a program called without a command says which next step to take.
nymstream
