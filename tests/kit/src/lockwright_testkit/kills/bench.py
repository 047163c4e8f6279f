"""A token with an old certificate, a CA, and enrolments on copies of it that are killed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lockwright_testkit.est import EstServer
from lockwright_testkit.kills import driver
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.simulator import USER_PIN, Simulator

PASSWORD = "Maple-Drum-77"  # of tests
RESUME, ABANDON = "resume", "abandon"
_CHANGING = frozenset({"C_CreateObject", "C_DestroyObject", "C_GenerateKeyPair", "C_Login"})
_CONFIG = """
[ca.bank]
url = "{url}"
trust = ["{trust}"]
subject = "CN={{login}},O=Bank"
key_type = "{key_type}"
"""


@dataclass(frozen=True)
class Case:
    """Where an enrolment is killed."""

    fault: str | None = None
    """A plan of the simulator, such as ``C_Sign@1=kill``."""
    record: int | None = None
    """Which change of the journal."""
    moment: str = ""
    """``before`` it, with its ``draft`` written, or ``after`` it."""
    replace: bool = False
    """Whether the old container is to be replaced."""

    def __str__(self) -> str:
        where = self.fault or f"journal {self.record} {self.moment}"
        return f"{where}{', replacing' if self.replace else ''}"


class Bench:
    """Kills enrolments; use it as a context manager.

    Args:
        folder: an empty folder.
        personality: the simulated token.
        settings: its settings.
        key_type: the key type to enrol.
    """

    def __init__(
        self,
        folder: Path,
        personality: str,
        *,
        settings: Mapping[str, Setting],
        key_type: str = "ec:p256",
    ) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._ca = TestCa.root()
        self._server = EstServer(self._ca, {})
        (folder / "ca.pem").write_bytes(pem(self._ca.certificate))
        self._key_type = key_type
        self._template = Simulator.create(folder / "template", personality, settings=dict(settings))
        self.calls: dict[str, int] = {}
        """How often an enrolment calls each function of the module."""
        self.records = 0
        """How often it changes the journal."""
        self._before: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._server.__enter__()
        config = _CONFIG.format(
            url=self._server.url, trust=self._folder / "ca.pem", key_type=self._key_type
        )
        (self._folder / "config.toml").write_text(config)
        self._process = subprocess.Popen(  # our own
            [sys.executable, driver.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._before = self._finished(self._job(self._template, "enrol", "old"))
        return self

    def __exit__(self, *_exc: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._server.__exit__()

    def measure(self, *, replace: bool = False) -> None:
        """Run an enrolment to its end, and count what can be killed."""
        device = self._copy(self._template)
        device.zero_counts()
        job = self._job(device, "enrol", self._login(), replace="old" if replace else None)
        self.records = self._finished({**job, "silent": True})["records"]
        self.calls = device.counts()

    def cases(self, *, replace: bool = False) -> Iterator[Case]:
        """Every place where an enrolment can be killed.

        Killed before each call of the module, and after those that change something as well: for
        all others that is the same as before the next one.
        """
        self.measure(replace=replace)
        for record in range(1, self.records + 1):
            for moment in ("before", "draft", "after"):
                # The last change removes the file: there is no draft.
                if record < self.records or moment != "draft":
                    yield Case(None, record, moment, replace)
        for function, calls in sorted(self.calls.items()):
            for number in range(1, calls + 1):
                for how in ("kill", "after:kill")[: 1 + (function in _CHANGING)]:
                    yield Case(f"{function}@{number}={how}", replace=replace)

    def run(self, case: Case) -> list[str]:
        """Kill an enrolment; then go on, and on a copy undo.

        Returns:
            What is wrong; nothing if all is right.

        Raises:
            RuntimeError: it was not killed.
        """
        device, login = self._copy(self._template), self._login()
        replace = "old" if case.replace else None
        if case.fault is not None:
            device.fault(case.fault)
        job = self._job(device, "enrol", login, replace=replace)
        first = self._do({**job, "kill_at": case.record, "moment": case.moment})
        if not first["killed"]:
            raise RuntimeError(f"{case}: not killed: {first}")
        device.clear_faults()
        wrong = []
        for ending, token in ((RESUME, self._copy(device)), (ABANDON, device)):
            if told := self._ended(ending, token, login, replace):
                wrong.append(f"{case}, then {ending}: {told}")
            _remove(token)
        return wrong

    def _ended(self, ending: str, device: Simulator, login: str, replace: str | None) -> str:
        left = self._result(device, "list", login)
        if not left["unfinished"]:
            if left["digest"] == self._before["digest"]:
                # Killed before anything was begun. The other copy has used the password.
                left = self._result(device, "enrol", self._login(), replace=replace)
            return self._is_enrolled(left, replace)
        end = self._result(device, ending, login)
        if end.get("error") == "enrolment-too-late" and replace:
            return self._is_enrolled(self._result(device, RESUME, login), replace)
        if "error" in end:
            return str(end["told"])
        if ending == RESUME:
            return self._is_enrolled(end, replace)
        if end["unfinished"] or end["digest"] != self._before["digest"]:
            return f"the token is not as it was: {end}"
        return ""

    def _is_enrolled(self, content: dict[str, Any], replace: str | None) -> str:
        """One new container, whole, with the certificate that was issued; the old one as it was."""
        if "error" in content:
            return str(content["told"])
        old = self._before["containers"]
        new = [each for each in content["containers"] if each not in old]
        kept = [each for each in content["containers"] if each in old]
        issued = {_fingerprint(each) for each in self._server.issued.values()}
        right = (
            not content["unfinished"]
            and content["loose"] == self._before["loose"]
            and kept == ([] if replace else old)
            and [(each["state"], each["objects"]) for each in new] == [("complete", 3)]
            and set(new[0]["certificates"]) <= issued
        )
        return "" if right else f"not exactly one new certificate: {content}"

    def _copy(self, device: Simulator) -> Simulator:
        target = self._folder / f"case{next(self._numbers)}"
        shutil.copytree(device.folder, target)
        if _home(device).exists() and device is not self._template:
            shutil.copytree(_home(device), _home(Simulator(target)))
        return Simulator(target)

    def _login(self) -> str:
        login = f"user{next(self._numbers)}"
        self._server.logins[login] = PASSWORD
        return login

    def _job(
        self, device: Simulator, do: str, login: str, replace: str | None = None
    ) -> dict[str, Any]:
        self._server.logins[login] = PASSWORD
        return {
            "do": do,
            "environment": {**device.environment, "XDG_STATE_HOME": str(_home(device))},
            "config": str(self._folder / "config.toml"),
            "module": str(device.module),
            "pin": USER_PIN,
            "ca": "bank",
            "login": login,
            "password": PASSWORD,
            "replace": replace,
        }

    def _do(self, job: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None  # it is a pipe
        assert self._process.stdout is not None  # it is a pipe
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        outcome: dict[str, Any] = json.loads(self._process.stdout.readline())
        return outcome

    def _result(
        self, device: Simulator, do: str, login: str, replace: str | None = None
    ) -> dict[str, Any]:
        outcome = self._do(self._job(device, do, login, replace))
        result: dict[str, Any] = outcome["result"] or {"error": "none", "told": f"{do} died"}
        return result

    def _finished(self, job: dict[str, Any]) -> dict[str, Any]:
        outcome = self._do(job)
        result: dict[str, Any] = outcome["result"]
        if not result or "error" in result:
            raise RuntimeError(f"an enrolment that nobody disturbed failed: {outcome}")
        return result


def _home(device: Simulator) -> Path:
    """Where the program keeps its journal and its audit file."""
    return device.folder.with_suffix(".home")


def _remove(device: Simulator) -> None:
    shutil.rmtree(device.folder)
    shutil.rmtree(_home(device))


def _fingerprint(certificate: x509.Certificate) -> str:
    return sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
