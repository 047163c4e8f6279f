"""A TPM of software, asked by an acceptance: its flags tell nothing, and its lock is of it all."""

from __future__ import annotations

from pathlib import Path

import pytest
from lockwright.secret import Secret
from lockwright_testkit.acceptance.probes.ask import ask
from lockwright_testkit.acceptance.probes.asked import text
from lockwright_testkit.raw import started
from lockwright_testkit.sim import SO_PIN, USER_PIN
from soft_tpm import PLACES, make, running


def test_a_pin_that_is_locked_without_a_flag_is_counted_by_what_a_login_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path)
    with running(tmp_path, monkeypatch), Secret(USER_PIN) as pin, Secret(SO_PIN) as so_pin:
        with started(PLACES[0]) as module:
            serial = text(module.token_info(module.slots()[0]).serial)
        # Its next token, which is blank, has the same serial number.
        tries = ask("tries", PLACES[0], serial, pin, so_pin, label="tpm")
        unlock = ask("unlock", PLACES[0], serial, pin, so_pin, label="tpm")

    assert tries.reason == ""
    # Of its three tries one is gone: it was switched off without notice after its secret was used.
    assert tries.seen == {"user.tries.max": "2", "user.wrong.rv": "0xa0"}
    assert unlock.seen == {"unblock.login.rv": "0xa4"}, "a TPM that is locked refuses the SO PIN"
