"""The window in a folder that runs without Python: what PyInstaller must know of it."""

from __future__ import annotations

from pathlib import Path


def hook_dirs() -> list[str]:
    """Where PyInstaller finds that; it asks by an entry point."""
    return [str(Path(__file__).parent / "pyinstaller")]
