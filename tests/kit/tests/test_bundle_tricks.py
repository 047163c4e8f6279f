"""Bundles of somebody who knows how they are judged: tricks of zip, of names and of line ends."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path

import pytest
from lockwright_testkit.bundle import archive, pins, sums
from lockwright_testkit.bundle.verify import verify
from made_bundle import Damage, make_bundle, make_wheel, rewrite, seal

ABOUT = "click-8.5.1.dist-info"
CLICK = "wheels/click-8.5.1-cp311-cp311-manylinux_2_34_x86_64.whl"
CORE = "wheels/lockwright-0.1.0-py3-none-any.whl"


def needing(need: str) -> Damage:
    """Have the core need that, and seal the bundle as if it were right."""

    def damage(folder: Path) -> None:
        make_wheel(folder / "wheels", "lockwright", "0.1.0", need)
        seal(folder)

    return damage


def added(name: str, text: str) -> Damage:
    """Put a file more into a wheel of others."""

    def damage(folder: Path) -> None:
        with warnings.catch_warnings(), zipfile.ZipFile(folder / CLICK, "a") as wheel:
            warnings.simplefilter("ignore")  # zipfile warns of a name that is there already
            wheel.writestr(name, text, zipfile.ZIP_DEFLATED)
        sums.write(folder)

    return damage


def ill_packed(folder: Path) -> None:
    """Pack a wheel by LZMA, and spoil a piece of it."""
    with zipfile.ZipFile(folder / CLICK, "w", zipfile.ZIP_LZMA) as wheel:
        wheel.writestr(f"{ABOUT}/METADATA", "Name: click\n" + "X: y\n" * 1000)
    content = bytearray((folder / CLICK).read_bytes())
    content[80:100] = b"\xff" * 20
    (folder / CLICK).write_bytes(content)
    sums.write(folder)


def alike(folder: Path) -> None:
    """Put a file there whose name is another's but for its case."""
    (folder / "install.txt").touch()
    sums.write(folder)


TRICKS: dict[str, tuple[Damage, str, str]] = {
    "a licence has a name that no system takes": (
        added(f"{ABOUT}/licenses/{'x' * 300}", "a licence"),
        f"licences/click-8.5.1/{'x' * 300}",
        f"is not what {CLICK} brings",
    ),
    "a wheel hides a second distribution": (
        added("click-8.5.1.data/purelib/evil-1.dist-info/entry_points.txt", "[lockwright]"),
        CLICK,
        "cannot be read as a wheel: it holds more than one distribution",
    ),
    "a wheel hides one in capital letters": (
        added("evil.EGG-INFO/entry_points.txt", "[lockwright]"),
        CLICK,
        "cannot be read as a wheel: it holds more than one distribution",
    ),
    "a wheel says two things of itself": (
        added(f"{ABOUT}/METADATA", "Name: click\nVersion: 9\n"),
        CLICK,
        f"cannot be read as a wheel: it has a file {ABOUT}/METADATA twice",
    ),
    "a wheel would fill the memory": (
        added(f"{ABOUT}/licenses/BIG", "0" * (archive.LARGEST + 1)),
        CLICK,
        "cannot be read as a wheel: click-8.5.1.dist-info/licenses/BIG is larger",
    ),
    "a wheel is packed with what cannot be unpacked": (
        ill_packed,
        CLICK,
        "cannot be read as a wheel: Corrupt input data",
    ),
    "a dependency comes from elsewhere": (
        needing("click @ https://evil.example/click-8.5.1.whl"),
        CORE,
        "asks for click @ https://evil.example/click-8.5.1.whl: not a wheel of this folder",
    ),
    "a marker orders what has no order": (
        needing('click>=8; platform_machine ~= "x86"'),
        "wheels/",
        "ask for what cannot be judged",
    ),
    "markers are judged for another Python": (
        rewrite("bundle.json", '"python_version": "3.11"', '"python_version": "3.9"'),
        "bundle.json",
        "has no environment of Python 3.11",
    ),
    "two pins for one name": (
        rewrite(pins.FILE, "click==8.5.1", f"click==9 --hash=sha256:{'0' * 64}\nclick==8.5.1"),
        pins.FILE,
        "pins click twice",
    ),
    "the sums end as on Windows": (
        lambda b: (b / sums.FILE).write_bytes((b / sums.FILE).read_bytes().replace(b"\n", b"\r\n")),
        "bundle.json",
        "is there but not listed",
    ),
    "the pins end as on Windows": (
        rewrite(pins.FILE, "--no-index\n", "--no-index\r\n"),
        pins.FILE,
        "lacks --no-index",
    ),
    "two names are one where there is no case": (
        alike,
        "install.txt",
        "is one file with INSTALL.txt where names have no case",
    ),
}


@pytest.mark.parametrize("what", TRICKS)
def test_a_trick_is_a_finding_and_never_a_traceback(what: str, tmp_path: Path) -> None:
    damage, file, said = TRICKS[what]
    bundle = make_bundle(tmp_path / "bundle")

    damage(bundle)

    found = verify(bundle).findings
    assert [each for each in found if each.file == file and said in each.what], found
