"""For which system and processor a library was built, as its header says; nothing of it is run.

The numbers are those of ``elf.h`` (glibc), of Microsoft's *PE Format*, and of ``mach-o/fat.h``,
``mach-o/loader.h`` and ``mach/machine.h`` (Apple).
"""

from __future__ import annotations

import struct
import sys
from functools import cache
from pathlib import Path

_HEAD = 4096
_PE_OFFSET = 0x3C
_MOST_SLICES = 16
"""A Java class begins as a universal library does, but with a larger number here."""

_ELF_MACHINES = {
    3: "x86",
    8: "MIPS",
    20: "PowerPC",
    21: "PowerPC 64",
    22: "S/390",
    40: "ARM",
    62: "x86-64",
    175: "Elbrus",
    183: "ARM64",
    243: "RISC-V",
    258: "LoongArch",
}
_PE_MACHINES = {0x014C: "x86", 0x01C0: "ARM", 0x01C4: "ARM", 0x8664: "x86-64", 0xAA64: "ARM64"}
_MACH_MACHINES = {7: "x86", 12: "ARM", 0x0100_0007: "x86-64", 0x0100_000C: "ARM64"}
_MACH = {0xFEED_FACE: "32-bit", 0xFEED_FACF: "64-bit"}
_UNIVERSAL = {0xCAFE_BABE: 20, 0xCAFE_BABF: 32}
"""Size of what it says of each slice."""


def built_for(file: Path) -> frozenset[str]:
    """What a library was built for, such as ``Linux, x86-64, 64-bit``; a universal one, for each.

    Args:
        file: the library, or a program.

    Returns:
        Empty if its header is of no library of Linux, Windows or macOS.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    try:
        return frozenset(_elf(head) or _pe(head) or _mach(head))
    except (struct.error, IndexError):
        return frozenset()  # cut off within its header


@cache
def this_python() -> frozenset[str]:
    """What this Python was built for, which its modules must have been built for, too.

    Returns:
        Empty if its program cannot be read.
    """
    try:
        return built_for(Path(sys.executable))
    except OSError:
        return frozenset()


def _elf(head: bytes) -> list[str]:
    if not head.startswith(b"\x7fELF"):
        return []
    order = ">" if head[5] == 2 else "<"  # noqa: PLR2004  # ELFDATA2MSB
    (machine,) = struct.unpack_from(f"{order}H", head, 18)
    bits = {1: "32-bit", 2: "64-bit"}.get(head[4], "?")
    return [_named("Linux", _ELF_MACHINES, machine, bits)]


def _pe(head: bytes) -> list[str]:
    if not head.startswith(b"MZ"):
        return []
    (start,) = struct.unpack_from("<I", head, _PE_OFFSET)
    if head[start : start + 4] != b"PE\0\0":
        return []
    (machine,) = struct.unpack_from("<H", head, start + 4)
    (magic,) = struct.unpack_from("<H", head, start + 24)
    bits = {0x10B: "32-bit", 0x20B: "64-bit"}.get(magic, "?")
    return [_named("Windows", _PE_MACHINES, machine, bits)]


def _mach(head: bytes) -> list[str]:
    for order in "<", ">":
        magic, cpu = struct.unpack_from(f"{order}II", head)
        if magic in _MACH:
            return [_named("macOS", _MACH_MACHINES, cpu, _MACH[magic])]
    magic, count = struct.unpack_from(">II", head)
    if magic not in _UNIVERSAL or count > _MOST_SLICES:
        return []
    size = _UNIVERSAL[magic]
    cpus = [struct.unpack_from(">I", head, 8 + size * each)[0] for each in range(count)]
    return [
        _named("macOS", _MACH_MACHINES, cpu, "64-bit" if cpu >> 24 else "32-bit") for cpu in cpus
    ]


def _named(system: str, machines: dict[int, str], machine: int, bits: str) -> str:
    return f"{system}, {machines.get(machine, f'{machine:#x}')}, {bits}"
