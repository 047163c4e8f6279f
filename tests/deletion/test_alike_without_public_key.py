"""Two EC private keys of one id and label, one public key: what is named goes, in any session.

SoftHSM lists them in another order each time, so a number names now the one, now the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import drawn_objects
import pytest
from lockwright import Config, Runner
from lockwright.bindings import load
from lockwright.errors import SelectionError
from lockwright.models import ObjectKind, Plan, Token
from lockwright.pkcs11.constants import CKA, CKO, CKU
from lockwright.pkcs11.session import Session, Template
from lockwright.secret import Secret
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

SESSIONS = 12
NAMED: Template = {CKA.TOKEN: True, CKA.ID: b"\1", CKA.LABEL: "k"}


class Desk:
    """One token, on which each step starts the module anew, as each command does."""

    def __init__(self, module: Path, serial: str) -> None:
        self._module, self._serial = module, serial

    @contextmanager
    def session(self) -> Iterator[Session]:
        module = load("pykcs11", self._module)
        (slot,) = (each.token.slot for each in module.slots())
        with module.open_session(slot) as session:
            session.login(CKU.USER, self.pin)
            yield session
        module.close()

    @contextmanager
    def runner(self) -> Iterator[tuple[Runner, Token]]:
        with Runner(Config(audit=None), modules=[self._module], isolate=False) as runner:
            yield runner, runner.find(self._serial)

    @property
    def pin(self) -> Secret:
        return Secret(USER_PIN)

    def fill(self) -> None:
        with_public, alone, _third = drawn_objects.every_key()[:3]
        with self.session() as session:
            for made in (with_public.private, with_public.public, alone.private):
                session.create({**NAMED, **made})

    def private_values(self) -> set[bytes]:
        with self.session() as session:
            found = session.find({CKA.CLASS: CKO.PRIVATE_KEY})
            return {session.read(handle, [CKA.VALUE])[CKA.VALUE] for handle in found}

    def plan(self, name: str) -> Plan | None:
        with self.runner() as (runner, token), suppress(SelectionError):
            return runner.plan_delete(token, self.pin, [name])
        return None

    def names(self) -> list[str]:
        """Every name that a listing shows for one of the private keys, or a refusal tells."""
        with self.runner() as (runner, token):
            content = runner.list(token, self.pin)
        return [c.selector for c in content.containers] + [
            content.selectors[obj.ref]
            for obj in content.all_objects
            if obj.kind is ObjectKind.PRIVATE_KEY
        ]

    def told(self, name: str) -> tuple[str, ...]:
        """The names that a refusal gives instead of one that fits several."""
        with self.runner() as (runner, token), pytest.raises(SelectionError) as caught:
            runner.plan_delete(token, self.pin, [name])
        fits = caught.value.facts["fits"]
        assert isinstance(fits, tuple)
        return fits


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    soft = SoftHSM(tmp_path)
    for name, value in soft.environment.items():
        monkeypatch.setenv(name, value)
    made = Desk(soft.module, soft.add_token().serial)
    made.fill()
    return made


def test_a_name_never_means_now_the_one_and_now_the_other(desk: Desk) -> None:
    meant: dict[str, set[frozenset[str]]] = {}
    names = {*desk.names(), *desk.told("k")}
    for _ in range(SESSIONS):
        for name in names:
            plan = desk.plan(name)
            refs = frozenset(obj.ref for obj in plan.targets) if plan else frozenset()
            meant.setdefault(name, set()).add(refs)
    assert {name: refs for name, refs in meant.items() if len(refs) > 1} == {}


def test_the_key_without_a_public_key_goes_by_the_name_that_a_refusal_tells(desk: Desk) -> None:
    with_public, alone = (key.private[CKA.VALUE] for key in drawn_objects.every_key()[:2])
    assert desk.private_values() == {with_public, alone}
    told = {desk.told("k") for _ in range(SESSIONS)}
    assert len(told) == 1, "the names are the same in every session"
    plans = [plan for name in told.pop() if (plan := desk.plan(name))]
    (plan,) = (each for each in plans if len(each.targets) == 1)

    with desk.runner() as (runner, token):
        runner.apply(token, desk.pin, plan)

    assert desk.private_values() == {with_public}
