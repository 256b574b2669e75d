printf '\177ELF\0\0' >binary.yaml
nymstream check binary.yaml
