# The last step of scripts/quickstart, sourced by it: the sample goes through a real
# broker. Its records are given today's date, since a stage judges retention by the
# clock. Everything that it starts it also stops.

today=$(date -u +%F)
kafka=$demo/kafka
stage=""
stop_stage() {
  if [[ -n $stage ]]; then kill -TERM "$stage" && wait "$stage"; fi
  stage=""
}
trap 'stop_stage || true; scripts/kafka kill --dir "$kafka" >/dev/null 2>&1 || true' EXIT

show scripts/kafka start --dir "$kafka" --while $$
broker=$(scripts/kafka env --dir "$kafka" | sed -n 's/^BOOTSTRAP=//p')
tool() { scripts/kafka tool "$@" 2>/dev/null; }
read_one() {
  tool org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "$broker" \
    --topic "$1" --from-beginning --isolation-level read_committed --max-messages 1 \
    --timeout-ms 20000
}

tool org.apache.kafka.tools.TopicCommand --bootstrap-server "$broker" --create \
  --topic access-raw --partitions 1
sed "s/\"2026-01-01T/\"${today}T/" docs/sample/access.ndjson >"$demo/today.ndjson"
tool kafka.tools.ConsoleProducer --bootstrap-server "$broker" --topic access-raw \
  <"$demo/today.ndjson"

sed -e "s|127.0.0.1:9092|$broker|" -e 's|127.0.0.1:9464|127.0.0.1:0|' \
  -e "s|/etc/nymstream/keyring|$root/$demo/keyring-today|" \
  -e "s|subjects/|$root/config/pipelines/subjects/|" \
  config/pipelines/nginx-no-ip-2024-kafka.yaml >"$demo/stage.yaml"
show nymstream keys generate "$demo/keyring-today" --period P1D --period P30D \
  --from "$today" --until "$(date -u -d '+2 days' +%F)"
printf '\n$ nymstream run %s --instance quickstart-0 &\n' "$demo/stage.yaml"
nymstream run "$demo/stage.yaml" --instance quickstart-0 2>"$demo/stage.events" &
stage=$!

# received COUNT: waits until the stage has committed so many records.
received() {
  local port
  for ((i = 0; i < 300; i++)); do
    kill -0 "$stage" 2>/dev/null || { cat "$demo/stage.events" >&2; fail "the stage ended"; }
    port=$(sed -n 's/.*"event":"stage_started".*"port":\([0-9]*\).*/\1/p' "$demo/stage.events")
    if [[ -n $port ]]; then
      python3 - "$port" >"$demo/metrics.txt" <<'PYTHON' || true
import sys, urllib.request
print(urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/metrics", timeout=5).read().decode())
PYTHON
      local seen
      seen=$(awk '/^nymstream_received_records_total/ {sum += $2} END {print sum + 0}' \
        "$demo/metrics.txt")
      if ((seen >= $1)); then return; fi
    fi
    sleep 0.1
  done
  cat "$demo/stage.events" >&2
  fail "the stage did not read the sample in 30 s"
}
received "$(wc -l <"$demo/today.ndjson")"

printf '\nraw, in access-raw:\n'
head -n 1 "$demo/today.ndjson"
for release in analytics partners statistics; do
  printf '\n%s, in access-%s:\n' "$release" "$release"
  read_one "access-$release"
done
printf '\ncounters of the stage:\n'
grep -E '^nymstream_(received|released|suppressed|quarantined)_records_total' "$demo/metrics.txt" |
  grep -v ' 0$'
stop_stage
show scripts/kafka stop --dir "$kafka"
trap - EXIT
