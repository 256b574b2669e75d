# Goal: without INPUT the records are generated, in the keyring's time.
sed 's,/etc/nymstream/,,' "$ROOT/config/pipelines/combined-no-ip-2024.yaml" >combined.yaml
sed -i '/^rights:/,$d' combined.yaml
cat >>combined.yaml <<'END'
rights:
  - {right: erasure, subjects: subjects.txt}
  - {right: opt_out_of_third_party_disclosure, subjects: subjects.txt}
  - {right: opt_out_of_marketing, subjects: subjects.txt}
END
nymstream bench combined.yaml --rounds 1 --sample-mib 1 \
  --as-of 2026-01-06T00:00:00Z >out.txt
grep -o '^generated combined lines\|^parse limit: memchr and copy' out.txt
sed -n '/^release  /,/^$/p' out.txt | awk '{print $1, $2, $3, $4}'
