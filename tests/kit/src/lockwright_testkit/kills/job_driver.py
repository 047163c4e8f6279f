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
from importlib import import_module
from pathlib import Path
from typing import Any

import lockwright.enrol.ca.cmp
import lockwright.enrol.ca.est
import lockwright.operations.enrolment.ca_profiles  # noqa: F401  # what a job imports late, imported early
from lockwright.config import load
from lockwright.enrol import journal
from lockwright.errors import LockwrightError
from lockwright.operations.enrolment.context import Patience
from lockwright.operations.enrolment.orders import Asked
from lockwright.operations.enrolment.token_storage import TokenStorage
from lockwright.registry import Registry
from lockwright.runner import Runner
from lockwright.secret import Secret

from lockwright_testkit.kills import kill_point, soft_jobs

Job = dict[str, Any]

_LATE = ("rfc8785", "lockwright.bindings.loader")
"""Modules that a job imports only once it needs them."""
_PATIENCE = Patience(60)
"""Of a person whose CA decides only when it is asked again."""
_BINDINGS = ("lockwright.bindings.python_pkcs11", "lockwright.bindings.pykcs11")


def main() -> None:
    """Do every job that comes."""
    for name in (*_LATE, *_BINDINGS):
        import_module(name)
    # A process that is killed loses nothing that the system has; only a power cut would.
    os.fsync = lambda fd: None  # noqa: ARG005  # it is called so
    registry = Registry()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_forked(json.loads(line), registry)) + "\n")
        sys.stdout.flush()


def _forked(job: Job, registry: Registry) -> dict[str, object]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _child(job, registry, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    _pid, status = os.waitpid(child, 0)
    return {
        "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
        "result": json.loads(said) if said else None,
    }


def _child(job: Job, registry: Registry, writer: int) -> None:
    try:
        os.environ.update(job["environment"])
        Path(job["pid"]).write_text(str(os.getpid()))
        try:
            result = _perform(job, registry)
        except LockwrightError as error:
            result = _told(error)
        os.write(writer, json.dumps(result).encode())
    except BaseException:  # noqa: BLE001  # told, and then the process ends
        traceback.print_exc()
    finally:
        os._exit(0)


def _perform(job: Job, registry: Registry) -> dict[str, object]:
    if "storage" in job:
        return soft_jobs.perform(job, registry)
    records = _Records(job.get("kill_at"), job.get("moment", ""))
    config = load(Path(job["config"]))
    with Runner(config, modules=[Path(job["module"])], isolate=False, registry=registry) as runner:
        token, pin = runner.find(), Secret(job["pin"])
        storage = runner.storages.token(token, pin)
        if job["do"] in {"resume", "abandon"}:
            return _end(runner, storage, job)
        _order(runner, storage, job)
        shown = {} if job.get("silent") else _content(runner, storage)
        return {"records": records.steps, **shown}


def _order(runner: Runner, storage: TokenStorage, job: Job) -> None:
    ca, asked = runner.authorities.get(job["ca"]), Asked(job["login"], Secret(job["password"]))
    old, replace, orders = job["old"], job["replace"], runner.enrolments
    match job["do"]:
        case "enrol":
            orders.enrol(storage, ca, asked, replace=old if replace else None, patience=_PATIENCE)
        case "renew":
            orders.renew(storage, ca, asked, container=old, replace=replace, patience=_PATIENCE)
        case "undo":
            orders.abandon(storage)


def _end(runner: Runner, storage: TokenStorage, job: Job) -> dict[str, object]:
    """Go on with what a kill left, or undo it; if nothing was left unfinished, only look."""
    left = _content(runner, storage)
    if left["step"] is None:
        return {"left": left, "end": left}
    try:
        if job["do"] == "resume":
            runner.enrolments.resume(storage, password=Secret(job["password"]), patience=_PATIENCE)
        else:
            runner.enrolments.abandon(storage)
    except LockwrightError as error:
        return {"left": left, "end": _told(error)}
    return {"left": left, "end": _content(runner, storage)}


def _content(runner: Runner, storage: TokenStorage) -> dict[str, object]:
    """What is on the token, and the step of the journal's entry if there is one."""
    listed, unfinished = storage.content(), runner.enrolments.unfinished()
    return {
        "digest": listed.digest,
        "step": unfinished[0].step.value if unfinished else None,
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


def _told(error: LockwrightError) -> dict[str, object]:
    return {"error": error.code, "told": str(error)}


class _Records:
    """Notes each change of the journal, and kills this process at one of them.

    Args:
        at: at which; None for none.
        moment: see ``cases.Moment``.
    """

    def __init__(self, at: int | None, moment: str) -> None:
        self.steps: list[str] = []
        """What each change records; empty where it closes the entry."""
        self._at = at
        self._moment = moment
        for name in ("record", "close"):
            setattr(journal.Journal, name, self._watched(name, getattr(journal.Journal, name)))

    def _watched(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def watched(own: journal.Journal, entry: journal.Entry) -> Any:
            self.steps.append(entry.step.value if name == "record" else "")
            if len(self.steps) == self._at:
                kill_point.at(self._moment, work, own, entry)
            return work(own, entry)

        return watched


if __name__ == "__main__":
    main()
