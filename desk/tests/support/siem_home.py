"""A trail, a collector, and the configuration that sends the one to the other."""

from __future__ import annotations

import json
import ssl
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from desk_home import Home
from lockwright.audit.trail import AuditTrail
from lockwright_testkit.pki import TestCa, key_pem, pem


@dataclass(frozen=True)
class Keys:
    """Certificates and keys of both sides, in a folder, and the context of a collector."""

    folder: Path
    context: ssl.SSLContext

    @classmethod
    def made(cls, folder: Path) -> Keys:
        """New ones."""
        ca = TestCa.root()
        key = ec.generate_private_key(ec.SECP256R1())
        (folder / "siem-ca.pem").write_bytes(pem(ca.certificate))
        (folder / "siem.pem").write_bytes(pem(ca.issue(key.public_key(), "CN=desk")))
        (folder / "siem.key").write_bytes(key_pem(key))
        certificate, its_key = ca.server("localhost")
        (folder / "collector.pem").write_bytes(pem(certificate))
        (folder / "collector.key").write_bytes(key_pem(its_key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "collector.pem", folder / "collector.key")
        context.load_verify_locations(folder / "siem-ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        return cls(folder, context)

    def table(self, port: int, *, relp: bool = False, **further: object) -> str:
        """The table ``[siem]``."""
        lines = {
            "host": "localhost",
            "port": port,
            "protocol": "relp" if relp else "syslog",
            "ca_file": str(self.folder / "siem-ca.pem"),
            "certificate_file": str(self.folder / "siem.pem"),
            "key_file": str(self.folder / "siem.key"),
            "settled_seconds": 0.1,
            "receipt_seconds": 0.2,
            **further,
        }
        return "[siem]\n" + "".join(
            f"{name} = {json.dumps(value)}\n" for name, value in lines.items() if value is not None
        )


class Sending:
    """A folder with a trail of its own, sent by commands.

    Args:
        folder: the folder.
        table: the table ``[siem]``.
    """

    def __init__(self, folder: Path, table: str) -> None:
        self.home = Home(folder)
        self.home.file.write_text(table)
        self.file = folder / "audit.jsonl"

    def add(self, count: int, **facts: object) -> None:
        """Put operations that ended well onto the trail, two records each."""
        trail = AuditTrail(self.file)
        for start in range(0, count, 500):
            trail.append_all(
                [
                    record
                    for at in range(start, min(count, start + 500))
                    for record in operation(at=at, **facts)
                ]
            )


def operation(**facts: object) -> Iterable[dict[str, object]]:
    """The two records of an operation."""
    about: dict[str, object] = {"v": 1, "hook": "desk_answer", "id": uuid.uuid4().hex}
    about |= {"who": {"user": "desk", "host": "desk-1", "pid": 4711}}
    yield {**about, "event": "intent", "facts": facts}
    yield {**about, "event": "outcome", "outcome": "ok", "facts": {}}
