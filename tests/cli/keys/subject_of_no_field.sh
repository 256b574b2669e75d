# Goal: a token that would match nobody is not made, if the pipeline is named.
token() { echo maria | nymstream keys lookup keyring --subject --pipeline pipeline.yaml "$@"; }
token --category user.account.username --type id
token --category user.account --type id
