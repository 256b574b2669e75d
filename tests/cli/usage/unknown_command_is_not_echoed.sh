# Goal: a word on the command line may be a raw value; it is never repeated.
nymstream 192.0.2.77
