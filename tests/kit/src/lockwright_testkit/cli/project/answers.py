"""What a new adapter is made of: the answers of its author, each checked."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Self

from lockwright.bindings import BINDINGS

from lockwright_testkit.cli.errors import AnswerUnusable

LICENCES = {
    "MIT": "MIT",
    "Apache-2.0": "Apache-2.0",
    "GPL-2.0-or-later": "GPL-2.0-or-later",
    "proprietary": "LicenseRef-Proprietary",
}
"""Licences that a project can have, and how SPDX calls them."""
OWN_NAMES = frozenset({"desk", "etoken", "jacarta", "softhsm", "testkit"})
"""Distributions of lockwright itself: ``lockwright-NAME`` is taken."""
LONGEST_VENDOR, LONGEST_MANUFACTURER, LONGEST_MODEL = 40, 32, 16
"""Letters of a vendor; bytes of ``manufacturerID`` and ``model`` (PKCS#11, ``CK_TOKEN_INFO``)."""
_VENDOR = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ -][A-Za-z0-9]+)*")
_OF_THE_TEMPLATE = frozenset({"Path", "StandardAdapter", "Conformance", "Subject", "SoftHSM"})


@dataclass(frozen=True)
class Answers:
    """The answers. Making it checks each.

    Raises:
        AnswerUnusable: one cannot be used.
    """

    vendor: str
    """The vendor's name; the names of distribution, package and class are made of it."""
    modules: tuple[str, ...]
    """Absolute paths of the vendor's PKCS#11 modules."""
    manufacturer: str
    """``CK_TOKEN_INFO.manufacturerID`` without its padding."""
    models: tuple[str, ...]
    """``CK_TOKEN_INFO.model`` of those that are known, without padding."""
    licence: str
    """One of ``LICENCES``."""
    binding: str
    """One of the bindings."""
    author: str
    """Who holds the rights."""
    year: int
    """Since when."""
    template: str = ""
    """A folder in place of the kit's own template; empty: the kit's."""

    def __post_init__(self) -> None:
        check_vendor(self.vendor)
        check_modules(self.modules)
        check_text("manufacturer", self.manufacturer, LONGEST_MANUFACTURER)
        check_models(self.models)
        check_text("author", self.author, 200)
        _one_of("licence", self.licence, LICENCES)
        _one_of("binding", self.binding, BINDINGS)

    @property
    def name(self) -> str:
        """The adapter's name, as its entry point and its table of the configuration have it."""
        return re.sub("[ -]", "-", self.vendor).lower()

    @property
    def package(self) -> str:
        """The Python package."""
        return f"lockwright_{self.name.replace('-', '_')}"

    @property
    def class_name(self) -> str:
        """The adapter's class."""
        words = re.split("[ -]", self.vendor)
        name = "".join(word[:1].upper() + word[1:] for word in words)
        taken = keyword.iskeyword(name) or name in _OF_THE_TEMPLATE or name.startswith("Test")
        return f"Vendor{name}" if taken else name

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """What :meth:`kept` gave.

        Raises:
            AnswerUnusable: one of the answers cannot be used.
            TypeError, ValueError: it is something else.
        """
        known = {each.name for each in fields(cls)}
        given = {name: value for name, value in kept.items() if name in known}
        for name in ("modules", "models"):
            given[name] = tuple(map(str, given.get(name, ())))
        return cls(**given)


def check_vendor(vendor: str) -> None:
    """A vendor's name becomes the name of a folder, a distribution, a package and a class.

    Raises:
        AnswerUnusable: it cannot.
    """
    if not _VENDOR.fullmatch(vendor) or len(vendor) > LONGEST_VENDOR:
        raise AnswerUnusable(
            what="vendor",
            value=vendor,
            reason=f"it must begin with a letter and have only letters of the Latin alphabet, "
            f"digits, and single spaces or hyphens between words, at most {LONGEST_VENDOR} in all",
        )
    if vendor.lower() in OWN_NAMES:
        reason = f"lockwright-{vendor.lower()} is lockwright's own"
        raise AnswerUnusable(what="vendor", value=vendor, reason=reason)


def check_modules(modules: Iterable[str]) -> None:
    """A module is named by its absolute path, of any system: a bare name would be searched for.

    Raises:
        AnswerUnusable: there is none, or one is named otherwise.
    """
    for path in [*modules] or [""]:
        absolute = PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()
        if not absolute:
            reason = "it is not an absolute path"
            raise AnswerUnusable(what="module", value=path, reason=reason)
        check_text("module", path, 1000)


def check_models(models: Iterable[str]) -> None:
    """At least one model is known.

    Raises:
        AnswerUnusable: none is, or one cannot be one.
    """
    for model in [*models] or [""]:
        check_text("model", model, LONGEST_MODEL)


def check_text(what: str, text: str, most: int) -> None:
    """A text that a token, a licence or a path says: one line, without blanks around it.

    Args:
        what: what it is called in the error.
        text: the text.
        most: bytes of it in UTF-8, at most.

    Raises:
        AnswerUnusable: it cannot be used.
    """
    reason = ""
    if not text or text != text.strip():
        reason = "it is empty, or has blanks around it"
    elif not text.isprintable():
        reason = "it has characters that cannot be printed"
    elif len(text.encode()) > most:
        reason = f"it is longer than {most} bytes"
    if reason:
        raise AnswerUnusable(what=what, value=text, reason=reason)


def _one_of(what: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        reason = f"it is none of {', '.join(known)}"
        raise AnswerUnusable(what=what, value=value, reason=reason)
