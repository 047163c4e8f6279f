"""``[desk]``: where Requests go, and what is no desk that could be trusted."""

from __future__ import annotations

from pathlib import Path

import pytest
from lockwright import load
from lockwright.config.desk import DeskSettings
from lockwright.errors import BrokenConfiguration, DeskAddressUnfit
from lockwright.line.talking import Talk

PIN = f"sha256:{'ab' * 32}"


def desk(folder: Path, text: str) -> DeskSettings | None:
    file = folder / "config.toml"
    file.write_text(text)
    return load(file).desk


def test_a_desk_is_known_by_its_ca_or_by_its_key(tmp_path: Path) -> None:
    both = f'[desk]\nurl = "https://desk.bank.example"\nca = ["ca.pem"]\npin = ["{PIN}"]'

    assert desk(tmp_path, "") is None
    assert desk(tmp_path, both) == DeskSettings(
        "https://desk.bank.example", (tmp_path / "ca.pem",), (PIN,)
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('ca = ["ca.pem"]', "url is missing"),
        ('url = "https://desk.bank.example"', "needs ca or pin"),
        ('url = "https://desk.bank.example"\npin = ["ab"]', "64 hexadecimal digits"),
        ('url = "https://desk.bank.example"\nca = ["ca.pem"]\ntrust = []', "trust is unknown"),
    ],
)
def test_a_desk_that_anybody_could_be_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BrokenConfiguration, match=told):
        desk(tmp_path, f"[desk]\n{text}")


@pytest.mark.parametrize(
    "url",
    ["http://desk.bank.example", "https://[desk", "https://anna:1234@desk.bank.example", "desk"],
)
def test_an_address_that_is_not_safe_is_not_used(url: str) -> None:
    with pytest.raises(DeskAddressUnfit) as refused:
        Talk(DeskSettings(url, pins=(PIN,)))
    assert "1234" not in str(refused.value)
