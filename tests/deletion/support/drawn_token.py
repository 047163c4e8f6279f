"""A token with objects drawn at random, of which something is deleted by a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import drawn_objects
import pytest
from lockwright import Config, Runner
from lockwright.bindings import load
from lockwright.errors import SelectionError
from lockwright.models import Listing, ObjectKind, Plan, Token, TokenObject
from lockwright.pkcs11.constants import CKA, CKU
from lockwright.pkcs11.session import Module, Session
from lockwright.secret import Secret
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

_KINDS = {0: "data", 1: "certificate", 2: "public-key", 3: "private-key", 4: "secret-key"}
_READ = (CKA.CLASS, CKA.ID, CKA.LABEL, CKA.VALUE, CKA.MODULUS, CKA.EC_POINT)
_SECRETS = {key.private.get(CKA.VALUE): key.value for key in drawn_objects.every_key()}
"""The point of each EC key, by its private value."""

Physical = tuple[str, bytes, str, bytes]
"""An object as it really is: its kind, id, label, and the value of its key, be it hidden."""


@dataclass
class Tally:
    """What came of many deletions."""

    deleted: int = 0
    """Plans that were carried out."""
    refused: Counter[str] = field(default_factory=Counter)
    """Names that were refused, by the error's code."""
    keys: int = 0
    """Private keys that went."""


class DrawnToken:
    """A token that is filled anew for each round.

    Args:
        runner: the runner, which gives modules no process of their own.
        module: the same module, to fill the token and to see what is really there.
        token: the token, empty.
        pin: its user PIN.
    """

    def __init__(self, runner: Runner, module: Module, token: Token, pin: str) -> None:
        self._runner = runner
        self._module = module
        self._token = token
        self._pin = pin
        self.tally = Tally()

    def rounds(self, seed: int, number: int) -> None:
        """Several rounds.

        Args:
            seed: which ones.
            number: how many.
        """
        for place in range(number):
            try:
                self.round(Random(seed * 1_000_000 + place))  # noqa: S311  # it can be drawn again
            except BaseException as error:
                error.add_note(f"SEED={seed}, token {place}")
                raise

    def round(self, random: Random) -> None:
        """Fill the token, delete something, and see that just that is gone."""
        self._fill(drawn_objects.drawn(random))
        content = self._runner.list(self._token, self.pin)
        before = self._really()
        names, expired = self._names(random, content)
        try:
            plan = self._runner.plan_delete(self._token, self.pin, names, expired=expired)
        except SelectionError as error:
            self.tally.refused[error.code] += 1
            plan = None
        if plan is None:
            assert self._really() == before
            return
        if not plan.targets:
            return
        report = self._runner.apply(self._token, self.pin, plan)
        gone = before - self._really()
        assert len(report.gone) == gone.total() == len(plan.targets)
        assert Counter(map(_planned, plan.targets)) == _as_planned(gone), (names, plan, gone)
        self._were_named(plan, names, gone)
        self.tally.deleted += 1

    @property
    def pin(self) -> Secret:
        """The user PIN; an operation wipes what it is given."""
        return Secret(self._pin)

    def _names(self, random: Random, content: Listing) -> tuple[Sequence[str], bool]:
        """One or two names from the listing, or made up of ids and labels; or what has expired."""
        shown = [container.selector for container in content.containers]
        shown += [content.selectors[obj.ref] for obj in content.all_objects]
        made_up = [*drawn_objects.LABELS, *(each.hex() for each in drawn_objects.IDS), "0x"]
        pool = shown if random.random() < 0.7 else made_up  # mostly names that fit
        names = random.sample(pool, min(len(pool), random.choice((0, 1, 1, 1, 2))))
        return names, not names

    def _were_named(self, plan: Plan, names: Sequence[str], gone: Counter[Physical]) -> None:
        """No private key is gone that is not of a key that was named, or bears its names."""
        single = {(obj.id, obj.label) for obj in plan.objects}
        values = {o.public_value for c in plan.containers for o in c.objects if o.public_value}
        alone = {
            (c.id, c.label)
            for c in plan.containers
            if not any(o.public_value for o in c.objects) or c.id.hex() in names
        }
        bearing = {
            (obj.id, obj.label)
            for c in plan.containers
            for obj in c.objects
            if obj.kind is ObjectKind.PUBLIC_KEY and obj.id and obj.label
        }
        for kind, key_id, label, value in gone:
            if kind == ObjectKind.PRIVATE_KEY:
                self.tally.keys += 1
                said = (key_id, label)
                assert value in values or said in single | alone | bearing, (names, plan, said)

    def _fill(self, objects: Sequence[drawn_objects.Template]) -> None:
        with self._session() as session:
            for handle in session.find({}):
                session.destroy(handle)
            for attributes in objects:
                session.create(attributes)

    def _really(self) -> Counter[Physical]:
        with self._session() as session:
            return Counter(_physical(session.read(h, _READ)) for h in session.find({}))

    def _session(self) -> Session:
        session = self._module.open_session(self._token.identity.slot).__enter__()
        session.login(CKU.USER, self.pin)
        return session


def _physical(read: dict[int, bytes]) -> Physical:
    kind = _KINDS[read.get(CKA.CLASS, b"\0")[0]]
    value = read.get(CKA.MODULUS) or read.get(CKA.EC_POINT) or read.get(CKA.VALUE, b"")
    if kind == ObjectKind.PRIVATE_KEY:
        value = _SECRETS.get(value, value)
    return kind, read.get(CKA.ID, b""), read.get(CKA.LABEL, b"").decode(), value


def _planned(obj: TokenObject) -> tuple[str, bytes, str, bytes | None]:
    """An object of a plan by what the plan says of it."""
    shown = obj.value if obj.kind is ObjectKind.CERTIFICATE else None
    return obj.kind.value, obj.id, obj.label, shown


def _as_planned(gone: Counter[Physical]) -> Counter[tuple[str, bytes, str, bytes | None]]:
    told: Counter[tuple[str, bytes, str, bytes | None]] = Counter()
    for (kind, key_id, label, value), number in gone.items():
        told[kind, key_id, label, value if kind == ObjectKind.CERTIFICATE else None] += number
    return told


@contextmanager
def at_random(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DrawnToken]:
    """A SoftHSM token to be filled at random, in memory where the system has room there.

    Args:
        folder: a folder for it otherwise.
        monkeypatch: shows it to this process.
    """
    memory = Path("/dev/shm")  # noqa: S108  # only where it is, and in a folder of its own
    with TemporaryDirectory(dir=memory if memory.is_dir() else folder) as place:
        soft = SoftHSM(Path(place))
        for name, value in soft.environment.items():
            monkeypatch.setenv(name, value)
        serial = soft.add_token().serial
        module = load("pykcs11", soft.module)
        with Runner(Config(audit=None), modules=[soft.module], isolate=False) as runner:
            yield DrawnToken(runner, module, runner.find(serial), USER_PIN)
        module.close()
