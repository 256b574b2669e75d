"""The stage reaches a broker that asks for TLS and a login, and keeps its secrets.

Goal: every kind of login that the pipeline document offers works; wrong ones are
refused with the reason; secrets come from safe files only and show nowhere. Method:
brokers with security on; a search of what a process shows of itself.
Usage: security_test.py PROGRAM
"""

import base64
import json
import os
import pathlib
import time
import unittest

from case import StageCase, main
from stage import record, sequence


def make_token(user, lifetime=3600):
    """An unsecured JWT, which the test broker takes."""
    def part(content):
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
    now = time.time()
    return f'{part({"alg": "none"})}.{part({"sub": user, "iat": now - 60, "exp": now + lifetime})}.'


class Secure(StageCase):
    def secret(self, setup, name, text, mode=0o600):
        path = setup.folder / name
        path.write_text(text)
        path.chmod(mode)
        return str(path)

    def secured(self, **security):
        setup = self.make_setup()
        self.security_of(setup, **security)
        self.see.produce(setup.raw, [{"partition": 0, "value": record(1)}])
        return setup

    def security_of(self, setup, **security):
        setup.pipeline["source"]["kafka"]["security"] = {
            "protocol": self.security, "ca": self.tls("ca.crt"), **security}

    def tls(self, name):
        return str(self.broker.folder.resolve() / "tls" / name)

    def assert_works(self, setup, *secrets):
        """A stage releases the record, and shows none of the secrets."""
        with setup.stage() as stage:
            stage.wait_for_all()
            process = pathlib.Path(f"/proc/{stage.process.pid}")
            shown = [(process / "cmdline").read_bytes(), (process / "environ").read_bytes(),
                     stage.get("/metrics")[1].encode()]
            stage.stop()
        self.assertEqual(stage.exit_code, 0, stage.stderr)
        shown += [stage.stderr.encode(), stage.process.stdout.read()]
        for secret in secrets:
            self.assertNotIn(secret.encode(), b"\n".join(shown))
        self.assertEqual(sequence(self.see.consume(setup.inside))[0], 1)

    def assert_refused(self, setup, exit_code, *parts):
        """The stage ends with one error, which says all of this."""
        with setup.stage() as stage:
            stage.wait_exit()
        self.assertEqual(stage.exit_code, exit_code, stage.stderr)
        error, = stage.errors()
        for part in parts:
            self.assertIn(part, error)
        return error


class SaslTest(Secure):
    security = "sasl_ssl"

    def login(self, setup, mechanism, password, **more):
        self.security_of(setup, mechanism=mechanism, username="nymstream",
                         password=self.secret(setup, "password", password), **more)

    def test_passwords_log_in_and_do_not_show(self):
        password = self.broker.password("nymstream")
        for mechanism in ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"):
            with self.subTest(mechanism):
                setup = self.make_setup(name=f"by-{mechanism}")
                self.see.produce(setup.raw, [{"partition": 0, "value": record(1)}])
                self.login(setup, mechanism, password + "\n")
                self.assert_works(setup, password,
                                  base64.b64encode(password.encode()).decode())

    def test_a_token_file_logs_in_and_does_not_show(self):
        setup = self.secured()
        token = make_token("nymstream")
        self.security_of(setup, mechanism="OAUTHBEARER",
                         token=self.secret(setup, "token", token + "\n"))
        self.assert_works(setup, token, token.split(".")[1])

    def test_a_token_file_is_read_again_before_the_token_expires(self):
        setup = self.secured()
        path = self.secret(setup, "token", make_token("nymstream", lifetime=15))
        self.security_of(setup, mechanism="OAUTHBEARER", token=path)
        with setup.stage() as stage:
            stage.wait_for_all()
            # By renaming, as a sidecar does; librdkafka asks at 80 % of its life.
            new = self.secret(setup, "token.new", make_token("nymstream"))
            os.rename(new, path)
            asked = os.stat(path).st_atime_ns
            stage.wait_until("another look", lambda: os.stat(path).st_atime_ns > asked)
            stage.stop()
        self.assertEqual(stage.exit_code, 0, stage.stderr)

    def test_a_wrong_login_is_refused_with_the_reason(self):
        setup = self.secured()
        for mechanism in ("SCRAM-SHA-512", "PLAIN"):
            with self.subTest(mechanism):
                self.login(setup, mechanism, "not-the-password")
                error = self.assert_refused(setup, 3, "pipeline.yaml:", "source.kafka.brokers",
                                            "_AUTHENTICATION", "source.kafka.security")
                self.assertNotIn("not-the-password", error)
        with self.subTest("OAUTHBEARER"):
            self.security_of(setup, mechanism="OAUTHBEARER",
                             token=self.secret(setup, "token", "no token at all"))
            self.assert_refused(setup, 3, "source.kafka.brokers", "_AUTHENTICATION")

    def test_a_broker_that_the_authority_does_not_vouch_for_is_refused(self):
        setup = self.secured()
        self.login(setup, "SCRAM-SHA-512", self.broker.password("nymstream"))
        del setup.pipeline["source"]["kafka"]["security"]["ca"]
        self.assert_refused(setup, 3, "source.kafka.brokers", "_SSL")

    def test_a_secret_in_an_unsafe_file_is_refused(self):
        setup = self.secured()
        password = self.broker.password("nymstream")
        for mode in (0o644, 0o604, 0o660, 0o622):
            with self.subTest(oct(mode)):
                self.login(setup, "SCRAM-SHA-512", password)
                path = self.secret(setup, "password", password, mode)
                error = self.assert_refused(setup, 4, "pipeline.yaml:",
                                            "source.kafka.security.password", path)
                self.assertNotIn(password, error)
        with self.subTest("token"):
            self.security_of(setup, mechanism="OAUTHBEARER", token=self.secret(
                setup, "token", make_token("nymstream"), 0o644))
            self.assert_refused(setup, 4, "source.kafka.security.token")
        with self.subTest("absent"):
            self.login(setup, "SCRAM-SHA-512", password)
            (setup.folder / "password").unlink()
            self.assert_refused(setup, 4, "source.kafka.security.password")
        for content in ("", "\n", "one\ntwo\n", "nul\0"):
            with self.subTest(content):
                self.login(setup, "SCRAM-SHA-512", content)
                self.assert_refused(setup, 4, "source.kafka.security.password", "one line")


class CertificateTest(Secure):
    security = "ssl"

    def test_a_certificate_logs_in(self):
        setup = self.secured(certificate=self.tls("nymstream.crt"), key=self.tls("nymstream.key"))
        self.assert_works(setup)

    def test_without_a_certificate_the_broker_refuses(self):
        self.assert_refused(self.secured(), 3, "source.kafka.brokers")

    def test_a_private_key_in_an_unsafe_file_is_refused(self):
        setup = self.secured()
        key = self.secret(setup, "key", pathlib.Path(self.tls("nymstream.key")).read_text(), 0o644)
        self.security_of(setup, certificate=self.tls("nymstream.crt"), key=key)
        self.assert_refused(setup, 4, "source.kafka.security.key", key)


if __name__ == "__main__":
    main()
