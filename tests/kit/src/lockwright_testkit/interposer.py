"""A PKCS#11 module that forwards to a real one and fails where it is told to.

The grammar of a plan is at the head of ``interposer.c``, beside the code that reads it.
"""

from __future__ import annotations

from pathlib import Path

from lockwright_testkit.build import Library

SOURCE = Path(__file__).with_name("interposer.c")
MODULE_VARIABLE = "LOCKWRIGHT_INTERPOSER_MODULE"
FAULTS_VARIABLE = "LOCKWRIGHT_INTERPOSER_FAULTS"


def interposer() -> Path:
    """The interposer, compiled if it has to be: the path to give as a module."""
    return compile_library(SOURCE)


def environment(module: Path, faults: str = "") -> dict[str, str]:
    """What the interposer reads from the environment.

    Args:
        module: absolute path of the real module.
        faults: the plan, or the absolute path of a file that holds it.
    """
    return {MODULE_VARIABLE: str(module), FAULTS_VARIABLE: faults}


def compile_library(source: Path) -> Path:
    """Compile a C source of a test into a shared library, once for each content.

    Args:
        source: the C file.

    Returns:
        The library, in the user's cache.

    Raises:
        BuildError: there is no compiler, or it refused the source.
    """
    return Library(source.stem, [source]).built()
