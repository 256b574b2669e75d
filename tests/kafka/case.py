"""What the tests of the stage share: one broker a class, names of its own a test.

    class FlowTest(StageCase):
        version = "4.1.1"                       # of the broker
        def test_...(self):
            setup = self.make_setup()           # topics, two partitions each
            setup.produce([record(1)])
            with setup.stage() as stage: ...

Run as: NAME_test.py PROGRAM [unittest's words]
"""

import os
import pathlib
import sys
import tempfile
import unittest

from broker import VERSIONS, Broker
from stage import SCHEMA, Setup


class StageCase(unittest.TestCase):
    version = VERSIONS[-1]
    security = "plaintext"
    settings = None
    program = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="nymstream-kafka-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.broker = Broker(cls.folder / "broker", version=cls.version, security=cls.security,
                            settings=cls.settings)
        cls.addClassCleanup(cls.broker.close)
        cls.broker.start()
        cls.see = cls.broker.witness

    def make_setup(self, schema=SCHEMA, partitions=2, outputs=None, create=True, name=None):
        """With the test's name, and its topics made unless create is false."""
        name = name or self.id().rsplit(".", 1)[1].removeprefix("test_")[:60]
        setup = Setup(self.folder / name, self.program, self.broker, schema, name)
        if create:
            setup.create_topics(partitions, outputs)
        return setup

    def log_in_plain(self, setup):
        """Lets the pipeline of `setup` log in with its user's password."""
        password = setup.folder / "password"
        password.write_text(self.broker.password("nymstream"))
        password.chmod(0o600)
        setup.pipeline["source"]["kafka"]["security"] = {
            "protocol": "sasl_plaintext", "mechanism": "PLAIN", "username": "nymstream",
            "password": str(password)}

    def process_all(self, setup, **options):
        """A stage from its start to its end, everything in between; the stage."""
        with setup.stage(**options) as stage:
            stage.wait_for_event("partitions_assigned")
            stage.wait_for_all()
            stage.stop()
        self.assertEqual(stage.exit_code, 0, stage.stderr)
        return stage


def take_path():
    """The first word of the command line, and takes it out."""
    return pathlib.Path(os.path.abspath(sys.argv.pop(1)))


def main():
    StageCase.program = take_path()
    unittest.main()
