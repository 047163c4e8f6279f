"""What the tests of four eyes share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from lockwright.audit.actor import account
from lockwright_testkit.pki import key_pem, pem
from lockwright_testkit.softhsm import SoftHSM
from second_person import BORIS, CA, EVE, PIN, Full, Office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
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


@pytest.fixture
def full(office: Office, softhsm: SoftHSM) -> Iterator[Full]:
    softhsm.add_token("Anna")
    with office.runner() as runner:
        token = runner.find()
        for name in ("CN=Anna", "CN=Old Anna"):
            runner.request(token, PIN, name, key_type="ec:p256")
        yield Full(runner, token)
