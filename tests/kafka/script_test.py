"""scripts/kafka refuses what it should and says what to do.

Goal: not a byte of the jars is run that the list does not have; every refusal
names its remedy. No broker serves here; broker_test.py starts those.
"""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import unittest

from broker import SCRIPT, run_script

JAR = "kafka-clients-3.9.1.jar"


class ScriptTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        run_script("fetch")
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        # A second cache of links, so that the real one stays whole.
        real = os.environ.get("NYMSTREAM_KAFKA_CACHE",
                              os.path.expanduser("~/.cache/nymstream/kafka"))
        cls.real = pathlib.Path(real) / "3.9.1"

    def setUp(self):
        self.jars = self.folder / self.id() / "3.9.1"
        self.jars.mkdir(parents=True)
        for jar in self.real.iterdir():
            (self.jars / jar.name).symlink_to(jar)
        self.jar = self.jars / JAR
        self.data = self.folder / self.id() / "data"

    def refusal(self, *words, **environment):
        done = subprocess.run(
            [SCRIPT, *map(str, words)], capture_output=True, text=True,
            env={**os.environ, "NYMSTREAM_KAFKA_CACHE": str(self.jars.parent), **environment})
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def test_a_whole_cache_needs_neither_mvn_nor_network(self):
        env = {"PATH": self.path_without("mvn"), "HOME": "/nowhere",
               "NYMSTREAM_KAFKA_CACHE": str(self.jars.parent)}
        subprocess.run([SCRIPT, "fetch"], env=env, check=True)

    def test_a_jar_with_one_byte_more_is_refused_by_every_verb(self):
        self.jar.unlink()
        self.jar.write_bytes((self.real / JAR).read_bytes() + b"x")
        for words in (["fetch"], ["tool", "kafka.Kafka"], ["start", "--dir", self.data]):
            with self.subTest(words[0]):
                refusal = self.refusal(*words)
                self.assertIn(f"{JAR}: FAILED", refusal)
                self.assertIn("remove the folder and run: scripts/kafka fetch", refusal)
        self.assertFalse((self.data / "pid").exists())

    def test_a_missing_jar_is_refused(self):
        self.jar.unlink()
        self.assertIn(f"< {JAR}", self.refusal("fetch"))

    def test_a_jar_that_is_not_in_the_list_is_refused(self):
        (self.jars / "more.jar").touch()
        self.assertIn("> more.jar", self.refusal("fetch"))

    def test_without_mvn_it_names_the_package(self):
        shutil.rmtree(self.jars)
        refusal = self.refusal("fetch", PATH=self.path_without("mvn"))
        self.assertEqual(refusal, "kafka: no mvn; install it: apt-get install maven\n")

    def test_without_java_it_names_the_package(self):
        refusal = self.refusal("start", "--dir", self.data, PATH=self.path_without("java"))
        self.assertEqual(
            refusal, "kafka: no java; install it: apt-get install openjdk-17-jdk-headless\n")

    def test_a_fetch_that_fails_leaves_no_cache(self):
        shutil.rmtree(self.jars)
        bad = self.folder / "bad_mvn"
        bad.mkdir()
        (bad / "mvn").write_text("#!/bin/sh\necho the registry is away\nexit 1\n")
        (bad / "mvn").chmod(0o755)
        refusal = self.refusal("fetch", PATH=f"{bad}:{os.environ['PATH']}")
        self.assertIn("the registry is away", refusal)
        self.assertEqual(list(self.jars.parent.iterdir()), [])

    def test_a_port_that_is_taken_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            refusal = self.refusal("start", "--dir", self.data, "--port", port)
        self.assertIn(f"port {port} is taken; stop what listens there", refusal)

    def test_a_setting_that_kafka_refuses_shows_what_it_said(self):
        refusal = self.refusal("start", "--dir", self.data, "--set", "num.io.threads=none")
        self.assertIn("num.io.threads", refusal)

    def test_wrong_words_are_named(self):
        for words, message in {
            (): "a verb is missing",
            ("begin",): "no verb begin",
            ("fetch", "--version", "2.8.0"): "no version 2.8.0; there is: 3.9.1 4.1.1",
            ("fetch", "now"): "fetch has no now",
            ("start",): "--dir is missing",
            ("start", "--dir", self.data, "--porto", "1"): "start has no option --porto",
            ("start", "--dir", self.data, "--port"): "--port needs a value",
            ("start", "--dir", self.data, "--security", "tls"): "--security has no tls",
            ("start", "--dir", self.data, "--security", "plaintext,acl"): "acl needs users",
            ("stop", "--dir", self.data): f"no broker of {self.data} runs",
            ("env", "--dir", self.data / "no"): "is no folder of a broker",
        }.items():
            with self.subTest(words):
                self.assertIn("kafka: ", self.refusal(*words))
                self.assertIn(message, self.refusal(*words))

    def path_without(self, program):
        """A folder with the commands that the script uses, but for one."""
        folder = self.folder / self.id() / "bin"
        folder.mkdir()
        for name in ("bash", "dirname", "basename", "cat", "cut", "diff", "find", "sort",
                     "sha256sum", "mkdir", "mktemp", "mvn", "java", "realpath", "rm", "tr",
                     "grep", "stat"):
            if name != program:
                (folder / name).symlink_to(shutil.which(name))
        return str(folder)


if __name__ == "__main__":
    unittest.main()
