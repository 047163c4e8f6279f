"""The session port over a Python binding of PKCS#11; an adapter picks one."""

from __future__ import annotations
