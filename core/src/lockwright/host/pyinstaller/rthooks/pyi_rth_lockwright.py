"""Run by a program that PyInstaller made, before its own first line."""

from __future__ import annotations

from lockwright.host.frozen import serve_if_child

serve_if_child()
