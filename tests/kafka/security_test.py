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

    def secured(self, name=None, create=True, **security):
        setup = self.make_setup(name=name, create=create)
        self.security_of(setup, **security)
        if create:
            self.see.produce(setup.raw, [{"partition": 0, "value": record(1)}])
        return setup

    def security_of(self, setup, **security):
        setup.pipeline["source"]["kafka"]["security"] = {
            "protocol": self.security, "ca": self.tls("ca.crt"), **security}

    def log_in(self, setup, mechanism, password):
        self.security_of(setup, mechanism=mechanism, username="nymstream",
                         password=self.secret(setup, "password", password))
        return setup

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
            shown += [stage.stderr.encode(), stage.process.stdout.read()]
        self.assertEqual(stage.exit_code, 0, stage.stderr)
        for secret in secrets:
            self.assertNotIn(secret.encode(), b"\n".join(shown))
        self.assertEqual(sequence(self.see.consume(setup.inside))[0], 1)

    def assert_refused(self, stage, exit_code, *parts):
        """It ends with one error, which says all of this."""
        with stage:
            stage.wait_exit()
        self.assertEqual(stage.exit_code, exit_code, stage.stderr)
        error, = stage.errors()
        for part in parts:
            self.assertIn(part, error)
        return error


class SaslTest(Secure):
    security = "sasl_ssl"
    version = "3.9.1"

    def test_passwords_log_in_and_do_not_show(self):
        password = self.broker.password("nymstream")
        for mechanism in ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"):
            with self.subTest(mechanism):
                setup = self.secured(name=f"by-{mechanism}")
                self.log_in(setup, mechanism, password + "\n")
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
        path = self.secret(setup, "token", make_token("nymstream", lifetime=10))
        self.security_of(setup, mechanism="OAUTHBEARER", token=path)
        with setup.stage() as stage:
            stage.wait_for_all()
            # A mark for access times, which file systems update only if they are old.
            os.utime(path, (0, 0))
            stage.wait_until("another look", lambda: os.stat(path).st_atime > 0)
            stage.stop()
        self.assertEqual(stage.exit_code, 0, stage.stderr)

    def test_a_wrong_login_is_refused_with_the_reason(self):
        # All at once, since each is given 10 s.
        stages = {}
        for mechanism in ("SCRAM-SHA-512", "PLAIN"):
            setup = self.secured(name=f"wrong-{mechanism}", create=False)
            stages[mechanism] = self.log_in(setup, mechanism, "not-the-password").stage()
        setup = self.secured(name="no-token", create=False)
        self.security_of(setup, mechanism="OAUTHBEARER",
                         token=self.secret(setup, "token", "no token at all"))
        stages["OAUTHBEARER"] = setup.stage()
        untrusted = self.secured(name="untrusted", create=False)
        self.log_in(untrusted, "PLAIN", self.broker.password("nymstream"))
        del untrusted.pipeline["source"]["kafka"]["security"]["ca"]
        untrusted = untrusted.stage()
        for mechanism, stage in stages.items():
            with self.subTest(mechanism):
                error = self.assert_refused(stage, 3, "pipeline.yaml:", "source.kafka.brokers",
                                            "_AUTHENTICATION", "source.kafka.security")
                self.assertNotIn("not-the-password", stage.stderr)
                self.assertNotIn("no token at all", stage.stderr)
                self.assertEqual("SCRAM" in mechanism, "can't log in to Kafka 4" in error)
        with self.subTest("an authority that does not vouch for the broker"):
            self.assert_refused(untrusted, 3, "source.kafka.brokers", "_SSL")

    def test_a_secret_in_an_unsafe_file_is_refused(self):
        setup = self.secured(create=False)
        password = self.broker.password("nymstream")
        for mode in (0o644, 0o604, 0o660, 0o622):
            with self.subTest(oct(mode)):
                self.log_in(setup, "SCRAM-SHA-512", password)
                path = self.secret(setup, "password", password, mode)
                error = self.assert_refused(setup.stage(), 4, "pipeline.yaml:",
                                            "source.kafka.security.password", path)
                self.assertNotIn(password, error)
        with self.subTest("token"):
            self.security_of(setup, mechanism="OAUTHBEARER", token=self.secret(
                setup, "token", make_token("nymstream"), 0o644))
            self.assert_refused(setup.stage(), 4, "source.kafka.security.token")
        with self.subTest("absent"):
            self.log_in(setup, "SCRAM-SHA-512", password)
            (setup.folder / "password").unlink()
            self.assert_refused(setup.stage(), 4, "source.kafka.security.password")
        for content in ("\n", "one\ntwo\n", "nul\0"):
            with self.subTest(content):
                self.log_in(setup, "SCRAM-SHA-512", content)
                self.assert_refused(setup.stage(), 4, "source.kafka.security.password",
                                    "one line")


class Sasl4Test(Secure):
    security = "sasl_ssl"
    version = "4.1.1"

    def test_scram_logs_in_if_this_librdkafka_can_and_else_says_that_it_cannot(self):
        password = self.broker.password("nymstream")
        setup = self.log_in(self.secured(), "SCRAM-SHA-512", password)
        with setup.stage() as stage:
            try:
                stage.wait_for_all()
            except AssertionError:
                self.assert_refused(stage, 3, "_AUTHENTICATION", "Kafka 4 with SCRAM",
                                    "2.6.1 or later")
        self.log_in(setup, "PLAIN", password)
        self.assert_works(setup, password)


class CertificateTest(Secure):
    security = "ssl"

    def test_a_certificate_logs_in(self):
        setup = self.secured(certificate=self.tls("nymstream.crt"), key=self.tls("nymstream.key"))
        self.assert_works(setup)

    def test_without_a_certificate_the_broker_refuses(self):
        self.assert_refused(self.secured(create=False).stage(), 3, "source.kafka.brokers",
                            "source.kafka.security")

    def test_a_private_key_in_an_unsafe_file_is_refused(self):
        setup = self.secured(create=False)
        key = self.secret(setup, "key", pathlib.Path(self.tls("nymstream.key")).read_text(), 0o644)
        self.security_of(setup, certificate=self.tls("nymstream.crt"), key=key)
        self.assert_refused(setup.stage(), 4, "source.kafka.security.key", key)


if __name__ == "__main__":
    main()
