"""Performs jobs, each in a process forked from this one, which may be killed.

A job is a line of JSON on stdin, its outcome a line of JSON on stdout. Everything slow is imported
before the first fork, so that a job costs what it does and not what Python does to start.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Imported for what it costs, here rather than in every job.
import lockwright.enrol.ca.est
import lockwright.operations.enrolling
import lockwright.operations.profiles  # noqa: F401
from lockwright.config import load
from lockwright.enrol import journal
from lockwright.errors import LockwrightError
from lockwright.models import Token
from lockwright.operations.orders import Asked
from lockwright.runner import Runner
from lockwright.secret import Secret

Job = dict[str, Any]


def main() -> None:
    """Do every job that comes."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_forked(json.loads(line))) + "\n")
        sys.stdout.flush()


def _forked(job: Job) -> dict[str, object]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _child(job, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    _pid, status = os.waitpid(child, 0)
    return {
        "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
        "result": json.loads(said) if said else None,
    }


def _child(job: Job, writer: int) -> None:
    try:
        os.environ.update(job["environment"])
        try:
            result = _perform(job)
        except LockwrightError as error:
            result = {"error": error.code, "told": str(error)}
        os.write(writer, json.dumps(result).encode())
    except BaseException:  # noqa: BLE001  # told, and then the process ends
        traceback.print_exc()
    finally:
        os._exit(0)


def _perform(job: Job) -> dict[str, object]:
    records = _Records(job.get("kill_at"), job.get("moment", ""))
    config = load(Path(job["config"]))
    with Runner(config, modules=[Path(job["module"])], isolate=False) as runner:
        token, pin = runner.find(), Secret(job["pin"])
        password = Secret(job["password"])
        match job["do"]:
            case "enrol":
                ca = runner.authorities.get(job["ca"])
                asked = Asked(job["login"], password)
                runner.enrolments.enrol(token, pin, ca, asked, replace=job["replace"])
            case "resume":
                runner.enrolments.resume(token, pin, password=password)
            case "abandon":
                runner.enrolments.abandon(token, pin)
        shown = {} if job.get("silent") else _content(runner, token, pin)
        return {"records": records.count, **shown}


def _content(runner: Runner, token: Token, pin: Secret) -> dict[str, object]:
    listed = runner.list(token, pin)
    return {
        "digest": listed.digest,
        "unfinished": len(runner.enrolments.unfinished()),
        "loose": len(listed.objects),
        "containers": [
            {
                "label": container.label,
                "state": container.state.value,
                "objects": len(container.objects),
                "certificates": [each.fingerprint for each in container.certificates],
            }
            for container in listed.containers
        ],
    }


class _Records:
    """Counts what is done to the journal, and kills this process at one of them.

    Args:
        at: at which; None for none.
        moment: ``before``, with the ``draft`` written but not in place, or ``after``.
    """

    def __init__(self, at: int | None, moment: str) -> None:
        self.count = 0
        self._at = at
        self._moment = moment
        for name in ("record", "close"):
            setattr(journal.Journal, name, self._watched(getattr(journal.Journal, name)))

    def _watched(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def watched(own: journal.Journal, entry: journal.Entry) -> Any:
            self.count += 1
            here = self.count == self._at
            if here and self._moment == "before":
                _die()
            if here and self._moment == "draft":
                Path.replace = _die  # type: ignore[assignment, method-assign]  # the end of this process
            done = work(own, entry)
            if here:
                _die()
            return done

        return watched


def _die(*_whatever: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
