"""An nginx of a test's own: it demands certificates, and is not part of the system's."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Literal, Self

from lockwright_testkit.pki import TestCa, key_pem, pem

GREETING = r'return 200 "$ssl_client_s_dn\n";'
"""A place that shows visitors whose certificate they presented (RFC 2253)."""
_PATIENCE = 60.0
_SBIN = "/usr/sbin"
"""Where Debian has nginx; it is in the path of root alone."""

_CONFIGURATION = """
daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log info;
events {{ }}
http {{
    access_log access.log;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate server.pem;
        ssl_certificate_key server.key;
        ssl_client_certificate {clients};
        ssl_verify_client {demands};
        ssl_verify_depth 3;
        {revoked}
        location / {{
            {place}
        }}
    }}
}}
"""


class Nginx:
    """nginx on a free port of this computer; use it as a context manager.

    Its files are all in one folder, and no privileges are needed. Without a certificate that
    one of ``clients`` issued, and with one that another CA did, it answers 400.

    Args:
        folder: an empty folder for its files.
        ca: issues its own certificate, for ``localhost`` and ``127.0.0.1``.
        clients: a file with the CA certificates, PEM, that its visitors' certificates lead to.
        demands: whether a certificate must be shown (``on``) or may be (``optional``).
        place: what it does at every path, in nginx's language.
        crl: a file with the revocation list, PEM, of every CA among ``clients``; None for none.
    """

    def __init__(
        self,
        folder: Path,
        ca: TestCa,
        clients: Path,
        *,
        demands: Literal["on", "optional"] = "on",
        place: str = GREETING,
        crl: Path | None = None,
    ) -> None:
        self._folder = folder
        self._said, self._errors = folder / "stderr", folder / "error.log"
        certificate, key = ca.server("localhost", "127.0.0.1")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        """Where it listens."""
        configuration = _CONFIGURATION.format(
            port=self.port,
            clients=clients.absolute(),
            demands=demands,
            revoked=f"ssl_crl {crl.absolute()};" if crl else "",
            place=place,
        )
        self.ca = folder / "ca.pem"
        """The file with the CA's certificate, for its visitors to trust."""
        self.ca.write_bytes(pem(ca.certificate))
        (folder / "server.pem").write_bytes(pem(certificate))
        (folder / "server.key").write_bytes(key_pem(key))
        (folder / "nginx.conf").write_text(configuration)

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://localhost:{self.port}"

    def log(self) -> str:
        """What it said of errors so far, of its configuration first."""
        return "".join(file.read_text() for file in (self._said, self._errors) if file.exists())

    def __enter__(self) -> Self:
        """Start it.

        Raises:
            FileNotFoundError: nginx is not installed.
            RuntimeError: it does not start, and this is why.
        """
        # NGINX names sockets that a new nginx takes over from an old one: so it gets a free port
        # that nobody can take in between.
        handed_over = self._listener.fileno()
        with self._listener, self._said.open("wb") as said:
            self._process = subprocess.Popen(  # our own
                [_program(), "-p", self._folder, "-c", "nginx.conf"],
                env=os.environ | {"NGINX": f"{handed_over};"},
                pass_fds=(handed_over,),
                stderr=said,
            )
        end = time.monotonic() + _PATIENCE
        while not (self._folder / "nginx.pid").exists():
            if time.monotonic() > end or self._process.poll() is not None:
                self._end()
                raise RuntimeError(self.log())
            time.sleep(0.02)
        return self

    def __exit__(self, *_exc: object) -> None:
        self._end()

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _program() -> str:
    found = shutil.which("nginx", path=os.pathsep.join((os.environ.get("PATH", ""), _SBIN)))
    if found is None:
        raise FileNotFoundError("nginx is not installed: apt-get install nginx")
    return found
