"""No password of a storage and no key is found anywhere it has no business."""

from __future__ import annotations

import base64
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright_testkit.est_server import EstServer, Reply
from lockwright_testkit.pki import TestCa
from lockwright_testkit.soft_customer import KEPT_UNDER, SoftCustomer

STORAGES = {"file": ("--out", "anna.p12"), "system": ("--storage", "system")}
_WITNESS = """#!{python}
import os, sys
with open({log!r}, "a") as log:
    print(sys.argv, dict(os.environ), file=log)
os.execv({tool!r}, [{tool!r}, *sys.argv[1:]])
"""


@pytest.fixture
def customer(tmp_path: Path) -> Iterator[SoftCustomer]:
    with EstServer(TestCa.root("CN=Bank CA"), {}) as server:
        yield SoftCustomer(tmp_path, server)


def witnessed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """NSS's tools, each behind a program that notes how it was called; the notes."""
    log = folder / "called"
    for name in ("certutil", "pk12util"):
        program = folder / "bin" / name
        program.parent.mkdir(exist_ok=True)
        text = _WITNESS.format(python=sys.executable, log=str(log), tool=f"/usr/bin/{name}")
        program.write_text(text)
        program.chmod(0o700)
    monkeypatch.setenv("PATH", os.pathsep.join((str(folder / "bin"), os.environ["PATH"])))
    return log


def leaks(data: bytes) -> bool:
    forms = (KEPT_UNDER, KEPT_UNDER.encode().hex(), base64.b64encode(KEPT_UNDER.encode()).decode())
    spelt = [form.encode() for form in forms] + [KEPT_UNDER.encode("utf-16-be")]
    return any(form in data for form in spelt) or b"PRIVATE KEY" in data


@pytest.mark.parametrize("storage", STORAGES)
@pytest.mark.parametrize("later", [False, True], ids=["issued", "waiting"])
def test_no_file_no_output_and_no_argument_holds_it(
    customer: SoftCustomer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    storage: str,
    *,
    later: bool,
) -> None:
    log = witnessed(tmp_path, monkeypatch)
    if later:
        reply = Reply(202, headers={"Retry-After": "3600"})
        customer.server.script("simpleenroll", reply)

    ended = customer.enrol("anna", *STORAGES[storage], "--verbose", "--json")

    assert ended.code == (17 if later else 0), ended
    assert not leaks((ended.out + ended.err).encode())
    given = tmp_path / "kept-under"
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path != given]
    assert [path for path in files if leaks(path.read_bytes())] == []
    # As long as nothing is issued, there is nothing to say to the store that is not there yet.
    assert log.exists() == (storage == "system" and not later)
    waiting = [path for path in files if path.suffix == ".p12" and path.name != "anna.p12"]
    assert len(waiting) == int(later)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in waiting)
