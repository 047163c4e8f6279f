"""A wheel without the text of its licence, such as Qt's: that very text lies beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lockwright_testkit.bundle import sums
from lockwright_testkit.bundle.verify import verify
from made_bundle import PLATFORM, make_bundle, remade

TEXTS = Path(__file__).parents[3] / "tools" / "app" / "licences"
FOLDER = "licences/click-8.5.1"
TAG = f"cp311-cp311-{PLATFORM}"
LGPL = "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """One whose click is under the LGPL and has no text of it; Debian has the same texts."""
    made = make_bundle(tmp_path / "bundle")
    shutil.rmtree(made / FOLDER)
    remade("click", "8.5.1", tag=TAG, licence=LGPL, brings=False)(made)
    for file in TEXTS.glob("*.txt"):
        (made / FOLDER).mkdir(exist_ok=True)
        shutil.copy(file, made / FOLDER)
    sums.write(made)
    return made


def found(folder: Path) -> list[str]:
    return [f"{each.file} {each.what}" for each in verify(folder).findings]


def test_a_wheel_that_brings_no_text_is_whole_with_the_text_beside_it(bundle: Path) -> None:
    assert found(bundle) == []


def test_a_text_that_is_missing_or_another_is_told(bundle: Path) -> None:
    (bundle / FOLDER / "GPL-3.0.txt").unlink()
    (bundle / FOLDER / "LGPL-3.0.txt").write_text("Do what you like.")
    sums.write(bundle)

    missing, another = found(bundle)

    assert missing.startswith(f"{FOLDER}/GPL-3.0.txt is missing, and wheels/click")
    assert another == f"{FOLDER}/LGPL-3.0.txt is not the text of that licence"


@pytest.mark.parametrize("licence", ["MIT", "LGPL-2.1-only", "GPL-3.0-only"])
def test_a_licence_of_which_no_text_is_known_has_to_come_with_its_wheel(
    licence: str, bundle: Path
) -> None:
    remade("click", "8.5.1", tag=TAG, licence=licence, brings=False)(bundle)

    assert any(each.endswith("brings no text of its licence") for each in found(bundle))
