"""``doctor`` and the system: libraries of another processor, services, and rights."""

from __future__ import annotations

import grp
import os
import pwd
import socket
import struct
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from lockwright.cli.doctor_membership import remedy
from lockwright.files.built_for import built_for, this_python
from lockwright_testkit.accounts import Account, can_change
from lockwright_testkit.program import Ended, Program
from lockwright_testkit.softhsm import SoftHSM

ANNA = Account(60101)
MAN = grp.getgrnam("man")
"""A group of every Debian that nobody is in."""
assert pwd.getpwuid(0)  # both are loaded, for an account that cannot read this Python


def elf(bits: int, machine: int) -> bytes:
    order = ">" if machine == 22 else "<"
    ident = b"\x7fELF" + bytes([bits // 32, 2 if order == ">" else 1, 1]) + bytes(9)
    return ident + struct.pack(f"{order}HHI", 3, machine, 1) + bytes(40)


def pe(machine: int, magic: int) -> bytes:
    dos = b"MZ" + bytes(58) + struct.pack("<I", 64)
    return dos + b"PE\0\0" + struct.pack("<H", machine) + bytes(18) + struct.pack("<H", magic)


def mach(*cpus: int) -> bytes:
    if len(cpus) == 1:
        return struct.pack("<III", 0xFEEDFACF, *cpus, 0)
    slices = b"".join(struct.pack(">IIIII", cpu, 0, 4096, 4096, 12) for cpu in cpus)
    return struct.pack(">II", 0xCAFEBABE, len(cpus)) + slices


BUILT = {
    "Linux, x86, 32-bit": elf(32, 3),
    "Linux, ARM64, 64-bit": elf(64, 183),
    "Linux, S/390, 64-bit": elf(64, 22),
    "Linux, Elbrus, 64-bit": elf(64, 175),
    "Linux, 0xabc, 64-bit": elf(64, 0xABC),
    "Windows, x86, 32-bit": pe(0x14C, 0x10B),
    "Windows, x86-64, 64-bit": pe(0x8664, 0x20B),
    "macOS, ARM64, 64-bit": mach(0x100000C),
    "macOS, ARM64, 64-bit / macOS, x86-64, 64-bit": mach(0x1000007, 0x100000C),
}
NO_LIBRARY = {
    "text": b"no library",
    "empty": b"",
    "cut off": b"\x7fELF\2",
    "java": b"\xca\xfe\xba\xbe\0\0\0\x41" + bytes(60),
    "dos": b"MZ" + bytes(70),
}


def doctored(program: Program, *arguments: str | Path, **environment: str) -> Ended:
    return program.run("doctor", *arguments, environment=program.environment | environment)


def found(ended: Ended, area: str) -> list[tuple[str, str]]:
    checks = ended.document["checks"]
    return [(each["status"], each["message"]) for each in checks if each["area"] == area]


def test_a_header_tells_what_a_library_was_built_for(tmp_path: Path) -> None:
    file = tmp_path / "library"
    for said, header in BUILT.items():
        file.write_bytes(header)
        assert " / ".join(sorted(built_for(file))) == said
    for header in NO_LIBRARY.values():
        file.write_bytes(header)
        assert built_for(file) == frozenset()


def test_the_module_of_a_token_in_use_was_built_for_this_python(softhsm: SoftHSM) -> None:
    assert built_for(softhsm.module) == this_python() != frozenset()


@pytest.mark.parametrize("said", ["Linux, ARM64, 64-bit", "Windows, x86-64, 64-bit"])
def test_a_module_of_another_system_is_named_with_what_it_was_built_for(
    program: Program, said: str
) -> None:
    module = program.home / "libvendor.so"
    module.write_bytes(BUILT[said])

    ended = program.run("doctor", "--module", module)

    assert ended.code == 11
    assert f"was built for {said}; this Python was built for" in " ".join(ended.out.split())


def test_a_module_that_is_an_installer_is_no_library(program: Program) -> None:
    module = program.home / "driver.deb"
    module.write_bytes(b"!<arch>\ndebian-binary   ")

    ended = program.run("doctor", "--module", module, "--json")

    assert ended.code == 11
    assert found(ended, "module") == [
        (
            "fail",
            f"{module} is no library: its header is none of Linux, Windows or macOS.",
        )
    ]


def configured(program: Program, softhsm: SoftHSM) -> tuple[str, Path, str]:
    """A configuration in which the adapter of a vendor has a module here."""
    file = program.home / "lockwright.toml"
    file.write_text(
        f'[plugins]\nallow = ["jacarta"]\n[adapters.jacarta]\nmodules = ["{softhsm.module}"]\n'
    )
    return "--config", file, "--json"


def test_the_service_that_a_module_needs_is_missed_and_found(
    program: Program, softhsm: SoftHSM
) -> None:
    arguments, place = configured(program, softhsm), program.home / "pcscd.comm"

    ended = doctored(program, *arguments, PCSCLITE_CSOCK_NAME=str(place))
    ((status, said),) = found(ended, "service")
    assert (status, "jacarta" in said, str(place) in said) == ("warn", True, True)
    advice = next(c["advice"] for c in ended.document["checks"] if c["area"] == "service")
    assert "pcscd.socket" in advice

    with socket.socket(socket.AF_UNIX) as service:
        service.bind(str(place))
        dead = doctored(program, *arguments, PCSCLITE_CSOCK_NAME=str(place))
        service.listen()
        alive = doctored(program, *arguments, PCSCLITE_CSOCK_NAME=str(place))
    assert [each for each, _ in found(dead, "service")] == ["warn"]
    assert [each for each, _ in found(alive, "service")] == ["ok"]


def test_no_service_is_asked_for_where_no_module_needs_one(program: Program) -> None:
    assert found(doctored(program, "--json"), "service") == []


def test_a_folder_of_tokens_that_is_not_there_is_told(program: Program, softhsm: SoftHSM) -> None:
    gone = program.home / "softhsm2.conf"
    gone.write_text(f"directories.tokendir = {program.home}/gone # none\n")

    ended = doctored(program, "--json", SOFTHSM2_CONF=str(gone))

    assert any(f"{program.home}/gone, which" in said for _, said in found(ended, "module"))


@can_change
def test_who_is_not_in_the_group_is_told_to_join_it() -> None:
    """As of Debian's /var/lib/softhsm, which is for the group softhsm."""
    with TemporaryDirectory(dir="/tmp") as place:
        Path(place).chmod(0o755)
        folder = Path(place) / "tokens"
        folder.mkdir()
        os.chown(folder, 0, MAN.gr_gid)
        folder.chmod(0o2770)

        outside = ANNA.does(lambda: remedy(folder))
        inside = Account(60102, (MAN.gr_gid,)).does(lambda: remedy(folder))

    assert "It is for the group man: sudo usermod --append --groups man 60101" in outside
    assert "usermod" not in inside
