"""The configuration: one TOML file, read once, checked whole before anything is done."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.config.authorities import CaSettings as CaSettings  # for those who make a Config
from lockwright.config.desk import DeskSettings as DeskSettings  # the same
from lockwright.files.state import APP, state_folder
from lockwright.ledger import Limits
from lockwright.models.deadlines import Deadlines
from lockwright.models.settings import Settings
from lockwright.policy import BANK_DEFAULT, PinPolicy
from lockwright.records import dataclass

if TYPE_CHECKING:
    from lockwright.config.sections import Settled

_FILE = "config.toml"
_ANCHORS = "anchors"
_JOURNAL = "enrolments"
_SAYINGS = "renewal-info"
_LEDGER = "answered.db"


def default_audit() -> Path:
    """The audit file where nothing else is configured: in the user's own state folder.

    Raises:
        BrokenConfiguration: the account has no home folder, as in some containers.
    """
    return state_folder() / "audit.jsonl"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be configured, with its defaults.

    A program that makes its own ``Config`` is audited like the command line: it has to say
    ``audit=None`` to work without a trail.
    """

    allow: tuple[str, ...] | None = None
    """Plugins that may be imported, as ``PluginPin`` reads them; None allows every installed
    one."""
    require: tuple[str, ...] = ()
    """Plugins without which nothing is done, such as a bank's approval step."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Digests of the files of distributions, by name; ``plugins pin --files`` makes them."""
    adapters: Mapping[str, Settings] = field(default_factory=dict)
    """Each adapter's own table."""
    policy: PinPolicy = BANK_DEFAULT
    """The bank's rules for a new PIN."""
    trust: tuple[Path, ...] = ()
    """Files with the trusted CA certificates."""
    imports: bool = False
    """Whether a private key that was made elsewhere may be taken over into a token."""
    audit: Path | None = field(default_factory=default_audit)
    """The audit file; None for no audit."""
    deadlines: Deadlines = field(default_factory=Deadlines)
    """How long a module may take."""
    warn_days: int = 30
    """Days before its end from which a certificate is shown as expiring."""
    authorities: Mapping[str, CaSettings] = field(default_factory=dict)
    """The CAs that certificates may be ordered from, by name."""
    journal: Path | None = None
    """The folder with the journal of enrolments; None for the one in the user's state folder."""
    contact: str = ""
    """Whom to call if an enrolment does not work; empty if nobody is named."""
    ledger: Path | None = None
    """The ledger of answered Requests, on the bank's side; None for the one beside the audit
    file."""
    limits: Limits = field(default_factory=Limits)
    """How many Requests may be answered in 24 hours."""
    key_uri: str | None = None
    """PKCS#11 URI of the administrator keys in the bank's HSM; ``{serial}`` in it stands for the
    token's serial number, so that nobody picks a key by hand."""
    desk: DeskSettings | None = None
    """The bank's help desk, where Requests go over the line; None for none."""
    paste_pins: bool = False
    """Whether PINs and passwords may be pasted into the window. The clipboard can be read by every
    program of the user's, and many keep what was in it."""

    @property
    def journal_folder(self) -> Path:
        """The folder with the journal of enrolments, wherever it is."""
        return self.journal or default_audit().with_name(_JOURNAL)

    @property
    def anchors_folder(self) -> Path:
        """The folder with the CA certificates that a person confirmed."""
        return default_audit().with_name(_ANCHORS)

    @property
    def sayings_folder(self) -> Path:
        """The folder with what CAs said of renewals, in that of the journal."""
        return self.journal_folder / _SAYINGS

    @property
    def ledger_file(self) -> Path:
        """The ledger of answered Requests, wherever it is."""
        return self.ledger or (self.audit or default_audit()).with_name(_LEDGER)


def load(path: Path | None = None) -> Config:
    """Read the configuration.

    Args:
        path: the file; None for the computer's, else the user's own, else all defaults.

    Raises:
        BrokenConfiguration: the file cannot be read, or says something that has no meaning; or
            anybody may change it, or put another in its place.
    """
    found = path or next((place for place in places() if _is_there(place)), None)
    if found is None:
        return Config()
    from lockwright.config.file import read  # noqa: PLC0415  # not where there is no file

    return _config(read(found))


def places() -> tuple[Path, ...]:
    """Where a configuration is looked for, the first one found is the only one read.

    The computer's own stands before the user's: what the bank's IT has set holds for everybody.
    """
    import platformdirs  # noqa: PLC0415  # not needed where a file is named

    own: tuple[Path, ...] = ()
    with suppress(RuntimeError):  # the account has no home folder
        own = (platformdirs.user_config_path(APP, appauthor=False) / _FILE,)
    if os.name == "posix":
        return Path("/etc") / APP / _FILE, *own
    return platformdirs.site_config_path(APP, appauthor=False) / _FILE, *own


def _is_there(place: Path) -> bool:
    """Whether there is a file, also one that may not be read: that is an error, not a default."""
    try:
        place.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _config(settled: Settled) -> Config:
    audit = (settled.audit or default_audit()) if settled.audited else None
    return Config(
        allow=settled.allow,
        require=settled.require,
        files=settled.files,
        adapters=settled.adapters,
        policy=settled.policy,
        trust=settled.trust,
        imports=settled.imports,
        audit=audit,
        deadlines=settled.deadlines,
        warn_days=settled.warn_days,
        authorities=settled.authorities,
        journal=settled.journal,
        contact=settled.contact,
        ledger=settled.ledger,
        limits=settled.limits,
        key_uri=settled.key_uri,
        desk=settled.desk,
        paste_pins=settled.paste_pins,
    )
