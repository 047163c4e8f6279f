"""The suite as one class: every test of every hook, and the fixture that opens the token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pytest

from lockwright_testkit.conformance.bench import Bench, opened
from lockwright_testkit.conformance.hook_caller import Missing
from lockwright_testkit.conformance.hooks.change_pin import ChangePinTests
from lockwright_testkit.conformance.hooks.change_puk import ChangePukTests
from lockwright_testkit.conformance.hooks.change_so_pin import ChangeSoPinTests
from lockwright_testkit.conformance.hooks.delete import DeleteTests
from lockwright_testkit.conformance.hooks.erase import EraseTests
from lockwright_testkit.conformance.hooks.generate import GenerateTests
from lockwright_testkit.conformance.hooks.import_key import ImportKeyTests
from lockwright_testkit.conformance.hooks.init import InitTests
from lockwright_testkit.conformance.hooks.keys import KeysTests
from lockwright_testkit.conformance.hooks.list import ListTests
from lockwright_testkit.conformance.hooks.match import MatchTests
from lockwright_testkit.conformance.hooks.modules import ModulesTests
from lockwright_testkit.conformance.hooks.open import OpenTests
from lockwright_testkit.conformance.hooks.policy import PolicyTests
from lockwright_testkit.conformance.hooks.respond import RespondTests
from lockwright_testkit.conformance.hooks.response_rule import ResponseRuleTests
from lockwright_testkit.conformance.hooks.set_label import SetLabelTests
from lockwright_testkit.conformance.hooks.set_policy import SetPolicyTests
from lockwright_testkit.conformance.hooks.sign import SignTests
from lockwright_testkit.conformance.hooks.state import StateTests
from lockwright_testkit.conformance.hooks.store import StoreTests
from lockwright_testkit.conformance.hooks.unblock import UnblockTests
from lockwright_testkit.conformance.hooks.unblock_cancel import UnblockCancelTests
from lockwright_testkit.conformance.hooks.unblock_challenge import UnblockChallengeTests
from lockwright_testkit.conformance.hooks.unblock_complete import UnblockCompleteTests
from lockwright_testkit.conformance.hooks.wipe import WipeTests
from lockwright_testkit.conformance.subject import Subject


class Conformance(
    ModulesTests,
    OpenTests,
    MatchTests,
    StateTests,
    ListTests,
    UnblockTests,
    UnblockChallengeTests,
    UnblockCompleteTests,
    UnblockCancelTests,
    ResponseRuleTests,
    RespondTests,
    ChangePinTests,
    DeleteTests,
    WipeTests,
    EraseTests,
    GenerateTests,
    KeysTests,
    SignTests,
    StoreTests,
    PolicyTests,
    SetPolicyTests,
    InitTests,
    ChangeSoPinTests,
    ChangePukTests,
    SetLabelTests,
    ImportKeyTests,
):
    """The contract. Derive a class whose name begins with ``Test`` and give it a ``subject``."""

    title: ClassVar[str] = ""
    """What the report calls the token; empty: the name of the class."""

    def __init_subclass__(cls) -> None:
        replaced = sorted(
            name for name in vars(cls) if name.startswith("test_") and hasattr(Conformance, name)
        )
        if replaced:
            raise TypeError(f"{cls.__name__} replaces tests of the contract: {', '.join(replaced)}")
        super().__init_subclass__()

    @pytest.fixture
    def subject(self) -> Subject:
        """The token; every test gets a new one."""
        raise NotImplementedError(f"{type(self).__name__} needs a fixture `subject`")

    @pytest.fixture
    def bench(self, subject: Subject) -> Iterator[Bench]:
        """The token with its module open."""
        try:
            with opened(subject) as bench:
                yield bench
        except Missing as error:
            pytest.fail(str(error), pytrace=False)
