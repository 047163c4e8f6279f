"""What a token holds when the story begins, and proof that a key on it works, by other programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from lockwright_testkit.pki import TestCa
from story import OLD_PIN, Owned

_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Container:
    """A key, and maybe its certificate."""

    id: str
    """CKA_ID, hexadecimal."""
    label: str
    """Label."""
    ends: int | None = None
    """In how many days its certificate expires, which is valid for a year; None: it has none."""


def fill(owned: Owned, ca: TestCa, *containers: Container) -> None:
    """Put containers on a token with OpenSC's tool, as another program would have left them."""
    computer, owner = owned.computer, owned.device.show()["slot0.label"]
    tool = f"pkcs11-tool --module {owned.module} --login --pin {OLD_PIN}"
    for each in containers:
        named = f"--id {each.id} --label '{each.label}'"
        computer.quietly(f"{tool} --keypairgen --key-type rsa:2048 {named}")
        if each.ends is None:
            continue
        computer.quietly(f"{tool} --read-object --type pubkey --id {each.id} --output-file key.der")
        key = load_der_public_key((computer.home / "key.der").read_bytes())
        if not isinstance(key, RSAPublicKey):
            raise TypeError("the key is an RSA key")
        starts = timedelta(days=each.ends) - _YEAR
        made = ca.issue(key, f"CN={owner}", starts=starts, lasts=_YEAR)
        (computer.home / "made.der").write_bytes(made.public_bytes(Encoding.DER))
        computer.quietly(f"{tool} --write-object made.der --type cert {named}")
    for name in ("key.der", "made.der"):
        (computer.home / name).unlink(missing_ok=True)


def sign_outside(owned: Owned, pin: str, key_id: str) -> None:
    """Sign with a container's key and verify with its certificate, without lockwright.

    Args:
        owned: the token.
        pin: its user PIN.
        key_id: its CKA_ID, hexadecimal; pkcs11-tool signs with the first key whatever the label.
    """
    computer, tool = owned.computer, f"pkcs11-tool --module {owned.module}"
    (computer.home / "payment.txt").write_text("Pay 100 roubles to Clara.\n", encoding="utf-8")
    computer.outside(
        f"{tool} --login --pin {pin} --sign --mechanism SHA256-RSA-PKCS --id {key_id}"
        " --input-file payment.txt --output-file payment.sig"
    )
    computer.outside(f"{tool} --read-object --type cert --id {key_id} > certificate.der")
    computer.outside("openssl x509 -in certificate.der -noout -pubkey > public.pem")
    computer.outside("openssl dgst -sha256 -verify public.pem -signature payment.sig payment.txt")
