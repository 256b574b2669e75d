"""A TCP proxy between Kafka clients and a broker, to break what is between them.

    proxy.blackhole("up")             # nothing reaches the broker, until heal()
    held = proxy.on(END_TXN, "hold")  # one kind of request only
    held.wait()                       # until one is held
    held.cut_client()                 # the client will send it again, elsewhere
    held.release()                    # and now the first one arrives, late

Kernels without netem can't do this, and netem could not tell one request from
another. Rules read the plain protocol, so they can't be had under TLS; the rest can.
All methods may be called from any thread and take effect at once.
"""

import asyncio
import socket
import struct
import threading
import time

PRODUCE, FETCH, METADATA = 0, 1, 3
FIND_COORDINATOR, JOIN_GROUP, HEARTBEAT, LEAVE_GROUP, SYNC_GROUP = 10, 11, 12, 13, 14
INIT_PRODUCER_ID, ADD_PARTITIONS_TO_TXN, ADD_OFFSETS_TO_TXN = 22, 24, 25
END_TXN, TXN_OFFSET_COMMIT = 26, 28

CHUNK = 64 * 1024
TICK = 0.005  # seconds between looks at what another thread may have changed


class Rule:
    """What happens to one kind of request, or to the answers to it; see Proxy.on."""

    def __init__(self, key, action, side, count, client):
        self.key, self.action, self.side, self.client = key, action, side, client
        self.seen = 0  # frames that this rule was applied to
        self.released = threading.Event()
        self._left = count
        self._changed = threading.Condition()
        self._connections = []

    def wait(self, seen=1, timeout=20):
        """Until that many frames were caught; TimeoutError if they were not."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.seen >= seen, timeout):
                raise TimeoutError(f"{self.seen} of {seen} frames of API {self.key} came")

    def release(self):
        """Ends the rule; frames that are held go on, in order."""
        self.released.set()

    def cut_client(self):
        """Cuts clients off whose frames were caught. The way to the broker stays, so
        that a held request can still arrive there."""
        for connection in list(self._connections):
            connection.close_client()

    def applies(self, key, side, client, connection):
        """Counts the frame if so."""
        if (self.released.is_set() or key != self.key or side != self.side or
                self.client not in client or self._left == 0):
            return False
        with self._changed:
            self._left = None if self._left is None else self._left - 1
            self.seen += 1
            self._connections.append(connection)
            self._changed.notify_all()
        return True


class Proxy:
    """Listens on 127.0.0.1:`port` from the start; `target`, the broker's port, may be
    set later and anew: it holds for new connections."""

    def __init__(self, target=None):
        self.target = target
        self.delay = {"up": 0.0, "down": 0.0}  # seconds; "up" is to the broker
        self.bytes_per_second = {"up": None, "down": None}
        self._stalled = set()
        self._rules = []
        self._connections = set()
        self._loop = asyncio.new_event_loop()
        self._listener = None
        self.port = 0
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.listen()

    def on(self, key, action, side="request", count=None, client=""):
        """A rule for requests with API key `key`, or with side="response" for the
        broker's answers to them. Actions: "hold" until release(), "drop", "cut" (the
        connection, and the frame is lost), or seconds of delay. On one connection what
        comes after waits. count: frames it applies to; client: part of the client id."""
        rule = Rule(key, action, side, count, client)
        self._rules.append(rule)
        return rule

    def blackhole(self, *directions):
        """Nothing goes "up", "down" (default: both); connections stay, as in a network
        that lost the way. New connections are taken and never answered."""
        self._stalled |= set(directions or ("up", "down"))

    def heal(self):
        """Ends blackhole; what was under way arrives, as TCP would send it again."""
        self._stalled.clear()

    def cut(self):
        """Ends all present connections; what was under way is lost."""
        self._call(self._close_all)

    def refuse(self):
        """New connections are refused, until listen()."""
        self._call(self._close_server)

    def listen(self):
        self._call(self._open_server)

    def close(self):
        if self._loop.is_closed():
            return
        self.refuse()
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, function):
        asyncio.run_coroutine_threadsafe(function(), self._loop).result()

    async def _open_server(self):
        # Not asyncio's server: that one forgets a connection that comes while it closes.
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._listener.setblocking(False)
        self.port = self._listener.getsockname()[1]
        self._loop.add_reader(self._listener, self._accept)

    async def _close_server(self):
        self._loop.remove_reader(self._listener)
        self._listener.close()

    def _accept(self):
        connection = _Connection(self, self._listener.accept()[0])
        self._connections.add(connection)
        connection.task = self._loop.create_task(connection.run())
        connection.task.add_done_callback(lambda _: self._connections.discard(connection))

    async def _close_all(self):
        # Those of now: a client that connects again does so at once.
        present = set(self._connections)
        while present := present & self._connections:
            for connection in present:
                connection.abort()
            await asyncio.sleep(TICK)


class _Connection:
    """One client's connection; all of it runs in the proxy's thread."""

    def __init__(self, proxy, client):
        self.task = None
        self._proxy = proxy
        self._client_socket = client
        self._client = self._broker = None  # writers
        self._tasks = []
        self._asked = {}  # (API key, client id) by correlation id
        self._client_cut = False
        self._tls = False
        self._first_seen = asyncio.Event()  # bytes of the client: `_tls` is known

    async def run(self):
        client_reader, self._client = await asyncio.open_connection(
            sock=self._client_socket, limit=CHUNK)
        try:
            broker_reader, self._broker = await asyncio.open_connection(
                "127.0.0.1", self._proxy.target, limit=CHUNK)
        except OSError:
            self._client.close()
            return
        up = asyncio.create_task(self._pump("up", client_reader, self._broker))
        down = asyncio.create_task(self._pump("down", broker_reader, self._client))
        self._tasks = [up, down]
        up.add_done_callback(lambda _: down.cancel())
        down.add_done_callback(lambda _: up.cancel())
        await asyncio.gather(up, down, return_exceptions=True)
        self._client.close()
        self._broker.close()

    def abort(self):
        for writer in (self._client, self._broker):
            if writer:
                writer.transport.abort()
        for task in self._tasks:
            task.cancel()

    def close_client(self):
        self._client_cut = True
        self._proxy._loop.call_soon_threadsafe(self._client.transport.abort)

    async def _pump(self, direction, reader, writer):
        frames = asyncio.Queue(64)
        sender = asyncio.create_task(self._send(direction, frames, writer))
        try:
            while frame := await self._read(direction, reader):
                rule = None if self._tls else self._rule(direction, frame)
                due = time.monotonic() + self._proxy.delay[direction]
                if rule is not None:
                    if rule.action == "drop":
                        continue
                    if rule.action == "cut":
                        self.abort()
                        return
                    if rule.action != "hold":
                        due += rule.action
                        rule = None
                await frames.put((due, frame, rule))
            # What came before the end still arrives, however late.
            await frames.put((0, b"", None))
            await sender
        finally:
            sender.cancel()

    async def _read(self, direction, reader):
        """The next request or answer, under TLS what there is; empty at the end."""
        try:
            if direction == "down":
                await self._first_seen.wait()
            if self._tls:
                return await reader.read(CHUNK)
            size = await reader.readexactly(4)
            # A handshake record; as a length it would be above 300 MB.
            self._tls = size[0] == 0x16
            self._first_seen.set()
            if self._tls:
                return size
            return size + await reader.readexactly(struct.unpack(">i", size)[0])
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""

    def _rule(self, direction, frame):
        """The first rule for this frame. Request header: size, API key, version,
        correlation id, client id; response header: size, correlation id."""
        if direction == "up":
            key, _, correlation, length = struct.unpack_from(">hhih", frame, 4)
            client = frame[14:14 + max(length, 0)].decode(errors="replace")
            self._asked[correlation] = key, client
            side = "request"
        else:
            correlation, = struct.unpack_from(">i", frame, 4)
            key, client = self._asked.pop(correlation, (-1, ""))
            side = "response"
        for rule in list(self._proxy._rules):
            if rule.applies(key, side, client, self):
                return rule
        return None

    async def _send(self, direction, frames, writer):
        while True:
            due, frame, rule = await frames.get()
            await asyncio.sleep(due - time.monotonic())
            while (direction in self._proxy._stalled or
                   (rule and not rule.released.is_set())):
                await asyncio.sleep(TICK)
            if not frame:
                if self._client_cut:
                    # The broker needs a moment to act on what was released.
                    await asyncio.sleep(1)
                return
            await self._write(direction, frame, writer)

    async def _write(self, direction, frame, writer):
        try:
            rate = self._proxy.bytes_per_second[direction]
            if rate is None:
                writer.write(frame)
                await writer.drain()
                return
            for start in range(0, len(frame), 1024):
                piece = frame[start:start + 1024]
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(len(piece) / rate)
        except ConnectionError:
            pass  # that end is gone; the other one learns it from its own reading
