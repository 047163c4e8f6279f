"""Every story of the window, with a token on which it can be walked to its end."""

from __future__ import annotations

from collections.abc import Mapping

from scene import Scene
from scenes_of_certificates import CERTIFICATES
from scenes_of_line import LINE
from scenes_of_pins import PINS
from scenes_of_tokens import TOKENS

SCENES: Mapping[str, Scene] = {**PINS, **LINE, **TOKENS, **CERTIFICATES}
"""By their names, as ``story_steps.WALKED`` has them; each is walked in English."""
