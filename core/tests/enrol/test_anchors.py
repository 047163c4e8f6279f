"""CA certificates that a person confirmed, killed while they are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.config import load
from lockwright.runner import Runner
from lockwright_testkit.kills.disk import DiskKills
from lockwright_testkit.pki import TestCa, pem

CONFIRM = """
from pathlib import Path
from cryptography.x509 import load_pem_x509_certificates
from lockwright.config import load
from lockwright.runner import Runner
with Runner(load(Path(config))) as runner:
    authorities = runner.authorities
    authorities.confirm(authorities.get("bank"), load_pem_x509_certificates(pem.encode()))
"""


def test_what_is_trusted_is_what_was_or_what_is_confirmed_when_that_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    config = tmp_path / "config.toml"
    config.write_text('[ca.bank]\nurl = "https://ca.bank.example"\nsubject = "CN={login}"\n')
    first, second, third = (TestCa.root(f"CN={name}").certificate for name in "abc")

    def trusted() -> tuple[bytes, ...]:
        with Runner(load(config)) as runner:
            return runner.authorities.get("bank").anchors

    der = {each: each.public_bytes(Encoding.DER) for each in (first, second, third)}
    seen = []
    with DiskKills("lockwright.operations.enrolment.ca_profiles", "lockwright.runner") as kills:
        for whole in ((first,), (second, third)):
            text = pem(*whole).decode()
            seen += [
                trusted() for _moment in kills.each(tmp_path, CONFIRM, config=str(config), pem=text)
            ]
            assert trusted() == tuple(der[each] for each in whole)

    assert set(seen) == {(), (der[first],), (der[second], der[third])}
    (kept,) = (tmp_path / "state" / "lockwright").rglob("*bank.pem*")
    assert kept.name == "bank.pem"
    assert kept.stat().st_mode & 0o777 == 0o600
