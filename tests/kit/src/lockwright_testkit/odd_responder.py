"""An adapter for the bank's side that misbehaves as its models say, while a Request is answered."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from lockwright.adapter import Settings, hookimpl
from lockwright.keys.response import ResponseKey
from lockwright.models import KeyForm, Match, ResponseRule, TokenIdentity

NAME = "odd"
PLAIN = "Plain"
"""It is what ``responding_adapter`` makes of a 3DES key."""
SLOW = "Slow"
"""It is that, once there is a file ``go``; ``begun``, with its process, is there before."""
CRASHES = "Crashes"
HANGS = "Hangs"
DUMPS = "Dumps"
"""It is that, and what the process can write to in its memory is in the file ``memory`` then."""
LEAVES = "Leaves"
"""It is that, and a process is left behind, whose number is in the file ``left``."""
_PR_SET_DUMPABLE = 4
_LONG = 600

if os.environ.get("ODD_RESPONDER_HAS_A_THREAD"):
    threading.Thread(target=time.sleep, args=(_LONG,), daemon=True).start()


@hookimpl
def lockwright_modules(settings: Settings) -> Sequence[Path]:
    """No module is needed."""
    del settings
    return ()


@hookimpl
def lockwright_match(identity: TokenIdentity) -> Match | None:
    """No token is its own."""
    del identity
    return None


@hookimpl
def lockwright_response_rule() -> ResponseRule:
    """The rule of every model."""
    return ResponseRule(8, frozenset({KeyForm.HEX}), ())


@hookimpl
def lockwright_respond(model: str, challenge: bytes, key: ResponseKey, settings: Settings) -> bytes:
    """The Response, and what the model does beside."""
    folder = Path(str(settings.get("folder", ".")))
    if model == CRASHES:
        os.kill(os.getpid(), signal.SIGSEGV)
    if model == HANGS:
        time.sleep(_LONG)
    if model == SLOW:
        draft = folder / f"{os.getpid()}.draft"
        draft.write_text(str(os.getpid()))
        draft.replace(folder / "begun")
        while not (folder / "go").exists():
            time.sleep(0.005)
    if model == LEAVES:
        left = subprocess.Popen(["/bin/sleep", str(_LONG)], start_new_session=True)
        (folder / "left").write_text(str(left.pid))
    response = key.des3_ecb(challenge)
    if model == DUMPS:
        (folder / "memory").write_bytes(memory())
    return response


def memory() -> bytes:
    """What this process can write to in its own memory, as a core file would have it."""
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
    parts = []
    with Path("/proc/self/mem").open("rb", buffering=0) as own:
        for line in Path("/proc/self/maps").read_text().splitlines():
            place, rights, *_rest = line.split()
            if rights.startswith("rw") and not line.endswith(("[vvar]", "[vsyscall]")):
                start, end = (int(each, 16) for each in place.split("-"))
                own.seek(start)
                parts.append(own.read(end - start))
    return b"".join(parts)
