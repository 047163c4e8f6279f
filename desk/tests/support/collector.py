"""A collector of logs: syslog over TLS by octet counting (RFC 5425), or RELP.

Killed, it loses what it has read in the last moments, as a collector with a queue in memory does.
"""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_COUNTED = re.compile(rb"(\d+) ")
_FRAME = re.compile(rb"(\d+) ([a-z]+) (\d+)(?: |(?=\n))")
_LONGEST = 60
_HEAD = re.compile(
    r"<(\d{1,3})>1 (\S+) (\S+) (\S+) (\S+) (\S+) (\[(?:[^\]\\]|\\.)*\]) (.*)", re.DOTALL
)
_VALUE = re.compile(r' (\w+)="((?:[^"\\\]]|\\.)*)"')


@dataclass(frozen=True)
class Message:
    """A message of RFC 5424, taken apart."""

    raw: bytes
    priority: int
    time: str
    host: str
    app: str
    process: str
    kind: str
    structured: str
    body: str

    @property
    def values(self) -> Mapping[str, str]:
        """What the structured data says."""
        found = _VALUE.findall(self.structured)
        return {name: re.sub(r"\\(.)", r"\1", value) for name, value in found}

    @property
    def seq(self) -> int:
        """Number of the record; 0 for what is none."""
        return int(self.values["seq"])


def taken_apart(raw: bytes) -> Message:
    """A message as its parts."""
    found = _HEAD.fullmatch(raw.decode("utf-8"))
    assert found, raw
    priority, *rest = found.groups()
    return Message(raw, int(priority), *rest)


@dataclass
class Collector:
    """A collector that listens on one port, however often it is killed and started."""

    context: ssl.SSLContext | None
    relp: bool = False
    most: int | None = None
    """How many messages it takes, until it hangs and reads nothing any more."""
    memory: float = 0.02
    """Seconds that what was read stays in memory alone."""
    refuse: bytes = b""
    """What it answers to a record in place of taking it (RELP)."""
    kept: list[bytes] = field(default_factory=list)
    """What outlives its end."""
    ending: Callable[[socket.socket], None] = lambda _connection: None
    """What happens before it ends a connection that the sender has ended in order."""
    clean_ends: int = 0
    """Connections that were ended in order by the sender."""
    port: int = 0
    _memory: list[tuple[float, bytes]] = field(default_factory=list)
    _open: list[socket.socket] = field(default_factory=list)
    _listener: socket.socket | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def messages(self) -> list[Message]:
        """All that it has."""
        with self._lock:
            return [taken_apart(raw) for raw in (*self.kept, *(each for _at, each in self._memory))]

    @property
    def count(self) -> int:
        """How many messages it has."""
        with self._lock:
            return len(self.kept) + len(self._memory)

    def start(self) -> None:
        """Listen."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def kill(self, but: socket.socket | None = None) -> None:
        """End at once, as ``kill -9`` does: connections are reset, and memory is gone.

        Args:
            but: a connection that is left to whoever serves it.
        """
        assert self._listener is not None
        with self._lock:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
            self._listener.close()
            for each in self._open:
                if each is but:
                    continue
                with suppress(OSError):
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    # Wakes who reads, who then closes it; TLS is not asked.
                    socket.socket.shutdown(each, socket.SHUT_RD)
            self._to_disk()
            self._memory.clear()
        self.wait(lambda: self._open in ([], [but]))

    def hangs(self, listener: socket.socket) -> bool:
        """Whether it has enough; then this waits until it is killed."""
        if self.most is None or self.count < self.most:
            return False
        while listener.fileno() >= 0:
            time.sleep(0.005)
        return True

    def wait(self, enough: Callable[[], bool]) -> None:
        """Wait for something."""
        until = time.monotonic() + _LONGEST
        while not enough():
            assert time.monotonic() < until, f"{self.count} messages"
            time.sleep(0.005)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                plain, _from = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(listener, plain), daemon=True).start()

    def _serve(self, listener: socket.socket, plain: socket.socket) -> None:
        connection = plain
        try:
            if self.context is not None:
                connection = self.context.wrap_socket(plain, server_side=True)
            with self._lock:
                if listener.fileno() < 0:
                    return
                self._open.append(connection)
            (self._relp if self.relp else self._counted)(listener, connection)
        except (OSError, ValueError):
            return
        finally:
            with suppress(OSError):
                connection.close()
            with self._lock, suppress(ValueError):
                self._open.remove(connection)

    def _counted(self, listener: socket.socket, connection: socket.socket) -> None:
        buffer = b""
        while data := connection.recv(65536):
            buffer += data
            while (found := _COUNTED.match(buffer)) and len(buffer) >= found.end() + int(found[1]):
                end = found.end() + int(found[1])
                if self.hangs(listener):
                    return
                self._take(listener, buffer[found.end() : end])
                buffer = buffer[end:]
        if listener.fileno() < 0:
            return
        assert not buffer
        if isinstance(connection, ssl.SSLSocket):
            self.clean_ends += 1
            self.ending(connection)
            connection.unwrap()

    def _relp(self, listener: socket.socket, connection: socket.socket) -> None:
        buffer = b""
        while data := connection.recv(65536):
            buffer += data
            answers = b""
            while found := _FRAME.match(buffer):
                end = found.end() + int(found[3])
                if len(buffer) <= end:
                    break
                assert buffer[end : end + 1] == b"\n"
                content, buffer = buffer[found.end() : end], buffer[end + 1 :]
                if self.hangs(listener):
                    return
                answers += self._answer(listener, found[1], found[2], content)
            connection.sendall(answers)

    def _answer(
        self, listener: socket.socket, number: bytes, command: bytes, content: bytes
    ) -> bytes:
        if command == b"close":
            self.clean_ends += 1
            return b"%s rsp 0\n0 serverclose 0\n" % number
        said = b"200 OK"
        if command == b"open":
            assert b"commands=syslog" in content
            said += b"\nrelp_version=0\nrelp_software=tests\ncommands=syslog"
        elif self.refuse:
            said = self.refuse
        else:
            self._take(listener, content, to_disk=True)
        return b"%s rsp %d %s\n" % (number, len(said), said)

    def _take(self, listener: socket.socket, message: bytes, *, to_disk: bool = False) -> None:
        with self._lock:
            if listener.fileno() < 0:
                raise ConnectionAbortedError
            if to_disk:
                self.kept.append(message)
            else:
                self._memory.append((time.monotonic(), message))
                self._to_disk()

    def _to_disk(self) -> None:
        now = time.monotonic()
        count = next(
            (at for at, (when, _each) in enumerate(self._memory) if when > now - self.memory),
            len(self._memory),
        )
        self.kept += [each for _at, each in self._memory[:count]]
        del self._memory[:count]


@contextmanager
def running(collector: Collector) -> Iterator[Collector]:
    """A collector that is started, and killed in the end."""
    collector.start()
    try:
        yield collector
    finally:
        collector.kill()
