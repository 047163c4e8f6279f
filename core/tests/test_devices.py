"""Applets of one card are one device, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lockwright.models import ModuleInfo, Token, TokenIdentity
from lockwright.operations.devices import devices

MODULE = ModuleInfo(Path("/lib/one.so"), "Maker", "", (1, 0))
OTHER = replace(MODULE, path=Path("/lib/two.so"))


def token(serial: str, reader: str, module: ModuleInfo = MODULE) -> Token:
    identity = TokenIdentity(serial, "", "Model", "Maker", module, int(serial), reader)
    return Token(identity, "maker", "a test")


def grouped(*tokens: Token) -> list[list[str]]:
    return [[token.serial for token in device.tokens] for device in devices(tokens)]


def test_tokens_in_one_reader_are_one_device_also_when_others_come_between() -> None:
    found = (token("1", "Reader 0"), token("2", "Reader 1"), token("3", "Reader 0"))
    assert grouped(*found) == [["1", "3"], ["2"]]
    assert [device.reader for device in devices(found)] == ["Reader 0", "Reader 1"]


def test_two_modules_may_name_their_slots_alike() -> None:
    assert grouped(token("1", "Slot"), token("2", "Slot", OTHER)) == [["1"], ["2"]]


def test_slots_without_a_name_are_devices_of_their_own() -> None:
    assert grouped(token("1", ""), token("2", "")) == [["1"], ["2"]]
