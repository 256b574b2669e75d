"""The proxy breaks what it is told to break, and nothing else.

Method: a broker of a few lines, which answers each request with its correlation id
and body, and clients of a few lines; no Kafka.
"""

import contextlib
import socket
import struct
import threading
import time
import unittest

from proxy import END_TXN, PRODUCE, Proxy


def frame(key, correlation, body=b"", client=b"test"):
    rest = struct.pack(">hhih", key, 0, correlation, len(client)) + client + body
    return struct.pack(">i", len(rest)) + rest


def read_frame(stream):
    return stream.read(struct.unpack(">i", stream.read(4))[0])


class EchoBroker:
    """`arrived` has the correlation ids in the order of their coming."""

    def __init__(self):
        self.arrived = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, connection.makefile("rb") as stream:
            with contextlib.suppress(OSError, struct.error):
                while True:
                    request = read_frame(stream)
                    self.arrived.append(struct.unpack_from(">i", request, 4)[0])
                    answer = request[4:8] + request[14:]
                    connection.sendall(struct.pack(">i", len(answer)) + answer)

    def close(self):
        self._socket.close()


class Client:
    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self._received = b""

    def send(self, *request, **named):
        self._socket.sendall(frame(*request, **named))

    def read(self, count, timeout=5):
        """EOFError if the connection was cut. After a timeout it can be tried again."""
        self._socket.settimeout(timeout)
        while len(self._received) < count:
            try:
                more = self._socket.recv(65536)
            except ConnectionError:
                more = b""
            if not more:
                raise EOFError
            self._received += more
        read, self._received = self._received[:count], self._received[count:]
        return read

    def answer(self, timeout=5):
        """Correlation id and body."""
        size, correlation = struct.unpack(">ii", self.read(8, timeout))
        return correlation, self.read(size - 4)

    def close(self):
        self._socket.close()


class ProxyTest(unittest.TestCase):
    def setUp(self):
        self.broker = EchoBroker()
        self.proxy = Proxy(self.broker.port)
        self.addCleanup(self.broker.close)
        self.addCleanup(self.proxy.close)
        self.client = self.connect()

    def connect(self):
        client = Client(self.proxy.port)
        self.addCleanup(client.close)
        return client

    def test_a_frame_of_megabytes_passes_whole(self):
        body = bytes(range(256)) * 20_000
        self.client.send(PRODUCE, 7, body)
        self.assertTrue(self.client.answer() == (7, body))

    def test_a_held_request_waits_and_other_kinds_and_clients_do_not(self):
        rule = self.proxy.on(END_TXN, "hold", client="es")
        self.client.send(END_TXN, 1)
        rule.wait()
        other = self.connect()
        other.send(PRODUCE, 2)
        other.send(END_TXN, 3, client=b"another")
        self.assertEqual([other.answer()[0], other.answer()[0]], [2, 3])
        with self.assertRaises(TimeoutError):
            self.client.answer(timeout=0.1)
        rule.release()
        self.assertEqual(self.client.answer()[0], 1)
        self.assertEqual(self.broker.arrived, [2, 3, 1])

    def test_a_held_request_arrives_after_its_client_was_cut_off(self):
        rule = self.proxy.on(END_TXN, "hold", count=1)
        self.client.send(END_TXN, 1)
        rule.wait()
        rule.cut_client()
        with self.assertRaises(EOFError):
            self.client.answer()
        again = self.connect()
        again.send(END_TXN, 2)
        self.assertEqual(again.answer()[0], 2)
        rule.release()
        self.until(lambda: self.broker.arrived == [2, 1])

    def test_a_lost_answer_leaves_the_request_done(self):
        rule = self.proxy.on(END_TXN, "cut", side="response", count=1)
        self.client.send(END_TXN, 1)
        with self.assertRaises(EOFError):
            self.client.answer()
        self.assertEqual((rule.seen, self.broker.arrived), (1, [1]))

    def test_a_cut_request_never_arrives(self):
        self.proxy.on(END_TXN, "cut")
        self.client.send(END_TXN, 1)
        with self.assertRaises(EOFError):
            self.client.answer()
        self.assertEqual(self.broker.arrived, [])

    def test_a_dropped_request_is_lost_and_the_next_is_not(self):
        self.proxy.on(END_TXN, "drop", count=1)
        self.client.send(END_TXN, 1)
        self.client.send(END_TXN, 2)
        self.assertEqual(self.client.answer()[0], 2)
        self.assertEqual(self.broker.arrived, [2])

    def test_a_rule_may_delay(self):
        self.proxy.on(END_TXN, 0.2)
        self.assertGreater(self.seconds_of(END_TXN), 0.2)
        self.assertLess(self.seconds_of(PRODUCE), 0.2)

    def test_wait_says_what_did_not_come(self):
        rule = self.proxy.on(END_TXN, "hold")
        with self.assertRaisesRegex(TimeoutError, "0 of 1 frames of API 26"):
            rule.wait(timeout=0.01)

    def test_a_black_hole_one_way_keeps_the_other_way(self):
        self.proxy.blackhole("down")
        self.client.send(PRODUCE, 1)
        self.until(lambda: self.broker.arrived == [1])
        with self.assertRaises(TimeoutError):
            self.client.answer(timeout=0.1)
        self.proxy.heal()
        self.assertEqual(self.client.answer()[0], 1)

    def test_a_black_hole_lets_nothing_arrive_until_it_heals(self):
        self.proxy.blackhole()
        self.client.send(PRODUCE, 1)
        time.sleep(0.1)
        self.assertEqual(self.broker.arrived, [])
        self.proxy.heal()
        self.assertEqual(self.client.answer()[0], 1)

    def test_cut_ends_connections_and_new_ones_work(self):
        self.client.send(PRODUCE, 1)
        self.client.answer()
        self.proxy.cut()
        with self.assertRaises(EOFError):
            self.client.answer()
        again = self.connect()
        again.send(PRODUCE, 2)
        self.assertEqual(again.answer()[0], 2)

    def test_refused_until_it_listens_again_on_the_same_port(self):
        self.proxy.refuse()
        with self.assertRaises(ConnectionRefusedError):
            self.connect()
        self.proxy.listen()
        again = self.connect()
        again.send(PRODUCE, 2)
        self.assertEqual(again.answer()[0], 2)

    def test_delay_and_throttle(self):
        self.proxy.delay["down"] = 0.2
        self.assertGreater(self.seconds_of(PRODUCE), 0.2)
        self.proxy.delay["down"] = 0
        self.proxy.bytes_per_second["up"] = 50_000
        self.assertGreater(self.seconds_of(PRODUCE, bytes(15_000)), 0.25)

    def test_a_broker_that_is_gone_is_a_cut_connection(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            self.proxy.target = closed.getsockname()[1]
        with self.assertRaises(EOFError):
            self.connect().answer()

    def test_bytes_of_tls_pass_unread(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(5)
            proxy = Proxy(server.getsockname()[1])
            self.addCleanup(proxy.close)
            client = Client(proxy.port)
            self.addCleanup(client.close)
            client._socket.sendall(b"\x16\x03\x01 hello")
            connection, _ = server.accept()
            with connection:
                self.assertEqual(connection.recv(9, socket.MSG_WAITALL), b"\x16\x03\x01 hello")
                connection.sendall(b"\x16\x03")
                self.assertEqual(client.read(2), b"\x16\x03")

    def seconds_of(self, *request):
        begin = time.monotonic()
        self.client.send(request[0], 1, *request[1:])
        self.client.answer()
        return time.monotonic() - begin

    def until(self, condition):
        end = time.monotonic() + 5
        while not condition():
            self.assertLess(time.monotonic(), end, "did not happen within 5 s")
            time.sleep(0.01)


if __name__ == "__main__":
    unittest.main()
