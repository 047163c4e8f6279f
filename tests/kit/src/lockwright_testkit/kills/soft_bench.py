"""Enrolments into a file or into the system's store that are killed, continued and undone."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.enrol.storage.pkcs12 import Identity, unseal
from lockwright.enrol.storage.stores.nss import NssStore
from lockwright.secret import Secret

from lockwright_testkit.est_server import EstServer
from lockwright_testkit.kills.cases import Moment
from lockwright_testkit.kills.drivers import Crew
from lockwright_testkit.kills.soft_jobs import JOURNAL
from lockwright_testkit.kills.token_bench import ABANDON, PASSWORD, RESUME
from lockwright_testkit.pki import TestCa, pem

FILE, SYSTEM = "file", "system"
_KEEPS = "Kettle-Moss-42"  # of tests
_SUBJECT = "O=Bank,CN=Anna"
_CONFIG = """
[ca.bank]
url = "{url}"
trust = ["{trust}"]
subject = "CN=Anna,O=Bank"
key_type = "ec:p256"

[audit]
file = "{audit}"
"""


@dataclass(frozen=True)
class SoftCase:
    """Where an enrolment is killed."""

    where: str
    """At a change of the ``journal``, of a file on ``disk``, at a run of a ``tool``."""
    number: int
    """At which of them."""
    moment: Moment
    """When, seen from that."""

    def __str__(self) -> str:
        return f"{self.where} {self.number} {self.moment}"


class SoftBench:
    """Kills enrolments; use it as a context manager.

    In the system's store there is a certificate of the same subject already, which must stay.

    Args:
        folder: an empty folder.
        kind: ``file`` or ``system``.
        crew: does what is killed, and what comes after it.
    """

    def __init__(self, folder: Path, kind: str, crew: Crew) -> None:
        self._crew = crew
        self._folder = folder
        self._kind = kind
        self._numbers = count(1)
        self._ca = TestCa.root()
        self._server = EstServer(self._ca, {})
        self._template = folder / "template"
        self.counts: dict[str, int] = {}
        """How often an enrolment does what it can be killed at."""
        (folder / "ca.pem").write_bytes(pem(self._ca.certificate))
        (self._template / "documents").mkdir(parents=True)
        self._old = self._with_old_certificate() if kind == SYSTEM else b""

    def __enter__(self) -> Self:
        self._server.__enter__()
        text = _CONFIG.format(
            url=self._server.url, trust=self._folder / "ca.pem", audit=self._folder / "audit.jsonl"
        )
        (self._folder / "config.toml").write_text(text)
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.__exit__()

    def cases(self) -> Iterator[SoftCase]:
        """Every place where an enrolment can be killed."""
        home, login = self._home()
        done = self._do(home, "enrol", login)
        if "counts" not in (done["result"] or {}):
            raise RuntimeError(f"an enrolment that nobody disturbed failed: {done}")
        self.counts = done["result"]["counts"]
        for where, number in self.counts.items():
            for at in range(1, number + 1):
                for moment in Moment:
                    # Only the journal has drafts, and what closes an entry has none.
                    if moment is not Moment.DRAFT or (where == JOURNAL and at < number):
                        yield SoftCase(where, at, moment)

    def run(self, cases: Iterable[SoftCase]) -> list[str]:
        """In each case kill an enrolment and go on; kill another one there and undo.

        Returns:
            What is wrong; nothing if all is right.

        Raises:
            RuntimeError: one was not killed.
        """
        with ThreadPoolExecutor(self._crew.size) as pool:
            return [told for wrong in pool.map(self._run, cases) for told in wrong]

    def _run(self, case: SoftCase) -> list[str]:
        wrong = []
        for ending in (RESUME, ABANDON):
            home, login = self._home()
            kill = {"where": case.where, "kill_at": case.number, "moment": case.moment}
            first = self._do(home, "enrol", login, **kill)
            if not first["killed"]:
                raise RuntimeError(f"{case}: not killed: {first}")
            if told := self._ended(ending, home, login):
                wrong.append(f"{case}, then {ending}: {told}")
            shutil.rmtree(home)
        return wrong

    def _ended(self, ending: str, home: Path, login: str) -> str:
        if not list(_journal(home).glob("*.json")):
            return self._nothing_or_whole(home, login)
        end = self._do(home, ending, login)["result"] or {"error": "none", "told": f"{ending} died"}
        if end.get("error") == "enrolment-too-late":
            end = self._do(home, RESUME, login)["result"] or {"error": "none", "told": "died"}
            ending = RESUME
        if "error" in end:
            return str(end["told"])
        found = self._found(home)
        right = (1 if ending == RESUME else 0, set[str]())
        return "" if found == right else f"certificates and rest are {found}, not {right}"

    def _nothing_or_whole(self, home: Path, login: str) -> str:
        """Killed when all was done but the telling; or before anything was: it is begun again."""
        if self._found(home)[0] == 0:
            self._do(home, "enrol", login)
        found = self._found(home)
        return "" if found == (1, set()) else f"begun again, certificates and rest are {found}"

    def _found(self, home: Path) -> tuple[int, set[str]]:
        """How many new certificates there are with their keys, and whatever else is left."""
        kept = {path.name for path in _journal(home).glob("*") if path.suffix != ".lock"}
        if self._kind == FILE:
            kept |= {path.name for path in (home / "documents").iterdir()} - {"anna.p12"}
            return self._in_file(home / "documents" / "anna.p12"), kept
        store = NssStore(folder=home / ".pki" / "nssdb")
        whole = [each for each in self._issued() if store.has(each) and store.proves(each)]
        if not store.proves(self._old):
            kept.add("no old certificate")
        if _keys(home) != len(whole) + 1:
            kept.add("a key of nobody")
        return len(whole), kept

    def _in_file(self, file: Path) -> int:
        if not file.exists():
            return 0
        found = unseal(file.read_bytes(), Secret(_KEEPS))
        return int(found.certificate in self._issued())

    def _issued(self) -> list[bytes]:
        return [each.public_bytes(Encoding.DER) for each in self._server.issued.values()]

    def _with_old_certificate(self) -> bytes:
        key = ec.generate_private_key(ec.SECP256R1())
        old = self._ca.issue(key.public_key(), _SUBJECT).public_bytes(Encoding.DER)
        NssStore(folder=self._template / ".pki" / "nssdb").put(Identity(key, old), "Anna")
        return old

    def _home(self) -> tuple[Path, str]:
        """A person's home, and a login with a password that was not used yet."""
        number = next(self._numbers)
        home, login = self._folder / f"home{number}", f"user{number}"
        shutil.copytree(self._template, home)
        self._server.logins[login] = PASSWORD
        return home, login

    def _do(self, home: Path, do: str, login: str, **kill: object) -> dict[str, Any]:
        environment = {"HOME": str(home), "XDG_STATE_HOME": str(home / "state")}
        job = {
            "do": do,
            "environment": environment,
            "config": str(self._folder / "config.toml"),
            "ca": "bank",
            "login": login,
            "password": PASSWORD,
            "keeps": _KEEPS,
            "storage": str(home / "documents" / "anna.p12") if self._kind == FILE else None,
            "pid": str(self._folder / f"{login}.pid"),
            **kill,
        }
        return self._crew.do(job)


def _journal(home: Path) -> Path:
    return home / "state" / "lockwright" / "enrolments"


def _keys(home: Path) -> int:
    """How many private keys the database holds."""
    database = f"sql:{home / '.pki' / 'nssdb'}"
    listed = subprocess.run(
        ["certutil", "-K", "-d", database, "-f", "/dev/stdin"],
        input="\n",
        capture_output=True,
        text=True,
        check=False,
    )
    return sum(line.startswith("<") for line in listed.stdout.splitlines())
