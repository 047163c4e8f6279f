"""A vendor's module in a child process of its own.

A call goes ``proxy`` -> ``parent`` -> ``process`` -> ``wire`` to the child, there ``child`` ->
``worker`` -> the adapter, and the answer comes back the same way. Without a process ``inprocess``
replaces everything between ``proxy`` and ``worker``.
"""

from __future__ import annotations
