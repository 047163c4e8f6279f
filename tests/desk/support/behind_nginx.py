"""The desk behind a real nginx, set up as the documentation says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk_home import Home, Server
from lockwright_testkit.nginx import Nginx
from lockwright_testkit.pki import TestCa

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "run-the-desk.md"
PROXY = "127.0.0.2"
"""Where the proxy's connections come from: an address of this computer that only it uses."""
HEADER = "X-Client-Certificate"
OWN_TLS = 'certificate = "server.pem"\nkey = "server-key.pem"\n'


@contextmanager
def behind_nginx(
    folder: Path, more: str = "", *, tls: bool = True, clients: Path | None = None
) -> Iterator[tuple[Server, Nginx]]:
    """A desk that trusts the proxy's address, and a proxy with the very lines of the docs.

    Args:
        folder: an empty folder.
        more: lines of the desk's configuration.
        tls: whether the desk speaks TLS itself; else it serves its proxy alone.
        clients: PEM, a CA beside the desk's own whose certificates the proxy accepts.
    """
    headers = re.findall(r"^proxy_set_header .+;$", PAGE.read_text(), re.MULTILINE)
    assert len(headers) == 2
    trust = f'[proxy]\ntrusted = ["{PROXY}"]\ncertificate_header = "{HEADER}"\n'
    home = Home(folder, changes={} if tls else {OWN_TLS: ""}, extra=trust + more)
    ended = home.init()
    assert ended.code == 0, ended.err
    own = folder / "nginx"
    own.mkdir()
    accepted = own / "clients.pem"
    accepted.write_bytes(home.ca.read_bytes() + (clients.read_bytes() if clients else b""))
    with home.serving() as desk:
        url = f"{'https' if tls else 'http'}://127.0.0.1:{desk.port}"
        place = "\n".join((*headers, f"proxy_bind {PROXY};", f"proxy_pass {url};"))
        ca = TestCa.root("CN=Web CA")
        with Nginx(own, ca, accepted, demands="optional", place=place) as nginx:
            yield desk, nginx
