"""A computer with the plugin, a second person, and a token with two keys; and fixtures of them."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright import Config, Runner, Secret
from lockwright.audit.actor import account
from lockwright.models import Plan, Token
from lockwright.registry import Registry
from lockwright_four_eyes import consent as consents
from lockwright_four_eyes import program
from lockwright_four_eyes.errors import ConsentMissing
from lockwright_four_eyes.exchange import Exchange
from lockwright_testkit.pki import TestCa, key_pem, pem
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

PIN, NEW_PIN = Secret(USER_PIN), "Kettle-Moss-42"
BORIS, EVE = "boris", "eve"
CA = TestCa.root()


@dataclass
class Office:
    """A computer with the plugin, where whoever runs the tests works, and Boris may consent."""

    folder: Path
    keys: dict[str, ec.EllipticCurvePrivateKey]
    points: tuple[EntryPoint, ...]

    @property
    def settings(self) -> Path:
        return self.folder / "four-eyes.toml"

    @property
    def exchange(self) -> Exchange:
        return Exchange(self.folder / "spool")

    def runner(self, *modules: Path, use_last_try: bool = False) -> Runner:
        return Runner(
            Config(audit=None),
            modules=modules,
            registry=Registry(found=self.points),
            isolate=False,
            use_last_try=use_last_try,
        )

    def approve(self, asked: str, serial: str, who: str = BORIS) -> int:
        """Run the second person's program, who types the serial number."""
        key = self.folder / f"{who}.key"
        sys.stdin = io.StringIO(f"{serial}\n")
        return program.main(["approve", asked, "--as", who, "--key", str(key)], self.settings)

    def forge(self, asked: str, who: str = BORIS, key: str = BORIS, **changed: object) -> None:
        """Put a consent into the folder by hand."""
        (subject,) = (each for each in self.exchange.waiting() if each["id"] == asked)
        subject = {**subject, **{name: value for name, value in changed.items() if name != "at"}}
        made = consents.consent(subject, who, consents.signs(self.keys[key]))
        if at := changed.get("at"):
            data = consents.to_sign(subject, who, str(at))
            again = consents.consent(subject, who, lambda _data: self.signed(key, data))
            made = replace(again, approved_at=str(at))
        self.exchange.answer(made)

    def signed(self, key: str, data: bytes) -> bytes:
        return consents.signs(self.keys[key])(data)


@dataclass
class Full:
    """A token with two keys."""

    runner: Runner
    token: Token

    def everything(self) -> Plan:
        names = [each.selector for each in self.runner.list(self.token, PIN).containers]
        return self.runner.plan_delete(self.token, PIN, names)

    def left(self) -> int:
        return len(self.runner.list(self.token, PIN).containers)

    def asks(self, plan: Plan) -> str:
        """What the consent to a plan is asked for as."""
        with pytest.raises(ConsentMissing) as caught:
            self.runner.apply(self.token, PIN, plan)
        return str(caught.value.facts["id"])


@pytest.fixture(name="office")
def office_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    people = (BORIS, account(), EVE)
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in people}
    for name, key in keys.items():
        (tmp_path / f"{name}.pem").write_bytes(pem(CA.issue(key.public_key())))
        (tmp_path / f"{name}.key").write_bytes(key_pem(key))
        (tmp_path / f"{name}.key").chmod(0o600)
    (tmp_path / "spool").mkdir()
    may = "".join(f'{name} = "{name}.pem"\n' for name in people[:2])
    settings = tmp_path / "four-eyes.toml"
    settings.write_text(f'folder = "{tmp_path}/spool"\n[approvers]\n{may}')
    (tmp_path / "plugged_four_eyes.py").write_text(
        "from pathlib import Path\nfrom lockwright_four_eyes.guard import FourEyes\n"
        f"plugin = FourEyes(Path({str(settings)!r}))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "plugged_four_eyes", raising=False)
    monkeypatch.setattr(sys, "stdin", sys.stdin)
    eyes = EntryPoint("four-eyes", "plugged_four_eyes:plugin", "lockwright")
    return Office(tmp_path, keys, (*entry_points(group="lockwright"), eyes))


@pytest.fixture(name="full")
def full_fixture(office: Office, softhsm: SoftHSM) -> Iterator[Full]:
    softhsm.add_token("Anna")
    with office.runner() as runner:
        token = runner.find()
        for name in ("CN=Anna", "CN=Old Anna"):
            runner.request(token, PIN, name, key_type="ec:p256")
        yield Full(runner, token)
