# Goal: a list that would match nobody is refused before anything is read.
nymstream keys generate other 2>/dev/null
printf '# opted out\n' >subjects.txt
echo maria | nymstream keys lookup other --category user.account.username --type id --subject \
  >>subjects.txt
nymstream check pipeline.yaml
