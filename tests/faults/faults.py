"""Breaks a stage, its broker or the way between them, and asks the oracle what became
of the records. One fault a run, on a real Kafka:

    python3 tests/faults/faults.py PROGRAM --fault kill --seed 7 --rounds 100 \\
        --records 100000 --version 4.1.1

--list shows the faults. The last line of output is a row of a Markdown table. Exit code
0: as promised; 1: not. A fault that is `published` may end either way, as the row says.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import platform
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback

import run as running
from run import Run
import proxy
from broker import VERSIONS
from oracle import number_of, source_of

FAULTS = {}


@dataclasses.dataclass
class Fault:
    row: int          # of faults.md
    title: str
    act: object
    broker: dict
    producing: bool
    rounds: int       # what --rounds defaults to
    records: int
    partitions: int
    published: bool   # the result counts as such, not as a failure
    pace: float       # seconds a round that the records should last


def fault(row, title, rounds=3, records=3000, partitions=2, producing=True, published=False,
          pace=2, **broker):
    def register(act):
        FAULTS[act.__name__.strip("_")] = Fault(
            row, title, act, broker, producing, rounds, records, partitions, published, pace)
        return act
    return register


# -- the process ends


RPCS = {"FindCoordinator": proxy.FIND_COORDINATOR, "InitProducerId": proxy.INIT_PRODUCER_ID,
        "JoinGroup": proxy.JOIN_GROUP, "SyncGroup": proxy.SYNC_GROUP, "OffsetFetch": 9,
        "Fetch": proxy.FETCH, "AddPartitionsToTxn": proxy.ADD_PARTITIONS_TO_TXN,
        "Produce": proxy.PRODUCE, "AddOffsetsToTxn": proxy.ADD_OFFSETS_TO_TXN,
        "TxnOffsetCommit": proxy.TXN_OFFSET_COMMIT, "EndTxn": proxy.END_TXN,
        "Heartbeat": proxy.HEARTBEAT, "Metadata": proxy.METADATA}
TRANSACTION_RPCS = ("AddPartitionsToTxn", "Produce", "AddOffsetsToTxn", "TxnOffsetCommit",
                    "EndTxn")


@fault(1, "kill -9 of the stage, at random points and with one RPC of the transaction held",
       rounds=10, proxied=True, pace=1.4)
def kill(run):
    held = None
    stage = run.stage()
    run.wait_commit(stage)
    run.most("first start s", time.monotonic() - stage.begun)
    stage.kill()
    for _ in range(run.rounds):
        stage = run.stage()
        how = run.rng.random()
        if how < 0.2:
            run.sleep(run.rng.uniform(0, 1.5))  # while it starts
        else:
            if run.wait_commit(stage) is not None:
                run.most("recovery s", time.monotonic() - stage.begun)
            if held:
                held.release()  # what the dead process had sent arrives now
                held = None
            if how < 0.7 or run.producer.done:
                run.sleep(run.rng.uniform(0, 0.7))
            else:
                held = hold(run, stage)
        stage.kill()
        run.count("kills")
        if held and run.rng.random() < 0.5:
            held.release()  # before the next one starts
            held = None
    if held:
        held.release()
    # A machine may be so busy that a start after nothing takes long as well.
    limit = max(5, 3 * run.facts["first start s"])
    run.expect(run.facts.get("recovery s", 0) < limit, f"recovery took {limit} s or more")
    run.finish()


def hold(run, stage):
    name = run.rng.choice(TRANSACTION_RPCS)
    rule = run.broker.proxy.on(RPCS[name], "hold", count=1,
                              side=run.rng.choice(["request", "response"]))
    try:
        rule.wait(timeout=5)
        run.count(f"held {name}")
    except TimeoutError:
        pass  # nothing to commit
    return rule


@fault(2, "SIGTERM at random points", rounds=6)
def terminate(run):
    for index in range(run.rounds):
        stage = run.stage()
        run.wait("the start", lambda: stage.has_event("stage_started"), 20, stage)
        if index % 3:
            run.wait_commit(stage)
        run.sleep(run.rng.uniform(0, 1))
        run.stop(stage)
        states = {name: one["state"] for name, one in run.see.transactions().items()}
        run.expect(all(state in running.COMPLETE for state in states.values()),
                   f"SIGTERM left {states}")
    run.finish()


@fault(22, "SIGABRT and SIGSEGV with core files allowed", rounds=4)
def core(run):
    resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
    run.facts["core_pattern"] = pathlib.Path(
        "/proc/sys/kernel/core_pattern").read_text().strip()
    for index in range(run.rounds):
        stage = run.stage()
        run.wait_commit(stage)
        stage.process.send_signal((signal.SIGABRT, signal.SIGSEGV)[index % 2])
        stage.wait_exit()
        run.expect(stage.exit_code < 0, f"exit code {stage.exit_code}")
    cores = [path for path in run.setup.folder.rglob("*core*") if path.is_file()]
    run.facts["core files"] = len(cores)
    run.expect(not cores, f"core files: {cores}")
    run.finish()


# -- the broker ends, or sleeps


@fault(3, "kill -9 and clean restarts of the broker", rounds=4, pace=10)
def broker_restart(run):
    stage = run.stage()
    run.wait_commit(stage)
    for _ in range(run.rounds):
        run.sleep(run.rng.uniform(0.3, 2))
        if run.rng.random() < 0.5:
            run.broker.kill()
            run.count("broker kills")
        else:
            run.broker.stop()
            run.count("broker stops")
        time.sleep(run.rng.uniform(0, 3))
        run.broker.start()
        stage = run.recover(stage)
    stage = run.running(stage)
    run.finish(stage, lived=not run.exits)


@fault(4, "SIGSTOP of the broker for 5 to 90 s", rounds=2, pace=50)
def broker_pause(run):
    stage = run.stage()
    run.wait_commit(stage)
    for seconds in [5, 20, 50, 90][:run.rounds]:
        run.sleep(run.rng.uniform(0.2, 1))
        run.broker.pause()
        time.sleep(seconds)
        run.broker.resume()
        run.most("paused s", seconds)
        stage = run.running(run.recover(stage))
    run.expect(not run.exits, f"it ended by itself: {run.exits}")
    # After more than a session librdkafka may come back as two members of one name
    # (docs/kafka.md), of which the stage makes one again.
    run.facts["rejoins"] = sum(each["event"] == "group_rejoined" for each in stage.events)
    run.finish(stage, lived=not run.exits)


@fault(4, "JoinGroup held, its connection cut, released once the second one is answered: "
          "the group takes a member for two", rounds=3, proxied=True, pace=5)
def join_twice(run):
    for index in range(run.rounds):
        join = run.broker.proxy.on(proxy.JOIN_GROUP, "hold", count=1)
        stage = run.stage()
        join.wait()
        join.cut_client()
        run.wait_commit(stage)
        run.sleep(run.rng.uniform(0, 1))
        join.release()
        run.wait("the fence", lambda: stage.has_event("group_rejoined"), 20, stage)
        run.count("rejoins")
        run.wait_commit(stage)
        if index + 1 < run.rounds:
            run.stop(stage)
    run.finish(stage)


@fault(4, "the broker gone for a minute: processor time, memory", rounds=1, records=20000, pace=90)
def outage(run):
    stage = run.stage()
    run.wait_commit(stage)
    run.sleep(2)
    cpu, memory = run.usage(stage)
    run.broker.kill()
    for _ in range(60):
        time.sleep(1)
        run.expect(stage.process.poll() is None, "it ended")
        run.most("MiB", run.usage(stage)[1])
    used = run.usage(stage)[0] - cpu
    run.facts |= {"CPU s of 60": round(used, 2), "MiB before": round(memory)}
    run.expect(used < 6, f"busy: {used:.1f} CPU seconds in a minute without a broker")
    run.expect(run.facts["MiB"] < memory + 64, "memory grew")
    run.broker.start()
    begun = time.monotonic()
    run.wait_commit(stage, timeout=90)
    run.facts["recovery s"] = round(time.monotonic() - begun, 2)
    run.finish(stage, lived=True)


# -- somebody else goes on


def zombie(run, other, pause):
    first = run.stage()
    run.wait_commit(first)
    for _ in range(run.rounds):
        run.sleep(run.rng.uniform(0.2, 1))
        first.process.send_signal(signal.SIGSTOP)
        second = run.stage(other)
        took = run.wait_commit(timeout=120)
        if took is not None:
            run.most("takeover s", took)
        run.sleep(pause)
        first.process.send_signal(signal.SIGCONT)
        run.sleep(run.rng.uniform(1, 5))
        if other == first.instance:
            try:
                first.wait_exit(30)
            except subprocess.TimeoutExpired:
                run.fail("the zombie lives on under an id that is taken")
                first.kill()
            run.facts["zombie's exit"] = first.exit_code
            run.expect(first.exit_code == 3, f"the zombie's exit code is {first.exit_code}")
            first = second
        else:
            run.stop(second)
            first = run.running(first)
    run.finish(first, timeout=180)


@fault(5, "SIGSTOP past session and transaction timeout while another id takes over, "
          "then SIGCONT", rounds=1, records=6000, pace=80)
def zombie_other_id(run):
    zombie(run, "node-1", 5)


@fault(5, "the same with dynamic membership", rounds=1, records=6000, pace=80)
def zombie_dynamic(run):
    run.setup.pipeline["source"]["kafka"]["membership"] = "dynamic"
    zombie(run, "node-1", 5)


@fault(5, "SIGSTOP while a second process takes the same id, then SIGCONT", rounds=2, pace=15)
def zombie_same_id(run):
    zombie(run, "node-0", run.rng.choice([1, 20]))


@fault(5, "a second process takes the same id while the first is at work", pace=8)
def same_id(run):
    first = run.stage()
    run.wait_commit(first)
    for _ in range(run.rounds):
        run.sleep(run.rng.uniform(0, 1))
        second = run.stage(first.instance)
        first.wait_exit(30)
        run.facts["first's exit"] = first.exit_code
        run.expect(first.exit_code == 3, f"the first one's exit code is {first.exit_code}")
        first = second
        run.wait_commit(first)
    run.finish(first)


# -- the way between


def with_rule(run, stage, name, action, side, seconds):
    """A stage that has met the rule on that RPC; for some it has to be started anew."""
    starts = name in ("FindCoordinator", "InitProducerId", "JoinGroup", "SyncGroup",
                      "OffsetFetch")
    if starts:
        run.stop(stage, within=11)
        rule = run.broker.proxy.on(RPCS[name], action, side=side)
        stage = run.stage()
    else:
        rule = run.broker.proxy.on(RPCS[name], action, side=side)
    try:
        rule.wait(timeout=20)
    except TimeoutError:
        run.count(f"not met {name}")
    run.sleep(seconds)
    rule.release()
    if name == "JoinGroup" and action == "drop":
        # A member waits for it as long as a rebalance may take, five minutes, unless
        # the connection ends as well.
        run.broker.proxy.cut()
    run.count(f"{action} {side}s", rule.seen)
    return stage


@fault(6, "each RPC cut or dropped, requests and answers", rounds=4, records=4000,
       proxied=True, pace=25)
def rpc(run):
    cases = [(name, action, side) for name in RPCS for action in ("cut", "drop")
             for side in ("request", "response")]
    run.rng.shuffle(cases)
    stage = run.stage()
    run.wait_commit(stage)
    for name, action, side in cases[:run.rounds]:
        begun = time.monotonic()
        seconds = run.rng.uniform(0, 3) if action == "cut" else run.rng.uniform(2, 20)
        stage = with_rule(run, stage, name, action, side, seconds)
        stage = run.recover(stage)
        print(f"  {name} {action} {side}: {time.monotonic() - begun:.1f} s", flush=True)
    run.finish(run.running(stage))


@fault(6, "a way that goes in one direction only, or in none", rounds=3, proxied=True, pace=25)
def partition(run):
    stage = run.stage()
    run.wait_commit(stage)
    for index in range(run.rounds):
        run.sleep(run.rng.uniform(0.2, 1))
        run.broker.proxy.blackhole(*(("up",), ("down",), ())[index % 3])
        run.sleep(run.rng.choice([3, 18, 25]))
        run.broker.proxy.heal()
        stage = run.recover(stage)
    run.finish(run.running(stage))


@fault(7, "a slow way: latency and 1 Mbit/s", rounds=2, proxied=True, pace=25)
def slow(run):
    stage = run.stage()
    run.wait_commit(stage)
    for _ in range(run.rounds):
        delay = run.rng.uniform(0.1, 1)
        run.broker.proxy.delay = {"up": delay, "down": delay}
        run.broker.proxy.bytes_per_second = {"up": 125000, "down": 125000}
        cpu, _ = run.usage(stage)
        run.sleep(15)
        run.most("CPU s of 15", run.usage(stage)[0] - cpu)
        run.most("MiB", run.usage(stage)[1])
        run.broker.proxy.delay = {"up": 0, "down": 0}
        run.broker.proxy.bytes_per_second = {"up": None, "down": None}
        run.wait_commit(stage, timeout=60)
    run.finish(stage, lived=True)


@fault(8, "EndTxn held, its connection cut, released after the next transaction began",
       rounds=5, published=True, proxied=True, pace=4)
def held_end(run):
    stage = run.stage()
    run.wait_commit(stage)
    for _ in range(run.rounds):
        run.sleep(run.rng.uniform(0.1, 0.5))
        end = run.broker.proxy.on(proxy.END_TXN, "hold", count=1)
        try:
            end.wait(timeout=10)
        except TimeoutError:
            break
        end.cut_client()
        again = run.broker.proxy.on(proxy.ADD_PARTITIONS_TO_TXN, 0.0, count=1)
        try:
            again.wait(timeout=30)
            run.count("released in the next transaction")
        except TimeoutError:
            run.count("no next transaction")
        end.release()
        run.sleep(run.rng.uniform(0.5, 1.5))
        stage = run.running(stage)
    run.finish(run.running(stage))


# -- the group


def storm(run, leave):
    members = [run.stage("node-0")]
    for index in range(run.rounds):
        run.sleep(run.rng.uniform(2, 5))
        for at, member in enumerate(members):
            members[at] = run.running(member)
        if len(members) < 3 and (len(members) == 1 or run.rng.random() < 0.5):
            names = {member.instance for member in members}
            members.append(run.stage(next(
                name for name in ("node-0", "node-1", "node-2") if name not in names)))
            run.count("joined")
        else:
            leave(members.pop(run.rng.randrange(len(members))))
            run.count("left")
    committed = sum(run.committed().values())
    run.expect(committed > 0, "no progress during the storm")
    run.facts["committed in the storm"] = committed
    names = {member.instance for member in members}
    for name in ("node-0", "node-1", "node-2"):
        if name not in names:  # a static member keeps its partitions for a session
            members.append(run.stage(name))
    run.finish(members[0], timeout=180)


@fault(10, "members join and leave every 2 to 5 s, static", rounds=8, partitions=5,
       records=6000, pace=4)
def storm_static(run):
    storm(run, run.stop)


@fault(10, "members join and leave every 2 to 5 s, dynamic, some by kill -9", rounds=8,
       partitions=5, records=6000, pace=4)
def storm_dynamic(run):
    run.setup.pipeline["source"]["kafka"]["membership"] = "dynamic"

    def leave(stage):
        if run.rng.random() < 0.3:
            stage.kill()
        else:
            run.stop(stage)
    storm(run, leave)


@fault(11, "partitions of the input raised while it runs", rounds=2)
def partitions_raised(run):
    run.setup.pipeline["source"]["kafka"]["librdkafka"] = {
        "topic.metadata.refresh.interval.ms": "1000"}
    stage = run.stage()
    run.wait_commit(stage)
    for count in range(run.rounds):
        run.sleep(1)
        run.see.raise_partitions("raw", 4 + 2 * count)
        # Numbers of the workload grow within a partition, also in a new one.
        run.workload._partitions = 4 + 2 * count
        run.sleep(2)
    run.finish(stage, lived=True)


@fault(11, "input topic deleted and made anew while it runs", producing=False)
def topic_recreated(run):
    run.produce(1000, rate=1 << 20)
    run.producer.join()
    stage = run.stage()
    run.wait("all", lambda: run.behind() == 0, 30, stage)
    run.see.delete_topic("raw")
    time.sleep(run.rng.uniform(0, 2))
    run.see.create_topic("raw", 2)
    run.see.produce("raw", run.workload.records(200))
    try:
        run.facts["exit code"] = stage.wait_exit(60)
        run.facts["says"] = stage.messages()[-1][-200:]
        run.expect(stage.exit_code not in (0, None), f"it ended with {stage.exit_code}")
    except subprocess.TimeoutExpired:
        run.fail("it goes on, though its input is another topic now")
        run.stop(stage)
    # With the topic Kafka forgets what was committed in it, so a second start begins
    # with the first record of the new one, and reads all of it once.
    raw = run.see.consume("raw")
    wanted = {each for each in map(number_of, (each.value for each in raw)) if each}
    again = run.stage()
    run.wait("the new topic", lambda: run.behind() == 0, 60, again)
    run.stop(again)
    seen = [number for number in (json.loads(each.value)["seq"] for each in
                                  run.see.consume("inside")) if number in wanted]
    run.facts["of the new topic"] = len(seen)
    run.expect(sorted(seen) == sorted(wanted), "records of the new topic are not there once")


# -- offsets


@fault(12, "records deleted past the committed offset", records=3000)
def deleted(run):
    stage = run.stage()
    run.wait_commit(stage)
    stage.kill()
    run.producer.hurry()
    run.producer.join()
    run.sleep(20)  # until nothing of the dead process is open
    committed = run.committed()
    end = run.see.end_offsets("raw")["raw", 0]
    before = min(end - 10, committed["raw", 0] + 200)
    run.see.delete_records("raw", before)
    stage = run.stage()
    run.facts["exit code"] = stage.wait_exit(60)
    run.facts["says"] = stage.messages()[-1][-200:]
    run.expect(stage.exit_code not in (0, None), f"it ended with {stage.exit_code}")
    run.expect(stage.has_event("position_missing"), "no event position_missing")
    lost = {(0, offset) for offset in range(before)}
    run.facts["deleted unread"] = before - committed["raw", 0]
    # The operator says where to go on, as the message tells.
    time.sleep(46 if run.see.describe_group("stage")["members"] else 0)
    run.see.set_committed("stage", {("raw", 0): before})
    run.finish(lost=lost)


@fault(12, "the group's offsets set back, and forward", records=3000)
def reset(run):
    run.setup.pipeline["source"]["kafka"]["membership"] = "dynamic"
    stage = run.stage()
    run.wait_commit(stage)
    run.producer.hurry()
    run.producer.join()
    run.wait("all", lambda: run.behind() == 0, 60, stage)
    run.stop(stage)
    run.resets = True
    end = run.see.end_offsets("raw")
    back = run.rng.randrange(end["raw", 0])
    run.see.set_committed("stage", {("raw", 0): back})
    more = run.see.produce("raw", run.workload.records(400))
    skip = sorted(offset for partition, offset in more if partition == 1)[20]
    run.see.set_committed("stage", {("raw", 1): skip})
    again = {(0, offset) for offset in range(back, end["raw", 0])}
    run.facts |= {"processed again": len(again), "skipped": skip - end["raw", 1]}
    run.finish(again=again, lost={(1, offset) for offset in range(end["raw", 1], skip)})


# -- what comes in


@fault(13, "compacted input", producing=False, records=2000)
def compacted(run):
    run.see.alter_topic("raw", {
        "cleanup.policy": "compact", "segment.ms": "500",
        "min.cleanable.dirty.ratio": "0.001", "min.compaction.lag.ms": "0",
        "delete.retention.ms": "100"})
    stage, known = None, {}
    for index in range(run.rounds * 5):
        records = run.workload.records(run._records // (run.rounds * 5))
        for number, record in enumerate(records):
            record["key"] = f"{run.workload.token}-{number % 20}".encode()
        for place, record in zip(run.see.produce("raw", records), records):
            known[place] = number_of(record["value"])
        if index == 7:
            run.sleep(5)  # some are gone before the stage sees them
            stage = run.stage()
        run.sleep(0.4)
    if stage is None:
        stage = run.stage()
    run.wait("all", lambda: run.behind() == 0, 60, stage)
    time.sleep(1)
    # What was processed before it was compacted away is a surplus for the witness.
    seen = {source_of(each) for each in run.see.consume("inside", "quarantine")}
    still = {(each.partition, each.offset) for each in run.see.consume("raw")}
    run.facts |= {"compacted away": sum(run.see.end_offsets("raw").values()) - len(still),
                  "of them processed before": len(seen - still)}
    run.expect(run.facts["compacted away"] > 0, "nothing was compacted away")
    stage_gaps = sum(value for name, value in stage.metrics().items()
                     if name.startswith("nymstream_offset_gaps"))
    run.facts["gaps"] = int(stage_gaps)
    run.finish(stage, lost=set(known) - still, known=known)


@fault(13, "transactional input, a third of it aborted", producing=False, records=3000)
def transactional(run):
    stage = run.stage()
    aborted = 0
    for index in range(run.rounds * 10):
        size = run._records // (run.rounds * 10)
        end = "abort" if run.rng.random() < 0.33 else "commit"
        aborted += size if end == "abort" else 0
        run.see.produce("raw", run.workload.records(size), transactional_id="upstream", end=end)
        run.sleep(0.1)
    run.facts["aborted input"] = aborted
    # An open one holds the stable end, and the stage waits.
    run.see.produce("raw", run.workload.records(10), transactional_id="slow", end="open")
    run.see.produce("raw", run.workload.records(10))
    run.sleep(2)
    run.see.end_transaction("slow")
    run.finish(stage, lived=True)


@fault(14, "poison: nesting, broken UTF-8, NUL, huge numbers, many fields, empty, tombstones",
       producing=False)
def poison(run):
    token = run.workload.token.encode()
    bad = [
        b"[" * 10000, b'{"a":' * 10000 + b"1" + b"}" * 10000, b"\xff\xfe" + token, b"\0",
        b'{"seq": 1, "seq": 2, "user": "' + token + b'"}', b"null", b"[]", b"1", b'"' + token,
        b'{"time": "2026-01-15T10:00:00Z", "user": "' + token + b'\xc3"}', b"{" + token + b"}",
        b'{"time": "2026-01-15T10:00:00Z", "user": "\\ud800' + token + b'"}',
        b'{"time": 1e999, "user": "' + token + b'"}',
        b"{" + b",".join(b'"%s%d": 1' % (token, i) for i in range(40000)) + b"}",
        # Without a line's end, which would make two records of it.
        bytes(run.rng.choice([*range(10), *range(11, 256)]) for _ in range(2000)),
    ]
    stage = run.stage()
    for index in range(run.rounds):
        run.rng.shuffle(bad)
        records = run.workload.records(200)
        for each in bad:
            records.insert(run.rng.randrange(len(records)), {
                "value": each, "key": run.rng.choice([None, b"", token]),
                "partition": run.rng.randrange(2)})
        records.insert(100, {"value": None, "key": token, "partition": 0})
        records.insert(150, {"value": b"", "key": None, "partition": 1})
        # Sound, for numbers have no end.
        long = b"9" * 50000 + b"%d" % index
        records.append({"value": b'{"time": "2026-01-15T10:00:00Z", "seq": ' + long +
                        b', "user": "' + token + b'"}', "key": None, "partition": 0})
        run.see.produce("raw", records)
    run.finish(stage)


@fault(15, "giant records around max.message.bytes, outputs that grow", producing=False)
def giant(run):
    limit = 1048576
    run.see.alter_topic("raw", {"max.message.bytes": str(8 << 20)})
    # The stage may want more than the default of the outputs: it says so at the start.
    stage = run.stage()
    time.sleep(3)
    if stage.process.poll() is not None:
        run.facts["first start"] = stage.messages()[-2][-220:]
        for topic in ("inside", "partners", "quarantine"):
            run.see.alter_topic(topic, {"max.message.bytes": str(3 << 20)})
        time.sleep(1)
        stage = run.stage()
    records = []
    for size in (limit - 5000, limit - 1000, limit - 100, limit - 1, limit, limit + 1,
                 limit + 1000, 2 * limit, 4 * limit):
        for kind in range(2):
            record = run.workload.record(seq=run.workload.count)
            short = size - len(record["value"])
            # Words stay, so that with the longer pseudonyms the whole grows; so many
            # addresses are more than the leak guard looks for.
            fill = (b" word", b" 198.18.1.1")[kind]
            fill = (fill * (short // len(fill) + 1))[:max(short, 0)]
            record["value"] = record["value"][:-2] + fill + record["value"][-2:]
            records.append(record)
    run.facts["largest"] = max(len(each["value"]) for each in records)
    for each in records:
        run.see.produce("raw", [each])
    run.wait("all", lambda: run.behind() == 0, 60, stage)
    time.sleep(1)
    inside, refused = ({source_of(each) for each in run.see.consume(topic)}
                       for topic in ("inside", "quarantine"))
    hidden = {(each.partition, each.offset) for each in run.see.consume("raw")} - inside - refused
    run.facts |= {"refused as too large": len(refused), "suppressed": len(hidden)}
    suppressed = sum(value for name, value in stage.metrics().items()
                     if "suppressed_records" in name and 'release="inside"' in name)
    run.expect(suppressed == len(hidden), f"{len(hidden)} are nowhere, {suppressed} suppressed")
    run.finish(stage, refused=refused, lost=hidden)


# -- outputs


def broken_output(run, stage, break_it, mend, words, timeout=60):
    """The stage stops with exit code 3, or waits; mended and started again it goes on."""
    run.wait_commit(stage)
    run.sleep(0.5)
    break_it()
    begun = time.monotonic()
    try:
        run.facts["exit code"] = stage.wait_exit(timeout)
        run.facts["exit after s"] = round(time.monotonic() - begun, 1)
        run.facts["says"] = stage.messages()[-1][-200:]
        run.expect(stage.exit_code == 3, f"exit code {stage.exit_code}")
    except subprocess.TimeoutExpired:
        run.facts["exit code"] = "none, it waits"
        cpu, _ = run.usage(stage)
        time.sleep(10)
        run.facts["CPU s of 10"] = round(run.usage(stage)[0] - cpu, 2)
        run.expect(run.facts["CPU s of 10"] < 2, "busy while it waits")
        told = [each["event"] for each in stage.events]
        run.expect(any(word in told for word in words), f"it waits and does not say: {told[-5:]}")
    mend()
    return run.stage() if stage.process.poll() is not None else stage


@fault(16, "an output topic missing at the start")
def output_missing(run):
    topic = run.rng.choice(["inside", "partners", "quarantine"])
    run.see.delete_topic(topic)
    time.sleep(0.5)
    stage = run.stage()
    run.facts["exit code"] = stage.wait_exit(60)
    run.facts["says"] = stage.messages()[-2][-200:]
    run.expect(stage.exit_code == 3, f"exit code {stage.exit_code}")
    run.expect(topic in stage.stderr, "the message does not name the topic")
    run.expect(run.see.committed("stage") == {}, "something was committed")
    run.see.create_topic(topic, 2, {"retention.ms": "31536000000"})
    run.finish()


@fault(16, "the quarantine topic deleted in flight")
def quarantine_deleted(run):
    stage = run.stage()
    run.wait_commit(stage)
    run.sleep(0.5)
    run.see.delete_topic("quarantine")
    begun = time.monotonic()
    try:
        run.facts["exit code"] = stage.wait_exit(90)
        run.facts["exit after s"] = round(time.monotonic() - begun, 1)
        run.facts["says"] = stage.messages()[-1][-200:]
        run.expect(stage.exit_code == 3, f"exit code {stage.exit_code}")
        run.expect("topic 'quarantine'" in stage.messages()[-1] and
                   stage.has_event("topic_missing"), "it does not say which topic is gone")
    except subprocess.TimeoutExpired:
        run.facts["exit code"] = "none"
        run.fail("it goes on without a quarantine")
    # What had been committed before is the operator's loss, the rest is not.
    before = {(partition, offset) for (_, partition), end in run.committed().items()
              for offset in range(end)}
    run.see.create_topic("quarantine", 2, {"retention.ms": "31536000000"})
    stage = run.stage() if stage.process.poll() is not None else stage
    run.finish(stage, gone={"quarantine": before})


@fault(16, "write access to an output taken away in flight", security="sasl_plaintext,acl")
def denied(run):
    password = run.folder / "password"
    password.write_text(run.broker.password("nymstream"))
    password.chmod(0o600)
    run.setup.pipeline["source"]["kafka"]["security"] = {
        "protocol": "sasl_plaintext", "mechanism": "PLAIN", "username": "nymstream",
        "password": str(password)}
    allow = lambda *words, **options: run.see.allow("nymstream", *words, **options)
    allow("READ", "TOPIC", "raw")
    for topic in ("raw", "inside", "partners", "quarantine"):
        allow("DESCRIBE", "TOPIC", topic)
        allow("DESCRIBE_CONFIGS", "TOPIC", topic)
    for topic in ("inside", "partners", "quarantine"):
        allow("WRITE", "TOPIC", topic)
    allow("READ", "GROUP", "stage")
    allow("DESCRIBE", "GROUP", "stage")
    allow("DESCRIBE", "CLUSTER", "kafka-cluster")
    for instance in ("stage-node-0-0",):
        allow("WRITE", "TRANSACTIONAL_ID", instance)
        allow("DESCRIBE", "TRANSACTIONAL_ID", instance)
    topic = run.rng.choice(["inside", "partners"])
    run.facts["topic"] = topic
    # A denial outweighs what is allowed, and can't be taken back by this witness: what
    # mends it is the right of another user, who starts the stage from then on.
    def mend():
        password.write_text(run.broker.password("admin"))
        run.setup.pipeline["source"]["kafka"]["security"]["username"] = "admin"
    stage = broken_output(run, run.stage(), lambda: allow("WRITE", "TOPIC", topic, deny=True),
                          mend, ["call_retried"])
    run.finish(stage)


# -- the command


def versions(program, kafka):
    def output(*words):
        done = subprocess.run(words, capture_output=True, text=True)
        return (done.stdout + done.stderr).strip()
    root = pathlib.Path(__file__).resolve().parents[2]
    commit = output("git", "-C", str(root), "rev-parse", "--short", "HEAD")
    java = output("java", "-version").splitlines()[0] if shutil.which("java") else "none"
    return {"tests": commit, "nymstream": output(program, "--version"),
            "sha256": output("sha256sum", program)[:12],
            "librdkafka": output("pkg-config", "--modversion", "rdkafka"),
            "kafka": kafka, "jdk": java.replace('"', ""), "kernel": platform.release()}


def run_fault(name, arguments):
    """(row as a dict, whether it counts as a success)"""
    one = FAULTS[name]
    rounds = arguments.rounds or one.rounds
    records = arguments.records or one.records
    begun = time.monotonic()
    run = None
    try:
        run = Run(name, arguments.program, arguments.version, arguments.seed, rounds, records,
                  one.partitions, one.broker, one.producing, one.pace)
        one.act(run)
    except Exception as error:
        traceback.print_exc()
        if run is None:
            raise
        run.fail(f"{type(error).__name__}: {error}"[:800])
    finally:
        if run:
            if arguments.keep and run.failures:
                shutil.copytree(run.folder, arguments.keep, dirs_exist_ok=True,
                                ignore=shutil.ignore_patterns("data"))
            if aborts := run.aborts():
                run.facts["aborts"] = aborts
            run.close()
    facts = dict(run.facts)
    if run.exits:
        facts["exits"] = run.exits
    row = {"row": one.row, "fault": name, "title": one.title, "seed": arguments.seed,
           "version": arguments.version, "rounds": rounds, "published": one.published,
           "failures": run.failures, "facts": facts,
           "seconds": round(time.monotonic() - begun)}
    return row, not run.failures or one.published


def markdown(row):
    facts = ", ".join(f"{name} {value}" for name, value in row["facts"].items())
    verdict = "pass" if not row["failures"] else "FAIL: " + "; ".join(row["failures"])[:300]
    cells = [row["row"], f"`{row['fault']}`", row["version"], row["seed"], row["rounds"],
             verdict, facts, f"{row['seconds']} s"]
    return "| " + " | ".join(str(cell).replace("|", "/").replace("\n", " ")
                             for cell in cells) + " |"


def table(path):
    """Of the rows in a file of --json: what was run, then what came of it."""
    with open(path) as lines:
        rows = [json.loads(line) for line in lines]
    for told in sorted({json.dumps(row["versions"] | {"kafka": ""}) for row in rows}):
        told = json.loads(told)
        print("- " + ", ".join(f"{name} {value}" for name, value in told.items() if value))
    print("\n| row | fault | Kafka | seed | rounds | result | seen | time |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        print(markdown(row))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", nargs="?")
    parser.add_argument("--fault", action="append", choices=sorted(FAULTS), default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--records", type=int)
    parser.add_argument("--version", choices=VERSIONS, default="3.9.1")
    parser.add_argument("--json", help="append the rows to this file, one JSON a line")
    parser.add_argument("--keep", help="copy logs of a failed run into this folder")
    parser.add_argument("--list", action="store_true", help="every fault and what it does")
    parser.add_argument("--names", action="store_true", help="the names only")
    parser.add_argument("--table", help="print the rows of a file of --json as Markdown")
    arguments = parser.parse_args()
    if arguments.table:
        table(arguments.table)
        return 0
    if arguments.names:
        print("\n".join(FAULTS))
        return 0
    if arguments.list:
        for name, one in FAULTS.items():
            print(f"{one.row:3} {name:20} {one.title}")
        return 0
    if not arguments.program or not arguments.fault:
        parser.error("PROGRAM and --fault NAME are needed; --list shows the names")
    print("command:", *sys.argv)
    told = versions(arguments.program, arguments.version)
    print("versions:", json.dumps(told), flush=True)
    good = True
    for name in arguments.fault:
        print(f"fault {name}, seed {arguments.seed}: {FAULTS[name].title}", flush=True)
        row, passed = run_fault(name, arguments)
        good = good and passed
        for failure in row["failures"]:
            print("  failure:", failure)
        print(markdown(row), flush=True)
        if arguments.json:
            with open(arguments.json, "a") as rows:
                rows.write(json.dumps(row | {"versions": told}) + "\n")
    return 0 if good else 1


if __name__ == "__main__":
    # A test that is ended ends its broker: scripts/kafka watches this process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
