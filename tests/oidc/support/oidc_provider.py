"""oidc-provider, by Filip Skokan, which ``make oidc`` installs."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lockwright_desk.signin.front import BACK

FOLDER = Path(__file__).parents[3] / "build" / "oidc"
SECRET = "plus+percent%25colon:slash/"
"""What a client's secret may hold, and Basic must escape (RFC 6749, 2.3.1)."""


@contextmanager
def provider(
    origin: str, port: int = 0, *, told: str | None = None, ca: Path | None = None
) -> Iterator[str]:
    """A provider with new keys; its issuer.

    Args:
        origin: of the desk's pages.
        port: where it listens; 0 for any.
        told: where it says that somebody has signed out; None for nowhere.
        ca: PEM, the CA that it trusts there.
    """
    said = {"port": port, "back": origin + BACK, "secret": SECRET, "told": told}
    trusting = {} if ca is None else {"NODE_EXTRA_CA_CERTS": str(ca)}
    with subprocess.Popen(
        ["node", "provider.js", json.dumps(said)],
        cwd=FOLDER,
        env=os.environ | trusting,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def table(issuer: str, folder: Path) -> str:
    """``[signin.oidc]`` of a desk in a folder, where its secret is put, too."""
    secret = folder / "oidc-secret"
    secret.touch(0o600)
    secret.write_text(SECRET)
    return f'[signin.oidc]\nissuer = "{issuer}"\nclient_id = "the desk"\nsecret_file = "{secret}"\n'
