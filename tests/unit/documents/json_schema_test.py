"""The JSON Schemas are valid, accept every shipped document, and refuse bad ones.

Judged by python3-jsonschema, which shares no code with us.
Usage: json_schema_test.py PRINT_JSON_SCHEMA
"""

import copy
import json
import pathlib
import subprocess
import sys
import unittest

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDERS = {"policy": "policies", "log-schema": "schemas", "pipeline": "pipelines"}

SCHEMA_EXAMPLE = """
schema: nginx-json
format: json
event_time: time_iso8601
fields:
  time_iso8601: {category: system.operations, type: timestamp}
  "headers.X-Forwarded-For[*]": {category: user.device.ip_address, type: ip_list}
  place: {category: user.location, type: geo, granularity: city}
  method: {category: system.operations, type: enum, values: [GET]}
  uri: {category: user.behavior.browsing_history, type: url, keep_parameters: [page]}
kafka:
  key: {category: user.device.device_id, type: id}
  headers: {client-ip: {category: user.device.ip_address, type: ip}}
"""

PIPELINE_EXAMPLE = """
pipeline: edge-logs
schema: nginx-json
policy: my/policy.yaml
source:
  kafka:
    brokers: ["broker:9092", "[2001:db8::1]:9092"]
    topic: access-raw
    group: nymstream
    start: earliest
    membership: dynamic
    lanes: 2
    commit_interval_ms: 100
    security:
      protocol: sasl_ssl
      ca: ca.pem
      certificate: client.pem
      key: client.key
      key_password: client.password
      mechanism: SCRAM-SHA-512
      username: nymstream
      password: password
    librdkafka: {client.rack: rack-1, queued.min.messages: "1000"}
releases:
  - name: analytics
    use: analytics.reporting
    audience: internal
    level: pseudonymized
    epoch: P30D
    as: json
    source_coordinates: true
    recipient: Example Analysts
    fields:
      remote_addr: {treatment: truncate, prefix_v4: 16, prefix_v6: 32}
      size: {treatment: buckets, buckets: [0, 100.5]}
      user: suppress
    output:
      kafka:
        topic: access-deid
        compression: zstd
        create: {partitions: 4, replication_factor: 3, retention: P30D}
        key: pseudonymize
        headers: {client-ip: {treatment: truncate, prefix_v4: 8}}
keys: {keyring: /etc/nymstream/keyring}
monitoring: {listen: "127.0.0.1:9464"}
quarantine: {kafka: {topic: access-quarantine, create: {partitions: 1}}, seal_to: /etc/nymstream/quarantine.pub}
rights: [{right: erasure, subjects: erased.txt}]
country_database: country.mmdb
limits: {record_bytes_max: 1MiB, depth_max: 64, quarantine_ratio_max: 0.01}
leak_guard: true
"""


def without(key):
    def edit(document):
        del document[key]
    return edit


def put(path, value):
    """An edit that sets the member at `path`, a list of keys and indexes."""
    def edit(document):
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value
    return edit


BAD = {
    "policy": [
        without("grants"),
        put(["surprise"], 1),
        put(["policy"], "Capital"),
        put(["policy"], 12),
        put(["personal"], []),
        put(["personal", 0], "user.nam"),
        put(["personal"], ["user.name", "user.name"]),
        put(["linked_is_personal"], "yes"),
        put(["minors"], {"under": 0}),
        put(["minors"], {"under": "18"}),
        put(["retention"], {"period": "P", "of": "all", "clause": "x"}),
        put(["retention"], {"period": "PT1H", "of": "all", "clause": "x"}),
        put(["rights"], ["erasre"]),
        put(["grants", 0, "at_most"], "anonymised"),
        put(["grants", 0, "audience"], ["internal"]),
        put(["never"], [{"categories": ["user.name"]}]),
    ],
    "log-schema": [
        without("event_time"),
        put(["format"], "xml"),
        put(["fields"], {}),
        put(["fields", "x"], {"type": "ip"}),
        put(["fields", "x"], {"category": "user", "type": "ip", "extra": True}),
        put(["fields", "place", "granularity"], "town"),
        put(["fields", "method", "values"], [1]),
        put(["kafka", "value"], {"category": "user", "type": "id"}),
        put(["kafka", "key", "type"], "timestamp"),
        put(["kafka", "headers", "nymstream-x"], {"category": "user", "type": "id"}),
    ],
    "pipeline": [
        without("releases"),
        put(["releases"], []),
        put(["releases", 0, "name"], "../up"),
        put(["releases", 0, "name"], "quarantine"),
        put(["releases", 0, "name"], "manifest"),
        put(["releases", 0, "name"], "subjects"),
        put(["releases", 0, "epoch"], "30 days"),
        put(["releases", 0, "as"], "csv"),
        put(["releases", 0, "fields", "user"], "hash"),
        put(["releases", 0, "fields", "remote_addr", "prefix_v4"], 24),
        put(["releases", 0, "fields", "remote_addr"], {"prefix_v4": 8}),
        put(["source", "kafka", "topic"], "a topic"),
        put(["source", "kafka", "brokers"], ["broker"]),
        put(["source", "kafka", "start"], "beginning"),
        put(["source", "kafka", "lanes"], 65),
        put(["source", "kafka", "commit_interval_ms"], 9),
        put(["source", "kafka", "security"], {}),
        put(["source", "kafka", "security", "mechanism"], "GSSAPI"),
        put(["source", "kafka", "librdkafka", "acks"], "1"),
        put(["source", "kafka", "librdkafka", "queued.min.messages"], 1000),
        put(["releases", 0, "output", "kafka", "brokers"], ["broker:9092"]),
        put(["releases", 0, "output", "kafka", "compression"], "brotli"),
        put(["releases", 0, "output", "kafka", "create"], {}),
        put(["releases", 0, "output", "kafka", "key"], "hash"),
        put(["quarantine", "kafka", "key"], "pseudonymize"),
        put(["monitoring", "listen"], "9464"),
        put(["monitoring"], {}),
        put(["limits", "depth_max"], 0),
        put(["limits", "record_bytes_max"], "1MB"),
        put(["limits", "quarantine_ratio_max"], 1.5),
        put(["leak_guard"], "on"),
        put(["keys"], {}),
    ],
}


class JsonSchemaTest(unittest.TestCase):
    program = ""

    def validator(self, kind):
        text = subprocess.run([self.program, kind], check=True,
                              capture_output=True, text=True).stdout
        schema = json.loads(text)
        jsonschema.Draft202012Validator.check_schema(schema)
        self.assertEqual(schema["$schema"],
                         "https://json-schema.org/draft/2020-12/schema")
        return jsonschema.Draft202012Validator(schema)

    def shipped(self, kind):
        folder = ROOT / "config" / FOLDERS[kind]
        return {path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
                for path in sorted(folder.glob("*.yaml"))}

    def good(self, kind):
        """A document of the kind that uses as much of it as possible."""
        if kind == "policy":
            return self.shipped(kind)["no-ip-2024.yaml"]
        return yaml.safe_load(
            SCHEMA_EXAMPLE if kind == "log-schema" else PIPELINE_EXAMPLE)

    def test_every_shipped_document_is_accepted(self):
        self.assertGreaterEqual(len(self.shipped("policy")), 5)
        for kind in FOLDERS:
            validator = self.validator(kind)
            for name, document in self.shipped(kind).items():
                with self.subTest(kind=kind, name=name):
                    validator.validate(document)

    def test_bad_documents_are_refused(self):
        for kind, edits in BAD.items():
            validator = self.validator(kind)
            validator.validate(self.good(kind))
            for number, edit in enumerate(edits):
                with self.subTest(kind=kind, number=number):
                    document = copy.deepcopy(self.good(kind))
                    edit(document)
                    self.assertFalse(validator.is_valid(document))

    def test_every_map_is_closed(self):
        """additionalProperties is false, or the shape of a map by path."""
        def walk(node):
            if isinstance(node, list):
                for item in node:
                    walk(item)
            if not isinstance(node, dict):
                return
            if node.get("type") == "object":
                self.assertIn("additionalProperties", node)
                self.assertIsNot(node["additionalProperties"], True)
                self.assertTrue(node["additionalProperties"] is False
                                or "propertyNames" in node)
            for value in node.values():
                walk(value)
        for kind in FOLDERS:
            walk(self.validator(kind).schema)


if __name__ == "__main__":
    JsonSchemaTest.program = sys.argv[1]
    unittest.main(argv=sys.argv[:1])
