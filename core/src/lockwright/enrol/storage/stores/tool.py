"""Runs a system's own tool: no secret in its arguments, none in its environment."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence

from lockwright.errors import StoreFailed, reason_of
from lockwright.i18n import _

_DEADLINE = 120
"""Seconds; some tools ask the person something in a window of their own."""
_LONGEST_REASON = 300


def missing(*programs: str) -> list[str]:
    """Those programs that are not installed."""
    return [program for program in programs if shutil.which(program) is None]


def run(
    place: str, *command: str, stdin: bytes = b"", pass_fds: Sequence[int] = ()
) -> subprocess.CompletedProcess[bytes]:
    """Run a tool to its end, whatever it ends with.

    Args:
        place: the store, for the error.
        command: program and arguments, nothing secret among them.
        stdin: what it reads.
        pass_fds: descriptors that it inherits.

    Raises:
        StoreFailed: it cannot be run, or does not end.
    """
    program = shutil.which(command[0])
    try:
        return subprocess.run(  # noqa: S603  # the system's own tools, and no shell
            [program or command[0], *command[1:]],
            input=stdin,
            pass_fds=pass_fds,
            capture_output=True,
            timeout=_DEADLINE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        reason = _("{program} does not end").format(program=command[0])
    except OSError as error:
        reason = f"{command[0]}: {_(reason_of(error))}"
    raise StoreFailed(place=place, reason=reason)


def demand(place: str, *command: str, stdin: bytes = b"", pass_fds: Sequence[int] = ()) -> bytes:
    """Run a tool that must do what it is asked; the arguments are those of ``run``.

    Returns:
        What it wrote to stdout.

    Raises:
        StoreFailed: it ended with an error.
    """
    ended = run(place, *command, stdin=stdin, pass_fds=pass_fds)
    if ended.returncode:
        reason = stderr_line(ended) or f"{command[0]}: {ended.returncode}"
        raise StoreFailed(place=place, reason=reason)
    return ended.stdout


def stderr_line(ended: subprocess.CompletedProcess[bytes]) -> str:
    """The last thing that a tool said on stderr, in one line."""
    lines = [line for line in ended.stderr.decode(errors="replace").splitlines() if line.strip()]
    return "".join(c for c in lines[-1] if c.isprintable())[:_LONGEST_REASON] if lines else ""
