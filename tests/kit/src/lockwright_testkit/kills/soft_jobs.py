"""Jobs of the driver whose certificate goes to no token, and what ends them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import lockwright.enrol.storage.file  # noqa: F401  # what a job imports late, imported early
from lockwright.config import load
from lockwright.enrol import journal
from lockwright.enrol.storage import Storage
from lockwright.enrol.storage.stores import tool
from lockwright.files import durable
from lockwright.operations.enrolment.orders import Asked
from lockwright.registry import Registry
from lockwright.runner import Runner
from lockwright.secret import Secret

from lockwright_testkit.kills import kill_point

Job = dict[str, Any]

JOURNAL, DISK, TOOL = "journal", "disk", "tool"
_WATCHED: dict[str, tuple[tuple[object, str], ...]] = {
    JOURNAL: ((journal.Journal, "record"), (journal.Journal, "close")),
    DISK: ((durable, "write"), (durable, "publish"), (durable, "remove"), (durable, "sync")),
    TOOL: ((tool, "run"),),
}
"""What is counted, and can be killed at: changes of the journal, of files, runs of a tool."""


def perform(job: Job, registry: Registry) -> dict[str, object]:
    """Enrol, go on or undo, and count what could be killed."""
    watched = _Watched(job.get("where", JOURNAL), job.get("kill_at"), job.get("moment", ""))
    config = load(Path(job["config"]))
    with Runner(config, isolate=False, registry=registry) as runner:
        storage, password = _storage(runner, job), Secret(job["password"])
        match job["do"]:
            case "enrol":
                ca = runner.authorities.get(job["ca"])
                runner.enrolments.enrol(storage, ca, Asked(job["login"], password))
            case "resume":
                runner.enrolments.resume(storage, password=password)
            case "abandon":
                runner.enrolments.abandon(storage)
    return {"counts": watched.counts}


def _storage(runner: Runner, job: Job) -> Storage:
    keeps = Secret(job["keeps"])
    if job["storage"] is None:
        return runner.storages.system(keeps)
    return runner.storages.file(Path(job["storage"]), keeps)


class _Watched:
    """Counts what is done, and kills this process at one of those things.

    Args:
        where: which of them.
        at: at which; None for none.
        moment: see ``cases.Moment``.
    """

    def __init__(self, where: str, at: int | None, moment: str) -> None:
        self.counts = dict.fromkeys(_WATCHED, 0)
        self._target = (where, at)
        self._moment = moment
        for group, places in _WATCHED.items():
            for owner, name in places:
                setattr(owner, name, self._watched(group, getattr(owner, name)))

    def _watched(self, group: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            self.counts[group] += 1
            if (group, self.counts[group]) == self._target:
                kill_point.at(self._moment, work, *given, **named)
            return work(*given, **named)

        return watched
