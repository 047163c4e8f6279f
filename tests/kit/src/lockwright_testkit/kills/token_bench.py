"""A token with an old certificate, a CA, and enrolments on copies of it that are killed."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import count
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any, Self

from cryptography.hazmat.primitives.serialization import Encoding

from lockwright_testkit.cmp_ca import CmpCa, kind_of
from lockwright_testkit.est_server import Asked, EstServer, Reply
from lockwright_testkit.kills.cases import Case, Moment, Sent, Way, Wire, every_case
from lockwright_testkit.kills.drivers import Crew, Job
from lockwright_testkit.kills.verdict import Content, Judge
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.simulator import USER_PIN, Simulator

PASSWORD = "Maple-Drum-77"  # of tests
OLD, HALF = "old", "half"
"""Logins, and labels, of the old certificate and of one whose enrolment was killed."""
RESUME, ABANDON = "resume", "abandon"
_CONFIG = """
[ca.bank]
trust = ["{trust}"]
subject = "CN={{login}},O=Bank"
key_type = "ec:p256"
url = "{url}"
"""
_CMP = """
kind = "cmp"
iterations = 100
request = "{request}"
"""
"""What a MAC costs is not what is looked at here."""
_SENT = {
    **dict.fromkeys(("p10cr", "ir", "kur"), Sent.ORDER),
    "pollReq": Sent.AGAIN,
    "certConf": Sent.CONFIRMATION,
}


class Bench:
    """Kills enrolments; use it as a context manager.

    Args:
        folder: an empty folder.
        personality: the simulated token.
        crew: does what is killed, and what comes after it.
        wire: how the CA is spoken with.
        settings: the token's settings.
    """

    def __init__(
        self,
        folder: Path,
        personality: str,
        crew: Crew,
        *,
        wire: Wire = Wire.EST,
        settings: Mapping[str, Setting] = MappingProxyType({}),
    ) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._server = EstServer(TestCa.root(), {})
        self._cmp = CmpCa(self._server)
        self.wire = wire
        """How the CA is spoken with."""
        self._crew = crew
        self._template = Simulator.create(folder / "template", personality, settings=dict(settings))
        self._halfway: Simulator | None = None
        """The template with another certificate just written, and not proved yet."""
        self._planning = Lock()
        self._fatal: dict[tuple[str, Sent], Moment] = {}
        """Logins, and what they send that ends the client."""
        self._before: Content = {}
        self._waiting: set[str] = set()
        """Logins whose order is undecided."""

    def __enter__(self) -> Self:
        self._server.instead = self._answered
        (self._folder / "ca.pem").write_bytes(pem(self._server.ca.certificate))
        self._server.__enter__()
        self._before = self._finished(self._job(self._template, "enrol", OLD))
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.__exit__()

    def cases(self, way: Way) -> list[Case]:
        """Every place where an enrolment can be killed, as one that nobody disturbs shows it."""
        device = self._copy(self._start(way))
        device.zero_counts()
        job = self._first(device, way, self._login(way))
        records = self._finished({**job, "silent": True})["records"]
        found = list(every_case(way, records, device.counts(), self.wire.sends))
        _remove(device)
        return found

    def run(self, cases: Iterable[Case]) -> list[str]:
        """Kill an enrolment in each case; then go on, and on a copy undo.

        Returns:
            What is wrong; nothing if all is right.

        Raises:
            RuntimeError: one was not killed.
        """
        begun = [(case, self._start(case.way)) for case in cases]
        with ThreadPoolExecutor(self._crew.size) as pool:
            found = pool.map(lambda each: self._run(*each), begun)
            return [told for wrong in found for told in wrong]

    def _start(self, way: Way) -> Simulator:
        """The token that it begins with."""
        if way is not Way.UNDOING:
            return self._template
        if self._halfway is None:
            self._halfway = self._copy(self._template)
            self._kill(Case(Way.BESIDE, "C_CreateObject@1=after:kill"), self._halfway, HALF)
        return self._halfway

    def _run(self, case: Case, start: Simulator) -> list[str]:
        device, login = self._copy(start), self._login(case.way)
        self._kill(case, device, login)
        judge = Judge(self._before, replaces=case.way.replaces)
        resumed, wrong = self._copy(device), []
        for end, token in ((self._resumed, resumed), (self._abandoned, device)):
            if told := end(judge, token, login, case.way):
                wrong.append(f"{case}, {end.__name__.strip('_')}: {told}")
            _remove(token)
        return wrong

    def _kill(self, case: Case, device: Simulator, login: str) -> None:
        with self._planning:
            device.fault(*(case.fault,) if case.fault else ())
        if case.sent is not None:
            self._fatal[login, case.sent] = case.moment
        job = self._first(device, case.way, login)
        outcome = self._crew.do({**job, "kill_at": case.record, "moment": case.moment})
        if not outcome["killed"]:
            raise RuntimeError(f"{case}: not killed: {outcome}")
        if case.sent is not None:
            self._fatal.pop((login, case.sent))
        with self._planning:
            device.clear_faults()

    def _resumed(self, judge: Judge, device: Simulator, login: str, way: Way) -> str:
        left, end = self._ended(device, RESUME, login)
        if told := judge.kept(left, self._issued(login)):
            return told
        if way is Way.UNDOING and judge.given_up(left, end):
            return judge.undone(self._ended(device, RESUME, login)[0])
        if left["step"] is None and left["digest"] == judge.before["digest"]:
            # Killed before anything was begun, so a person begins again.
            end = self._result(self._first(device, way, login))
        return judge.enrolled(end, self._issued(login))

    def _abandoned(self, judge: Judge, device: Simulator, login: str, way: Way) -> str:
        left, end = self._ended(device, ABANDON, login)
        if way is Way.UNDOING:
            return judge.undone(end)
        if judge.too_late(end, left):
            _left, end = self._ended(device, RESUME, login)
            return judge.enrolled(end, self._issued(login))
        if left["step"] is None and left["digest"] != judge.before["digest"]:
            # Killed when all was done but the telling.
            return judge.enrolled(left, self._issued(login))
        return judge.undone(end)

    def _ended(self, device: Simulator, ending: str, login: str) -> tuple[Content, Content]:
        """What the kill left, and what is there after it was continued or undone."""
        result = self._result(self._job(device, ending, login))
        return (result, result) if "error" in result else (result["left"], result["end"])

    # --- the CA -----------------------------------------------------------------------------------

    def _issued(self, login: str) -> str | None:
        """Fingerprint of the one certificate that a login got; None if it got none."""
        found = self._server.issued_to(login)
        return None if found is None else sha256(found.public_bytes(Encoding.DER)).hexdigest()

    def _answered(self, asked: Asked) -> Reply | None:
        """What the CA says; where it is planned it ends the client, and has it only ``AFTER``."""
        is_cmp = asked.path.endswith("/pkix")
        login = asked.path.split("/")[1] if is_cmp else asked.login or ""
        sent = _SENT.get(kind_of(asked)) if is_cmp else self._sent_over_est(asked)
        moment = None if sent is None else self._fatal.get((login, sent))
        if moment is not None:
            os.kill(int((self._folder / f"{login}.pid").read_text()), signal.SIGKILL)
            if moment is Moment.BEFORE:
                return Reply(500)
        if sent is Sent.ORDER and self.wire.waits:
            self._waiting.add(login)
            return self._cmp.waiting(asked) if is_cmp else Reply(202, headers={"Retry-After": "0"})
        return self._cmp.answer(asked) if is_cmp else None

    def _sent_over_est(self, asked: Asked) -> Sent | None:
        if asked.method != "POST":
            return None
        return Sent.AGAIN if asked.login in self._waiting else Sent.ORDER

    # --- jobs -------------------------------------------------------------------------------------

    def _first(self, device: Simulator, way: Way, login: str) -> Job:
        """What is killed."""
        return {**self._job(device, way.job, login), "replace": way.replaces}

    def _job(self, device: Simulator, do: str, login: str) -> Job:
        self._server.logins[login] = PASSWORD
        return {
            "do": do,
            "environment": {**device.environment, "XDG_STATE_HOME": str(_home(device))},
            "config": str(self._config(login)),
            "pid": str(self._folder / f"{login}.pid"),
            "module": str(device.module),
            "pin": USER_PIN,
            "ca": "bank",
            "login": login,
            "password": PASSWORD,
            "old": OLD,
            "replace": False,
        }

    def _config(self, login: str) -> Path:
        """A configuration in which the CA's address tells who asks, as no signed message does."""
        file, url = self._folder / f"{login}.toml", self._server.url
        is_cmp = self.wire.is_cmp
        text = _CONFIG.format(
            trust=self._folder / "ca.pem", url=f"{url}/{login}/pkix" if is_cmp else url
        )
        if is_cmp:
            text += _CMP.format(request="ir" if self.wire is Wire.IR else "p10cr")
        file.write_text(text)
        return file

    def _result(self, job: Job) -> dict[str, Any]:
        outcome = self._crew.do(job)
        result: dict[str, Any] = outcome["result"] or {"error": "none", "told": f"{job} died"}
        return result

    def _finished(self, job: Job) -> dict[str, Any]:
        result = self._result(job)
        if "error" in result:
            raise RuntimeError(f"an enrolment that nobody disturbed failed: {result}")
        return result

    # --- folders ----------------------------------------------------------------------------------

    def _copy(self, device: Simulator) -> Simulator:
        target = self._folder / f"case{next(self._numbers)}"
        shutil.copytree(device.folder, target)
        if _home(device).exists():
            shutil.copytree(_home(device), _home(Simulator(target)))
        return Simulator(target)

    def _login(self, way: Way) -> str:
        return HALF if way is Way.UNDOING else f"user{next(self._numbers)}"


def _home(device: Simulator) -> Path:
    """Where the program keeps its journal and its audit file."""
    return device.folder.with_suffix(".home")


def _remove(device: Simulator) -> None:
    shutil.rmtree(device.folder)
    shutil.rmtree(_home(device))
