"""What CAs said of renewals, kept so that a look at a token asks nobody.

One file for each certificate, named after its SHA-256. Nothing depends on them: one that cannot be
read or written is as if nothing had been said. Those of expired certificates go.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lockwright.errors import LockwrightError
from lockwright.files import durable
from lockwright.models import RenewalInfo
from lockwright.records import dataclass

UNTOLD = timedelta(hours=6)
"""When to ask a CA again that does not say (RFC 9773, 4.3.3)."""
LATEST = timedelta(days=1)
"""When to ask again at the latest, whatever it says (RFC 9773, 4.3.2)."""
NOBODY = ""
"""Stands for the issuer where several CAs of the configuration may be it."""

_VERSION = 1
_LONGEST = 16 * 1024
_FINGERPRINT = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a certificate's CA, and what it said last."""

    ca: str
    """Name of the CA in the configuration that issued it; ``NOBODY`` if that is not known."""
    ends: datetime
    """When the certificate expires, UTC."""
    asked: datetime
    """When it was asked last, UTC."""
    again: datetime
    """When it may be asked again, UTC."""
    info: RenewalInfo | None = None
    """What it said; None if it said nothing."""

    def holds(self, now: datetime) -> bool:
        """Whether it is still too early to ask again; not by a clock that was ahead."""
        return self.asked <= now < self.again


class Sayings:
    """What CAs said to one user.

    Args:
        folder: where the files are; it is made when first needed, for its owner only.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, fingerprint: str) -> Heard | None:
        """What was said of a certificate; None if nothing was, or it cannot be read.

        Args:
            fingerprint: SHA-256 of the certificate, lower-case hex.
        """
        return _read(self._file(fingerprint))

    def keep(self, fingerprint: str, heard: Heard) -> None:
        """Keep what was said, in place of what was said before; if it cannot be kept, it is not.

        The arguments are those of ``of`` and what it returns.
        """
        with suppress(OSError, LockwrightError):
            durable.make_folder(self._folder)
            durable.replace(self._file(fingerprint), _written(heard))
            self._tidy()

    def _tidy(self) -> None:
        """Forget what has expired."""
        now = datetime.now(UTC)
        for file in self._folder.glob("*.json"):
            if _FINGERPRINT.fullmatch(file.stem) and (old := _read(file)) and old.ends < now:
                durable.remove(file)

    def _file(self, fingerprint: str) -> Path:
        return self._folder / f"{fingerprint}.json"


def _written(heard: Heard) -> bytes:
    info = heard.info
    document = {
        "version": _VERSION,
        "ca": heard.ca,
        "ends": heard.ends.isoformat(),
        "asked": heard.asked.isoformat(),
        "again": heard.again.isoformat(),
        "start": None if info is None else info.start.isoformat(),
        "end": None if info is None else info.end.isoformat(),
        "url": "" if info is None else info.url,
    }
    return json.dumps(document, indent=1).encode()


def _read(file: Path) -> Heard | None:
    try:
        with file.open("rb") as opened:
            content: dict[str, Any] = json.loads(opened.read(_LONGEST))
        again, info = _moment(content["again"]), None
        if content["start"] is not None:
            window = _moment(content["start"]), _moment(content["end"])
            info = RenewalInfo(*window, again, str(content["url"]))
        heard = Heard(
            str(content["ca"]), _moment(content["ends"]), _moment(content["asked"]), again, info
        )
        return heard if content["version"] == _VERSION else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)
