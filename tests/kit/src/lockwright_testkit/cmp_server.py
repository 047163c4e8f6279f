"""OpenSSL's CMP mock server (``openssl cmp -port``) behind TLS: a peer that is not our own code."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.models import CaProfile

from lockwright_testkit import cmp_peer
from lockwright_testkit.pki import TestCa, key_pem, pem, server_context

_PATIENCE = 60.0


class CmpServer:
    """A CMP server on a free port of this computer; use it as a context manager.

    It gives the same certificate to anyone who knows the secret.

    Args:
        folder: an empty folder for its files.
        ca: the CA it speaks for.
        issued: the certificate it gives.
        login: reference of the shared secret.
        password: the shared secret; None if it knows none: then it believes any protection of a
            request, and signs its answers.
        options: further options of ``openssl cmp``, such as ``-poll_count 1``.
    """

    def __init__(
        self,
        folder: Path,
        ca: TestCa,
        issued: bytes,
        *,
        login: str = "anna",
        password: str | None,
        options: tuple[str, ...] = (),
    ) -> None:
        self._folder = folder
        self._path = folder / "socket"
        files = {
            "ca.pem": pem(ca.certificate),
            "issued.pem": issued,
            "key.pem": key_pem(ca.key),
            "secret": (password or "").encode(),
        }
        for name, content in files.items():
            (folder / name).write_bytes(content)
        self._command = [
            *("cmp", "-config", ""),
            *(("-accept_unprotected",) if password is None else _secret(login, folder)),
            *("-srv_cert", f"{folder}/ca.pem", "-srv_key", f"{folder}/key.pem"),
            *("-srv_trusted", f"{folder}/ca.pem", "-rsp_cert", f"{folder}/issued.pem"),
            *("-rsp_capubs", f"{folder}/ca.pem", *options),
        ]
        self._listener = server_context(ca, "localhost", "127.0.0.1").wrap_socket(
            socket.create_server(("127.0.0.1", 0)), server_side=True
        )
        self._threads: list[threading.Thread] = []
        self.connections = 0
        """Connections that came in."""

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://localhost:{self._listener.getsockname()[1]}/pkix/"

    def profile(self, ca: TestCa, **settings: str | int | bool) -> CaProfile:
        """This server as a client has it configured, with settings of its own.

        Args:
            ca: the CA that it trusts.
            settings: as in the table of the configuration.
        """
        anchors = (ca.certificate.public_bytes(Encoding.DER),)
        return CaProfile("bank", "cmp", self.url, anchors=anchors, deadline=20, settings=settings)

    def requests(self) -> int:
        """Requests that came in; each release of OpenSSL words it another way."""
        return self._log().lower().count("received request")

    def said(self, kind: str) -> bool:
        """Whether a message of a kind came in, such as ``P10CR``; with ``-verbosity 7``."""
        return f"received {kind}" in self._log()

    def _log(self) -> str:
        return (self._folder / "log").read_text()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except ssl.SSLError:
                continue
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._forward, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _forward(self, client: socket.socket) -> None:
        with client, suppress(OSError), self._peer() as peer:
            cmp_peer.join(client, peer)

    def _peer(self) -> socket.socket:
        peer = socket.socket(socket.AF_UNIX)
        try:
            peer.connect(str(self._path))
        except OSError:
            peer.close()
            raise
        return peer

    def __enter__(self) -> Self:
        command = [sys.executable, cmp_peer.__file__, str(self._path), *self._command]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(  # our own
                [*_alone(), *command], stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + _PATIENCE
        while not self._path.exists():
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError(self._log())
            time.sleep(0.02)
        self._server = threading.Thread(target=self._serve, daemon=True)
        self._server.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        # Closing alone does not wake a thread that waits for connections.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._server.join(_PATIENCE)
        _end_group(self._process)
        for thread in self._threads:
            thread.join(_PATIENCE)


class KeepingCmpServer(CmpServer):
    """One whose transactions outlive the connections of its clients; it has one at a time."""

    _kept: socket.socket | None = None
    _client: socket.socket | None = None

    def _forward(self, client: socket.socket) -> None:
        self._client = client
        if self._kept is None:
            self._kept = self._peer()
            threading.Thread(target=self._bring_back, args=(self._kept,), daemon=True).start()
        with client, suppress(OSError):
            while data := client.recv(65536):
                self._kept.sendall(data)

    def _bring_back(self, kept: socket.socket) -> None:
        """Hand what the server says to whoever is its client now."""
        with kept, suppress(OSError):
            while data := kept.recv(65536):
                if self._client is not None:
                    self._client.sendall(data)


def _secret(login: str, folder: Path) -> tuple[str, ...]:
    return ("-srv_ref", login, "-srv_secret", f"file:{folder}/secret")


def _alone() -> list[str]:
    """What puts a program into a network of its own, where this computer allows it."""
    command = ["unshare", "--map-root-user", "--net"]
    try:
        done = subprocess.run([*command, "true"], capture_output=True, check=False)  # fixed
    except FileNotFoundError:
        return []
    return command if done.returncode == 0 else []


def _end_group(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
