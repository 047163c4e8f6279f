"""Run beside OpenSSL's CMP mock server: start it and hand a Unix socket's connections to it.

The mock server listens on every interface; in a network namespace of its own nobody else sees it,
and the Unix socket is the way in. Arguments: the socket's path, then those of ``openssl``.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_PATIENCE = 60.0


def pump(source: socket.socket, target: socket.socket) -> None:
    """Copy what one side sends, to its end."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def join(one: socket.socket, other: socket.socket) -> None:
    """Copy both ways until both sides have ended."""
    back = threading.Thread(target=pump, args=(other, one), daemon=True)
    back.start()
    pump(one, other)
    back.join()
    one.close()
    other.close()


def main() -> None:
    """Serve until killed."""
    path, *command = sys.argv[1:]
    _loopback_up()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(["openssl", *command, "-port", str(port)]) as peer:  # the tests' own
        listener = socket.socket(socket.AF_UNIX)
        # It serves one connection after another, and sleeps a second after one without a word: the
        # first, which shows that it listens, is the first client's.
        ready = [_connected(port, peer)]
        listener.bind(f"{path}.new")
        listener.listen()
        Path(f"{path}.new").rename(path)  # who sees it may connect
        while True:
            client, _address = listener.accept()
            its = ready.pop() if ready else _connected(port, peer)
            threading.Thread(target=join, args=(client, its), daemon=True).start()


def _connected(port: int, peer: subprocess.Popen[bytes]) -> socket.socket:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except OSError:
            if time.monotonic() > end or peer.poll() is not None:
                raise
            time.sleep(0.02)


def _loopback_up() -> None:
    """A new namespace has its loopback down; elsewhere this may not be done and is not needed."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket, suppress(PermissionError):
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", _IFF_UP))


if __name__ == "__main__":
    main()
