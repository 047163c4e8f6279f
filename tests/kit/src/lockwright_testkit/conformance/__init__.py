"""The conformance suite: what the contract asks of an adapter, hook by hook, as tests.

A test of an adapter is a class of its own, derived from :class:`Conformance`, whose fixture
``subject`` says which token it is tried on: ``Subject.simulated(adapter, sim(settings={...}))``,
``Subject.softhsm(adapter, faulty, faults)``, or a ``Subject`` of its own.

An installed adapter can also be tried without a line of code::

    pytest --pyargs lockwright_testkit.conformance --lockwright-adapter acme
"""

from __future__ import annotations

import pytest

# Before they are imported: their asserts are to say what they compared.
pytest.register_assert_rewrite(f"{__name__}.hooks", f"{__name__}.hook_caller")

from lockwright_testkit.conformance.hands import Hands  # noqa: E402  # see above
from lockwright_testkit.conformance.subject import Subject  # noqa: E402  # see above
from lockwright_testkit.conformance.suite import Conformance  # noqa: E402  # see above

__all__ = ["Conformance", "Hands", "Subject"]
