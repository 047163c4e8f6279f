"""The page on Python, run word for word: its blocks in their order, in one program."""

from __future__ import annotations

import asyncio
import getpass
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lockwright import Config, LockwrightError, Responder, Runner, Secret
from lockwright.config import load
from lockwright.contract.hooks import HOOKS
from lockwright.keys.source import HsmKey, hsm_module
from lockwright.models import Grounds, Watch
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.hsm import add_key
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SO_PIN, USER_PIN, SoftHSM, module_path

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "use-from-python.md"
KEY, OTP, NEW = "7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0", "Maple-Drum-77", "Kettle-42"
SERIAL = "0B53001435596976"


def blocks() -> Iterator[str]:
    """The blocks of the page, in its order."""
    for found in re.finditer(
        r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    ):
        yield found[1].replace("/usr/lib/softhsm/libsofthsm2.so", str(module_path()))


class Reader:
    """Whoever reads the page and types its blocks in, each into a program of its own.

    Args:
        here: the folder that stands for the places that the page names.
    """

    def __init__(self, here: Path) -> None:
        self.here = here
        self.shown: list[str] = []
        self.prints: Callable[..., object] = self._shows
        self._programs: list[dict[str, Any]] = []

    def _print(self, *told: object) -> None:
        self.prints(*told)

    def _shows(self, *told: object) -> None:
        self.shown.append(" ".join(map(str, told)))

    def types(self, block: str) -> None:
        """Run a block."""
        names: dict[str, Any] = {"print": self._print}
        self._programs.append(names)
        code = compile(block.replace("/etc/bank", str(self.here)), str(PAGE), "exec")
        exec(code, names)  # noqa: S102  # the page's own

    def of(self, name: str, beside: str = "") -> Any:
        """What a block defines, or another one of the same block."""
        (program,) = [each for each in self._programs if name in each]
        return program[beside or name]


def test_every_block_does_what_the_page_says(
    tmp_path: Path,
    softhsm: SoftHSM,
    sim: SimulatorFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ca, reader = TestCa.root(), Reader(tmp_path)
    token = softhsm.add_token("Anna")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(getpass, "getpass", lambda _question: USER_PIN)
    (tmp_path / "ca.pem").write_bytes(pem(ca.certificate))
    with EstServer(ca, {"anna": OTP}) as server:
        (tmp_path / "lockwright.toml").write_text(
            f'[ca.bank]\nurl = "{server.url}"\ntrust = ["{tmp_path / "ca.pem"}"]\n'
            'subject = "CN={login},O=Bank"\nkey_type = "ec:p256"\n'
        )
        for block in blocks():
            reader.types(block)
        assert f"{token.serial} Anna softhsm" in reader.shown
        assert any(line.startswith("min-length") for line in reader.shown), reader.shown
        of_the_bank = load(tmp_path / "lockwright.toml")
        with Runner(of_the_bank) as runner:
            renew(reader, runner, ca)
            reader.of("enrol")(runner, Secret(NEW), Secret(OTP))
            reader.of("due")(runner)
            reader.of("wipe")(runner, Secret(NEW), Watch(reader.of("wipe", "told")))
            assert runner.list(runner.find(), Secret(NEW)).all_objects == ()
    assert any(line.startswith("proving") for line in reader.shown), reader.shown
    assert asyncio.run(reader.of("look")(Runner(Config(audit=None))))
    refuses_what_nobody_approved(reader)
    answers(reader, softhsm, sim)


def renew(reader: Reader, runner: Runner, ca: TestCa) -> None:
    """The page's function prints the request; the bank's answer is there when it goes on."""
    answer = reader.here / "answer.pem"

    def bank(told: object) -> None:
        if str(told).startswith("-----BEGIN CERTIFICATE REQUEST"):
            answer.write_bytes(ca.answer(str(told).encode()))

    reader.prints = bank
    reader.of("renew")(runner, Secret(SO_PIN), Secret(NEW), answer)
    reader.prints = reader._shows
    (container,) = runner.list(runner.find(), Secret(NEW)).containers
    assert container.certificates


def refuses_what_nobody_approved(reader: Reader) -> None:
    """The plugin stands around what destroys or unblocks, and around nothing else."""
    plugin = reader.of("plugin")
    guarded = {name for name in HOOKS if hasattr(plugin, name)}
    meant = {name for name, each in HOOKS.items() if each.destroys or each.unblocks}
    assert guarded == meant
    with pytest.raises(reader.of("NotApproved")):
        next(plugin._around(HOOKS["lockwright_wipe"], {"serial": "1"}))
    assert issubclass(reader.of("NotApproved"), LockwrightError)


def answers(reader: Reader, softhsm: SoftHSM, sim: SimulatorFactory) -> None:
    """Both sides of a call, and then the help desk's program with a key in an HSM."""
    key = bytes.fromhex(KEY)
    device = sim("jacarta-pki", serial=SERIAL, settings={"admin.key": key})
    requests: list[str] = []

    def ask(request: str, check: str) -> Secret:
        requests.append(request)
        if len(requests) == 1:
            return Secret("0")  # misheard
        return Secret(reader.of("answer")(SERIAL, request, check, Secret(KEY)))

    with Runner(Config(audit=None), modules=[device.module]) as runner:
        reader.of("unblock")(runner, Secret(NEW), ask)
        assert runner.list(runner.find(), Secret(NEW)) is not None
    assert len(requests) == 2

    bank = softhsm.add_token("bankhsm")
    uri = add_key(softhsm, bank, key, "admin")
    calls = []
    for number in range(3):
        with Responder() as responder:
            request = f"A892 D756 0161 7C5{number}"
            inquiry = responder.inquire("jacarta", "JaCarta Laser", SERIAL, request).value
        hsm = HsmKey(uri, hsm_module(uri, module_path()), Secret(USER_PIN))
        calls.append((inquiry, hsm, Grounds("anna", ticket="4711")))
    reader.shown.clear()
    reader.of("serve")([*calls, calls[0]])
    assert [bool(re.fullmatch(r"([0-9A-F]{4} ){4}[0-9A-F]{5}", line)) for line in reader.shown] == [
        *(True, True, True, False)
    ]
    assert reader.shown[3] == "have the client make a new Request"
