"""How the configuration names a plugin and a digest, and what it does not understand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockwright.config import load
from lockwright.errors import BrokenConfiguration
from lockwright.models.plugin_pins import PluginPin


@given(
    st.builds(
        PluginPin,
        st.from_regex(r"[a-z][a-z0-9_.-]{0,9}", fullmatch=True),
        st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,9}[A-Za-z0-9])?", fullmatch=True),
        st.one_of(st.just(""), st.from_regex(r"[0-9][0-9a-z.!+_-]{0,9}", fullmatch=True)),
    )
)
def test_a_pin_is_read_as_it_is_written(pin: PluginPin) -> None:
    assert PluginPin.parse(str(pin)) == pin
    assert PluginPin.parse(str(pin).replace(" ", "")) == pin
    assert pin.fits(pin.distribution.upper().replace("-", "_"), pin.version or "7")


@pytest.mark.parametrize(
    "text",
    ["eyes==1.0", "eyes @", "@ bank", "eyes @ bank>=1.0", "eyes @ a b", "eyes @ https://a/b"],
)
@pytest.mark.parametrize("key", ["allow", "require"])
def test_a_plugin_that_is_named_in_no_known_way_is_refused(
    tmp_path: Path, key: str, text: str
) -> None:
    (tmp_path / "config.toml").write_text(f'[plugins]\n{key} = ["{text}"]\n')
    with pytest.raises(BrokenConfiguration, match="NAME @ DISTRIBUTION==VERSION"):
        load(tmp_path / "config.toml")


@pytest.mark.parametrize("digest", ["sha256:12", "md5:" + "0" * 64, ""])
def test_a_digest_of_another_form_is_refused(tmp_path: Path, digest: str) -> None:
    (tmp_path / "config.toml").write_text(f'[plugins.files]\nbank-eyes = "{digest}"\n')
    with pytest.raises(BrokenConfiguration):
        load(tmp_path / "config.toml")
