"""The token simulator: SoftHSM with what real tokens add, as a PKCS#11 module of its own."""

from __future__ import annotations

from lockwright_testkit.sim.applet import Applet
from lockwright_testkit.sim.errors import SimulatorError
from lockwright_testkit.sim.personalities import (
    PERSONALITIES,
    Personality,
    register,
    register_version,
)
from lockwright_testkit.sim.simulator import SO_PIN, USER_PIN, Simulator, environment

__all__ = [
    "PERSONALITIES",
    "SO_PIN",
    "USER_PIN",
    "Applet",
    "Personality",
    "Simulator",
    "SimulatorError",
    "environment",
    "register",
    "register_version",
]
