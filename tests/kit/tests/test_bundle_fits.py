"""``lockwright-kit verify`` judges whom a bundle fits, what its markers go by, and its commit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lockwright_testkit.bundle.verify import verify
from lockwright_testkit.cli.app import main
from made_bundle import COMMIT, Damage, make_bundle, remade, rewrite

CORE = "wheels/lockwright-0.1.0-py3-none-any.whl"
CLICK = "wheels/click-8.5.1-cp311-cp311-{}.whl"
OTHER = "1" * 40


def click(platform: str) -> Damage:
    return remade("click", "8.5.1", tag=f"cp311-cp311-{platform}")


def told(old: str, new: str) -> Damage:
    return rewrite("bundle.json", old, new)


def core(*needs: str) -> Damage:
    return remade("lockwright", "0.1.0", "click>=8", *needs)


WRONG: dict[str, tuple[Damage, str, str]] = {
    "a newer glibc is needed than is said": (
        told('"glibc": "2.34"', '"glibc": "2.17"'),
        "bundle.json",
        "says that glibc 2.17 is enough; its wheels need 2.34",
    ),
    "none is said to be needed": (
        told('"glibc": "2.34"', '"glibc": null'),
        "bundle.json",
        "says that glibc none is enough; its wheels need 2.34",
    ),
    "an old name means a glibc, too": (
        click("manylinux2014_x86_64"),
        "bundle.json",
        "says that glibc 2.34 is enough; its wheels need 2.17",
    ),
    "other systems are named": (
        told('"manylinux_2_34_x86_64"\n  ]', '"manylinux_2_17_x86_64"\n  ]'),
        "bundle.json",
        "says that it is for manylinux_2_17_x86_64; its wheels are for manylinux_2_34_x86_64",
    ),
    "a wheel is for another machine": (
        click("manylinux_2_34_aarch64"),
        CLICK.format("manylinux_2_34_aarch64"),
        "is for manylinux_2_34_aarch64; the bundle is for Linux on x86_64",
    ),
    "a wheel is for another system": (
        click("win_amd64"),
        CLICK.format("win_amd64"),
        "is for win_amd64; the bundle is for Linux on x86_64",
    ),
    "a wheel is for musl": (
        click("musllinux_1_2_x86_64"),
        CLICK.format("musllinux_1_2_x86_64"),
        "is for musl; the bundle needs glibc",
    ),
    "the machine is another": (
        told('"platform_machine": "x86_64"', '"platform_machine": "aarch64"'),
        CLICK.format("manylinux_2_34_x86_64"),
        "is for manylinux_2_34_x86_64; the bundle is for Linux on aarch64",
    ),
    "markers are judged for a Windows on Linux": (
        told('"sys_platform": "linux"', '"sys_platform": "win32"'),
        "bundle.json",
        "says sys_platform win32; on Linux it is linux",
    ),
    "markers are judged for another implementation": (
        told('"implementation_name": "cpython"', '"implementation_name": "pypy"'),
        "bundle.json",
        "says implementation_name pypy; its wheels are judged for cpython",
    ),
    "markers are judged for another release": (
        told('"python_full_version": "3.11.0"', '"python_full_version": "3.12.0"'),
        "bundle.json",
        "has no environment of Python 3.11",
    ),
    "a marker would be judged by this computer": (
        told('    "sys_platform": "linux"', '    "sys_platforms": "linux"'),
        "bundle.json",
        "does not say sys_platform, by which markers are judged",
    ),
    "a marker asks for what is told nowhere": (
        core('click>=8; platform_release != "6"'),
        "bundle.json",
        "does not say platform_release, on which click>=8;",
    ),
    "a wheel of ours asks for an extra that is not there": (
        remade("lockwright-acme", "0.1.0", "lockwright[nope]>=0.1,<0.2", plugin=True),
        CORE,
        "has no extra nope, which lockwright-acme asks for",
    ),
    "the commit is none": (
        told(COMMIT, "main"),
        "bundle.json",
        "says the commit main, which is none",
    ),
    "the commit is another than the papers'": (
        told(COMMIT, OTHER),
        "INSTALL.ru.txt",
        f"does not name the commit {OTHER}",
    ),
    "the commit is another than the SBOM's": (
        rewrite("sbom.cdx.json", COMMIT, OTHER),
        "sbom.cdx.json",
        f"does not name the commit {COMMIT}",
    ),
    "a wheel was built of another commit": (
        remade("lockwright", "0.1.0", "click>=8", then=(2027, 1, 15, 8, 0, 2)),
        CORE,
        "has files of another time than the commit's",
    ),
    "the core was built by others": (
        told('"licence": "MIT",\n      "ours": true', '"licence": "MIT",\n      "ours": false'),
        "bundle.json",
        "says that lockwright was not built from the commit",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_fit_is_said_of_the_file(what: str, tmp_path: Path) -> None:
    damage, file, said = WRONG[what]
    bundle = make_bundle(tmp_path / "bundle")

    damage(bundle)

    found = verify(bundle).findings
    assert [each for each in found if each.file == file and said in each.what], found


def test_an_extra_that_the_adapter_lacks_is_found(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bundle", "lockwright-acme[nope]")

    (found,) = verify(bundle).findings
    assert found.file == "wheels/lockwright_acme-0.1.0-py3-none-any.whl"
    assert found.what == "has no extra nope, which bundle.json asks for"


def test_an_extra_brings_what_it_asks_for(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bundle", "lockwright-acme[Reader]")
    acme = ("lockwright>=0.1,<0.2", 'pcsc>=2; extra == "reader"')
    remade("lockwright-acme", "0.1.0", *acme, plugin=True, extras=("reader",))(bundle)

    (found,) = verify(bundle).findings
    assert found.what.startswith('lack pcsc>=2; extra == "reader", which lockwright-acme needs')


def test_a_bundle_for_other_computers_is_whole_and_said_to_be_for_those(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No computer has glibc 2.999."""
    bundle = make_bundle(tmp_path / "bundle", platform="manylinux_2_999_x86_64")

    assert main(["verify", str(bundle)]) == 0

    shown = " ".join(capsys.readouterr().out.split())
    assert "It is whole. It does not install on this computer (glibc" in shown
    assert "1 of its wheels do not fit" in shown
    assert "it needs glibc 2.999 or newer." in shown
    assert main(["verify", str(bundle), "--json"]) == 0
    named = CLICK.format("manylinux_2_999_x86_64")
    assert json.loads(capsys.readouterr().out)["unfit_here"] == [named]
