"""What a token that is plugged in calls itself, read in a process of its own.

A vendor's module may crash or hang, and is then no more than a reason why nothing was read. Only
``C_GetTokenInfo`` is asked, for which no PIN is needed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from lockwright_testkit.cli.errors import TokenUnread

_LONGEST = 60.0
"""Seconds to wait for a module; a slow reader takes ten."""


@dataclass(frozen=True)
class Strings:
    """What a token says of itself (``CK_TOKEN_INFO``), without padding."""

    manufacturer: str
    model: str
    serial: str


def read(module: Path) -> list[Strings]:
    """The tokens that a module shows; those that were never initialised are left out.

    Args:
        module: absolute path of the PKCS#11 module.

    Raises:
        TokenUnread: it shows none, or none can be read.
    """
    command = [sys.executable, "-m", __name__, str(module)]
    try:
        done = subprocess.run(  # ourselves
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_LONGEST
        )
    except subprocess.TimeoutExpired:
        raise TokenUnread(module=str(module), reason="it did not answer in a minute") from None
    try:
        told = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        raise TokenUnread(module=str(module), reason="the module crashed") from None
    if "reason" in told:
        raise TokenUnread(module=str(module), reason=told["reason"])
    return [Strings(**each) for each in told["tokens"]]


def _told(module: Path) -> dict[str, object]:
    from lockwright.errors import LockwrightError  # noqa: PLC0415  # in the child alone
    from lockwright.pkcs11.constants import CKF  # noqa: PLC0415
    from lockwright.pkcs11.cryptoki import Cryptoki  # noqa: PLC0415
    from lockwright.pkcs11.errors import CkrError  # noqa: PLC0415

    try:
        cryptoki = Cryptoki(module)
        cryptoki.initialize()
        infos = [cryptoki.token_info(slot) for slot in cryptoki.slots()]
        tokens = [
            {
                "manufacturer": _text(i.manufacturer),
                "model": _text(i.model),
                "serial": _text(i.serial),
            }
            for i in infos
            if i.flags & CKF.TOKEN_INITIALIZED
        ]
        cryptoki.finalize()
    except CkrError as error:
        return {"reason": f"{error}"}
    except LockwrightError as error:
        return {"reason": str(error.facts.get("reason") or error)}
    return {"tokens": tokens} if tokens else {"reason": "it shows no token that is initialised"}


def _text(padded: bytes) -> str:
    return padded.decode(errors="replace").strip(" \0")


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(_told(Path(sys.argv[1]))) + "\n")
