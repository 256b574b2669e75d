"""What is wrong at the start is said in one clear error, and nothing is begun.

Goal: file, key, what is wrong, what to do, and the exit code, for everything that
the cluster or the pipeline can lack; and a record that the broker would not take
never stops the work. Method: each of it made wrong alone, on a broker with ACLs.
Usage: refusal_test.py PROGRAM
"""

import json
import socket
import unittest

from case import StageCase, main
from stage import record, sequence

YEAR_MS = 31536000000


class Refused(StageCase):
    def assert_refused(self, stage, exit_code, *parts, count=1):
        """The process ends with `count` errors; the first says all of this."""
        with stage:
            stage.wait_exit()
        self.assertEqual(stage.exit_code, exit_code, stage.stderr)
        errors = stage.errors()
        self.assertEqual(len(errors), count, stage.stderr)
        for part in parts:
            self.assertIn(part, errors[0])
        return stage


class StartTest(Refused):
    def outputs(self, setup):
        return [release["output"]["kafka"] for release in setup.pipeline["releases"]]

    def test_a_broker_that_is_away(self):
        setup = self.make_setup(create=False)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        setup.pipeline["source"]["kafka"]["brokers"] = [f"127.0.0.1:{port}"]
        stage = self.assert_refused(
            setup.stage(), 3, "pipeline.yaml:", "error: source.kafka.brokers: no broker answers "
            f"at 127.0.0.1:{port}", "check the addresses, the network")
        self.assertTrue(stage.has_event("start_refused"))
        self.assertFalse(stage.has_event("stage_started"))

    def test_a_topic_that_is_missing(self):
        setup = self.make_setup(create=False)
        stage = self.assert_refused(
            setup.stage(), 3, "pipeline.yaml:", "source.kafka.topic",
            f"topic '{setup.raw}' is not there", "make it", count=4)
        for key in ("releases[0].output.kafka.topic", "releases[1].output.kafka.topic",
                    "quarantine.kafka.topic"):
            self.assertEqual(sum(key in error for error in stage.errors()), 1)

    def test_topics_are_made_as_create_says(self):
        setup = self.make_setup(create=False)
        self.see.create_topic(setup.raw, 2)
        inside, partners = self.outputs(setup)
        inside["create"] = {"partitions": 3, "retention": "P30D"}
        partners["create"] = {"partitions": 2}
        setup.pipeline["quarantine"]["kafka"]["create"] = {"partitions": 1}
        self.see.produce(setup.raw, [{"value": record(1)}])
        stage = self.process_all(setup)
        self.assertEqual(sum(event["event"] == "topic_created" for event in stage.events), 3)
        self.assertEqual(len(self.see.end_offsets(setup.inside)), 3)
        self.assertEqual(len(self.see.end_offsets(setup.quarantine)), 1)
        said = self.broker.tool("org.apache.kafka.tools.TopicCommand", "--bootstrap-server",
                                self.broker.env["INTERNAL"], "--describe")
        settings = {line.split("Topic: ")[1].split()[0]: line for line in said.splitlines()
                    if "Configs: " in line}
        self.assertIn(f"retention.ms={30 * 86400000}", settings[setup.inside])
        for topic in (setup.inside, setup.partners):
            self.assertIn("cleanup.policy=delete", settings[topic])
            retention = int(settings[topic].split("retention.ms=")[1].split(",")[0])
            self.assertLessEqual(retention, 2 * YEAR_MS)
        self.assertFalse(self.process_all(setup).has_event("topic_created"))

    def test_a_topic_that_can_not_be_made(self):
        setup = self.make_setup(create=False)
        self.see.create_topic(setup.raw, 2)
        for topic in (setup.partners, setup.quarantine):
            self.see.create_topic(topic, 1, {"retention.ms": str(YEAR_MS)})
        self.outputs(setup)[0]["create"] = {"partitions": 1, "replication_factor": 3}
        self.assert_refused(setup.stage(), 3, "releases[0].output.kafka.create",
                            "INVALID_REPLICATION_FACTOR", "number of brokers")

    def test_a_topic_that_keeps_records_longer_than_the_policy_allows(self):
        for i, (name, settings, has) in enumerate((
                ("for-ever", {"retention.ms": "-1"}, "retention.ms -1"),
                ("three-years", {"retention.ms": str(3 * YEAR_MS)},
                 f"retention.ms {3 * YEAR_MS}"),
                ("compacted", {"cleanup.policy": "compact", "retention.ms": "1000000"},
                 "cleanup.policy compact"))):
            with self.subTest(name):
                setup = self.make_setup(name=name)
                topic = (setup.inside, setup.partners)[i % 2]
                self.see.alter_topic(topic, settings)
                self.assert_refused(
                    setup.stage(), 3, "pipeline.yaml:", f"releases[{i % 2}].output.kafka.topic",
                    f"topic '{topic}' keeps records longer than the policy allows, P2Y", has,
                    "set cleanup.policy=delete and retention.ms to")
                self.assertEqual(self.see.committed(setup.group), {})

    def test_an_output_that_is_the_input(self):
        setup = self.make_setup()
        self.outputs(setup)[1]["topic"] = setup.raw
        self.assert_refused(setup.stage(), 2, "pipeline.yaml:", "releases[1].output.kafka.topic",
                            "belongs to the source already")
        setup.pipeline["quarantine"]["kafka"]["topic"] = setup.partners
        self.outputs(setup)[1]["topic"] = setup.partners
        self.assert_refused(setup.stage(), 2, "belongs to the quarantine already")

    def test_a_first_start_that_does_not_say_where_to_begin(self):
        setup = self.make_setup()
        self.see.produce(setup.raw, [{"value": record(1), "partition": 0}])
        source = setup.pipeline["source"]["kafka"]
        del source["start"]
        self.assert_refused(setup.stage(), 2, "the group has committed no offset yet",
                            "source.kafka.start: earliest or latest")
        self.assertEqual(self.see.committed(setup.group), {})
        source["start"] = "latest"
        self.process_all(setup)
        self.see.produce(setup.raw, [{"value": record(2), "partition": 0}])
        del source["start"]  # not needed any more
        self.process_all(setup)
        self.assertEqual(sequence(self.see.consume(setup.inside)), [2])

    def test_a_property_that_exactly_once_depends_on(self):
        setup = self.make_setup(create=False)
        for name, value in (("isolation.level", "read_uncommitted"),
                            ("enable.auto.commit", "true"), ("transactional.id", "x")):
            with self.subTest(name):
                setup.pipeline["source"]["kafka"]["librdkafka"] = {name: value}
                self.assert_refused(setup.stage(), 2, "pipeline.yaml:", name)

    def test_a_name_of_the_instance_that_does_not_do(self):
        setup = self.make_setup(create=False)
        for name in ("", "a b", "ä", "x" * 201):
            self.assert_refused(setup.stage(name), 2, "--instance")

    def test_a_release_that_the_broker_would_not_take_is_quarantined(self):
        setup = self.make_setup(partitions=1)
        limit = 20000
        for topic in (setup.inside, setup.partners):
            self.see.alter_topic(topic, {"max.message.bytes": str(limit)})
        # Numbers leave as they are and do not compress; the limit of a batch lies
        # between the smallest and the largest.
        sizes = range(limit - 3000, limit + 300, 150)
        padding = "".join(chr(33 + (i * i * 31 + i // 7) % 90) for i in range(limit))
        raw = []
        for seq, size in enumerate(sizes):
            text = json.loads(record(seq)) | {"message": ""}
            text["message"] = padding.replace('"', "'").replace("\\", "/")[
                :size - len(json.dumps(text))]
            raw.append({"value": json.dumps(text).encode()})
        raw.append({"value": record(len(raw))})
        self.see.produce(setup.raw, raw)
        self.process_all(setup)
        receipts = self.see.consume(setup.quarantine)
        refused = {int(each.header("nymstream-source").decode().split("/")[2])
                   for each in receipts}
        self.assertEqual({each.header("nymstream-reason") for each in receipts},
                         {b"released_too_large"})
        self.assertGreater(len(refused), 2)
        self.assertLess(len(refused), len(raw) - 2)
        for topic in (setup.inside, setup.partners):
            self.assertEqual(set(sequence(self.see.consume(topic))),
                             set(range(len(raw))) - refused)


class AccessTest(Refused):
    security = "sasl_plaintext,acl"

    RIGHTS = (("READ", "TOPIC", "raw"), ("READ", "GROUP", None),
              ("WRITE", "TOPIC", "inside"), ("WRITE", "TOPIC", "partners"),
              ("WRITE", "TOPIC", "quarantine"), ("DESCRIBE_CONFIGS", "TOPIC", "inside"),
              ("DESCRIBE_CONFIGS", "TOPIC", "partners"),
              ("DESCRIBE_CONFIGS", "TOPIC", "quarantine"),
              ("WRITE", "TRANSACTIONAL_ID", None))

    def restricted(self, name, without=None):
        """A setup whose user may do what it needs but for one of RIGHTS."""
        setup = self.make_setup(name=name)
        self.log_in_plain(setup)
        for right in self.RIGHTS:
            operation, resource, topic = right
            if right == without:
                continue
            target = getattr(setup, topic) if topic else setup.group
            if resource == "TRANSACTIONAL_ID":
                target = f"{setup.group}-node-0-0"
            self.see.allow("nymstream", operation, resource, target)
        self.see.produce(setup.raw, [{"value": record(1), "partition": 0}])
        return setup

    def test_the_rights_that_docs_kafka_md_names_suffice(self):
        setup = self.restricted("all")
        self.process_all(setup)
        self.assertEqual(sequence(self.see.consume(setup.inside)), [1])

    def test_each_right_that_is_missing_is_named(self):
        says = {("READ", "TOPIC"): "READ and DESCRIBE on the input topic",
                ("READ", "GROUP"): "READ on the group",
                ("WRITE", "TOPIC"): "WRITE and DESCRIBE",
                ("DESCRIBE_CONFIGS", "TOPIC"): "DESCRIBE_CONFIGS",
                ("WRITE", "TRANSACTIONAL_ID"): "WRITE and DESCRIBE on the transactional id"}
        for right in self.RIGHTS:
            operation, resource, topic = right
            with self.subTest(right):
                setup = self.restricted(f"no-{operation}-{resource}-{topic}", right)
                # READ implies DESCRIBE: without both the topic seems not to be there.
                if right == ("READ", "TOPIC", "raw"):
                    self.see.allow("nymstream", "DESCRIBE", "TOPIC", setup.raw)
                stage = self.assert_refused(setup.stage(), 3, says[operation, resource])
                if resource == "TOPIC" and topic != "raw":
                    self.assertIn(getattr(setup, topic), stage.errors()[0])
                self.assertEqual(self.see.consume(setup.inside, setup.partners), [])


if __name__ == "__main__":
    main()
