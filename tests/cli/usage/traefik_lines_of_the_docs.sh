# Goal: what docs/own-log-format.md says of Traefik's own lines: why they are
# quarantined, and the command that makes combined lines of them.
cat >access.log <<'END'
192.0.2.1 - - [05/Jan/2026:10:11:12 +0000] "GET /a?b=c HTTP/1.1" 200 414 "-" "-" 500 "web@docker" "http://198.51.100.3:80" 0ms
192.0.2.2 - maria [05/Jan/2026:10:11:13 +0000] "GET / HTTP/1.1" - - "-" "curl/8.5.0" 501 "-" "-" 12ms
END
touch subjects.txt
for schema in traefik combined; do
  sed "s/app.yaml/$schema/" pipeline.yaml >$schema.yaml
done
nymstream replay traefik.yaml access.log --as-of 2026-01-31T00:00:00Z --out out1
nymstream replay combined.yaml access.log --as-of 2026-01-31T00:00:00Z --out out2
command=$(awk '/^```sh/ {on = 1; next} /^```/ {on = 0} on' \
  "$ROOT/docs/own-log-format.md")
echo "$command"
eval "${command/PIPELINE/combined.yaml --as-of 2026-01-31T00:00:00Z}"
cat out/analytics.log
