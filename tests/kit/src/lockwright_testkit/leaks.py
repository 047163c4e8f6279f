"""Looks for a secret where it has no business: texts, files, other processes, tracebacks."""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.traceback import Traceback

_PAUSE = 0.01
"""Seconds between two looks at all processes; the shortest-lived one lives far longer."""
_WHOLE = 10_000


def forms(secret: bytes) -> set[str]:
    """How a secret may be written, in lower case."""
    written = {
        secret.hex(),
        secret.hex(" "),
        base64.b64encode(secret).decode().rstrip("="),
        str(list(secret)),
        repr(secret)[2:-1],
        secret[::-1].hex(),
    }
    with suppress(UnicodeDecodeError):
        written |= {secret.decode(), secret[::-1].decode()}
    return {form.lower() for form in written}


def found_in(text: str, secrets: Iterable[bytes]) -> list[bytes]:
    """The secrets that a text holds, in any form."""
    lower = text.lower()
    return [secret for secret in secrets if any(form in lower for form in forms(secret))]


class _Watch(threading.Thread):
    """Reads the command line and the environment of every process; of those that started since,
    again and again, as each is another program for a moment.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.seen: set[str] = set()

    def run(self) -> None:
        known = {str(os.getpid())}
        self._look(there := _processes() - known)
        known |= there
        while not self.ended.wait(_PAUSE):
            self._look(_processes() - known)

    def _look(self, processes: set[str]) -> None:
        for process in processes:
            for name in ("cmdline", "environ"):
                with suppress(OSError):
                    content = Path("/proc", process, name).read_bytes()
                    self.seen.add(content.decode(errors="replace"))


def _processes() -> set[str]:
    with os.scandir("/proc") as found:
        return {each.name for each in found if each.name.isdecimal()}


@contextmanager
def watched() -> Iterator[set[str]]:
    """What the processes of this computer showed meanwhile."""
    watch = _Watch()
    watch.start()
    try:
        yield watch.seen
    finally:
        watch.ended.set()
        watch.join()


def with_locals(error: BaseException) -> str:
    """A traceback as a debugging tool shows it: every variable of every frame.

    It is rich's, but not drawn, which costs far more than to find all that there is to draw.
    """
    trace = Traceback.extract(
        type(error),
        error,
        error.__traceback__,
        show_locals=True,
        locals_max_string=_WHOLE,
        locals_max_length=_WHOLE,
    )
    lines = []
    for stack in trace.stacks:
        lines.append(f"{stack.exc_type}: {stack.exc_value}")
        for frame in stack.frames:
            lines.append(f"{frame.filename}:{frame.lineno} in {frame.name}")
            lines += [f"    {name} = {value}" for name, value in (frame.locals or {}).items()]
    return "\n".join(lines)
