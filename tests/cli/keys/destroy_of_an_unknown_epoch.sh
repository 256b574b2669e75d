nymstream keys destroy keyring --epoch zzzzzz
