"""What the bank has set: who may consent, for how long, and where consents lie.

The file lies in the Python environment that the plugin is installed in, so whoever may change it
may change the plugin as well, and nobody else; no variable and no option names another one.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lockwright.errors import BrokenConfiguration, reason_of
from lockwright.files import exposure
from lockwright.i18n import _

_LONGEST = 24 * 60
_KEYS = {"folder", "minutes", "approvers"}


@dataclass(frozen=True)
class Approver:
    """A person who may consent."""

    public_key: bytes
    """DER SubjectPublicKeyInfo, RSA or EC."""
    not_before: datetime
    """From when the person's certificate is valid, UTC."""
    not_after: datetime
    """Until when it is valid, UTC."""


@dataclass(frozen=True)
class Settings:
    """The settings."""

    folder: Path
    """Where requests and consents lie; both persons may write there."""
    lifetime: timedelta = timedelta(minutes=15)
    """How old a consent may be."""
    approvers: Mapping[str, Approver] = field(default_factory=dict)
    """Who may consent, by the person's account on this computer."""


def settings_file() -> Path:
    """Where the settings are."""
    return Path(sys.prefix) / "etc" / "lockwright" / "four-eyes.toml"


def read(file: Path) -> Settings:
    """What a file says.

    Raises:
        BrokenConfiguration: it is missing or says something that has no meaning, or anybody may
            change it.
    """
    try:
        exposure.check(file)
        return _settled(tomllib.loads(file.read_text("utf-8")), file.parent)
    except OSError as error:
        reason = reason_of(error)
    except ValueError as error:  # of UTF-8, TOML, a certificate, or the rules below
        reason = str(error)
    raise BrokenConfiguration(file=str(file), reason=reason)


def _settled(content: Mapping[str, object], base: Path) -> Settings:
    if unknown := content.keys() - _KEYS:
        raise ValueError(_("unknown: {names}").format(names=", ".join(sorted(unknown))))
    folder, minutes = content.get("folder"), content.get("minutes", 15)
    named = content.get("approvers", {})
    if not isinstance(folder, str) or not Path(folder).is_absolute():
        raise ValueError(_("folder is to be an absolute path"))
    if not isinstance(minutes, int) or not 0 < minutes <= _LONGEST:
        raise ValueError(_("minutes is to be a number from 1 to {most}").format(most=_LONGEST))
    if not isinstance(named, dict) or not named:
        raise ValueError(_("approvers is to name the persons who may consent"))
    approvers = {name: _approver(base / str(file)) for name, file in named.items()}
    if len({approver.public_key for approver in approvers.values()}) < len(approvers):
        raise ValueError(_("two approvers have the same key"))
    return Settings(Path(folder), timedelta(minutes=minutes), approvers)


def _approver(file: Path) -> Approver:
    exposure.check(file)
    try:
        found = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else _("it is no certificate")
        raise ValueError(f"{file}: {reason}") from None
    key = found.public_key()
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise ValueError(  # noqa: TRY004  # it is the file that is wrong
            _("{file} has neither an RSA nor an EC key").format(file=file)
        )
    return Approver(public_bytes(key), found.not_valid_before_utc, found.not_valid_after_utc)


def public_bytes(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> bytes:
    """A public key, DER SubjectPublicKeyInfo."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
