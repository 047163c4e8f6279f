"""A passkey in software: an authenticator's side of WebAuthn 2, and what a forger would do."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

UP, UV, BACKUP_ELIGIBLE, ATTESTED = 0x01, 0x04, 0x08, 0x40
"""Flags of authenticator data (WebAuthn 2, 6.1; the third of level 3)."""


@dataclass
class SoftPasskey:
    """One passkey; each field can be set to what no honest one says."""

    origin: str
    name: str
    """Relying party ID that it is for."""
    flags: int = UP | UV
    count: int = 1
    step: int = 1
    """What it counts on by with each use; 0 for one that does not count."""
    framed: bool = False
    """Whether the page says to be in a frame of another site's."""
    fmt: str = "none"
    handle: bytes = b""
    """The account; set when it is enrolled."""
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def id(self) -> str:
        """Its ID in base64url."""
        return base64url(self.credential)

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to the options of a creation, as a browser has it in JSON."""
        self.handle = from_base64url(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        attested = bytes(16) + len(self.credential).to_bytes(2) + self.credential
        data = self._data(self.flags | ATTESTED) + attested + cbor2.dumps(cose)
        statement = {"fmt": self.fmt, "attStmt": {}, "authData": data}
        return self._answer(
            {
                "clientDataJSON": self._client_data("webauthn.create", options["challenge"]),
                "attestationObject": base64url(cbor2.dumps(statement)),
            }
        )

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to the options of a request."""
        self.count += self.step
        client = self._client_data("webauthn.get", options["challenge"])
        data = self._data(self.flags)
        signed = data + hashlib.sha256(from_base64url(client)).digest()
        return self._answer(
            {
                "clientDataJSON": client,
                "authenticatorData": base64url(data),
                "signature": base64url(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
                "userHandle": base64url(self.handle),
            }
        )

    def _data(self, flags: int) -> bytes:
        party = hashlib.sha256(self.name.encode()).digest()
        return party + bytes([flags]) + self.count.to_bytes(4)

    def _client_data(self, kind: str, challenge: str) -> str:
        said = {
            "type": kind,
            "challenge": challenge,
            "origin": self.origin,
            "crossOrigin": self.framed,
        }
        return base64url(json.dumps(said).encode())

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        return {
            "id": self.id,
            "rawId": self.id,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }


def base64url(value: bytes) -> str:
    """Bytes as WebAuthn has them in JSON."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The reverse."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
