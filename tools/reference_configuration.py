"""The reference of the configuration, from the classes that hold it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, fields

from lockwright.bindings import BINDINGS
from lockwright.config import Config
from lockwright.config.authorities import CaSettings
from lockwright.config.desk import DeskSettings
from lockwright.ledger import Limits
from lockwright.models.deadlines import Deadlines
from lockwright.policy import BANK_DEFAULT, PinPolicy

INTRODUCTION = """\
One TOML file, read once and checked whole: a key that is not known, or a value that means
nothing, is an error. `--config FILE` names the file. Otherwise the first of these that exists is
the only one read:

1. the computer's, on Linux `/etc/lockwright/config.toml`, which applies to everybody;
2. the user's own, on Linux `~/.config/lockwright/config.toml`.

Without a file every setting has its default. Relative paths are relative to the file's folder,
and `~` is the user's home. In Python, `lockwright.load(path)` reads a file into a
`lockwright.Config`."""


EXAMPLE = """\
[plugins]
allow = ["softhsm"]

[adapters.softhsm]
binding = "pykcs11"
modules = ["/usr/lib/softhsm/libsofthsm2.so"]

[policy]
min_length = 10
max_repeated = 2

[trust]
anchors = ["/etc/bank/root-ca.pem"]

[ca.bank]
kind = "est"
url = "https://ra.bank.example"
label = "staff"
trust = ["/etc/bank/root-ca.pem"]
server_trust = ["system"]
subject = "CN={login},O=Bank"
key_type = "rsa:2048"
renewal_info = "renewal-info"
renewal = "simpleenroll"

[ca.branch]
kind = "cmp"
url = "https://cmp.bank.example/pkix/"
recipient = "CN=Branch CA,O=Bank"

[enrolment]
contact = "your manager, +7 000 000-00-00"

[audit]
file = "/var/log/lockwright/audit.jsonl"

[deadlines]
generate = 600

[warn]
days = 45

[desk]
url = "https://desk.bank.example:8443"
ca = ["/etc/bank/root-ca.pem"]
pin = ["sha256:2f8e14f51a3c40b5ea4cfcd6d1a3b1b6bb0d1b6b3f1b8c9ad60f9b1e7d5c4a32"]

[respond]
ledger = "/var/lib/lockwright/answered.db"
per_operator = 50
key_uri = "pkcs11:token=bankhsm;object=admin-{serial}?module-path=/usr/lib/softhsm/libsofthsm2.so"
"""
"""A file that sets something in every table; it is loaded by a test."""


@dataclass(frozen=True)
class Key:
    """One key of the file."""

    name: str
    """Its name in its table."""
    kind: str
    """What it holds."""
    default: str
    """What holds without it."""
    meaning: str
    """What it is for."""


@dataclass(frozen=True)
class Section:
    """One table of the file."""

    name: str
    """Its name in the file."""
    words: str
    """What it is for."""
    keys: tuple[Key, ...]
    """Its keys."""


def configuration() -> Iterator[str]:
    """The page."""
    yield "# Configuration"
    yield INTRODUCTION
    for section in sections():
        yield f"## `[{section.name}]`"
        yield section.words
        rows = (f"| `{k.name}` | {k.kind} | {k.default} | {k.meaning} |" for k in section.keys)
        yield "\n".join(("| key | value | default | meaning |", "|---|---|---|---|", *rows))
    yield "## Example"
    yield f"```toml\n{EXAMPLE}```"


def sections() -> Iterator[Section]:
    """Every table."""
    yield from _adapters()
    yield from _rules()
    yield from _enrolment()
    yield from _running()
    yield _imports()
    yield _window()
    yield from _bank()


def _adapters() -> Iterator[Section]:
    """Which plugins, and what each is told."""
    told = _docs(Config)
    yield Section(
        "plugins",
        "Which plugins may be imported; it is checked before any of their code runs. A plugin is"
        "\nnamed as `NAME`, whoever brings it, `NAME @ DISTRIBUTION` or"
        "\n`NAME @ DISTRIBUTION==VERSION`; `lockwright plugins pin` prints the table for what is"
        "\ninstalled now.",
        (
            Key("allow", "list of plugins", "all", "The plugins that may be imported."),
            Key("require", "list of plugins", "none", f"{told['require']}"),
            Key(
                "files",
                "table",
                "none",
                "Digests of the files of distributions, by name, as"
                " `lockwright plugins pin --files` prints them.",
            ),
        ),
    )
    yield Section(
        "adapters.NAME",
        "An adapter's own table; NAME is what `lockwright plugins` shows. An adapter may have"
        "\nfurther keys of its own.",
        (
            Key("binding", "text", "the adapter's", f"One of {_code(*BINDINGS)}."),
            Key(
                "modules",
                "list of paths",
                "the adapter's",
                "Absolute paths, first choice first.",
            ),
        ),
    )


def _rules() -> Iterator[Section]:
    """What the bank lays down."""
    told = _docs(Config)
    yield Section(
        "policy",
        "The bank's rules for a new PIN; the stricter of them and the token's is in force.",
        tuple(_policy()),
    )
    yield Section(
        "trust",
        "Which CAs a certificate must lead to before it is written to a token.",
        (Key("anchors", "list of paths", "none", told["trust"]),),
    )


def _enrolment() -> Iterator[Section]:
    """CAs, and how they are asked."""
    told = _docs(Config)
    yield Section(
        "ca.NAME",
        "A CA that certificates are ordered from; NAME is what `--ca` takes. A plugin's client"
        "\nmay have further keys. `cmp` has `recipient`, the CA's name (RFC 4514) where that is"
        "\nnot the subject of the first anchor; `plain_http` (`true`: without TLS); `request`, how"
        "\na first certificate is ordered: `p10cr` (the default), `ir` or `cr`; `mac`, how messages"
        "\nare protected by the password: `pbm` (PasswordBasedMac, the default), `pbm-sha1` for a"
        "\nCA that knows no other HMAC, or `pbmac1` (RFC 9481); and `iterations`, how often that"
        "\nhashes, 10000 by default, which is the most that EJBCA takes.",
        tuple(_authority()),
    )
    yield Section(
        "enrolment",
        "How enrolment with a CA is done.",
        (
            Key("journal", "path", "in the user's state folder", told["journal"]),
            Key("contact", "text", "nobody", told["contact"]),
        ),
    )


def _running() -> Iterator[Section]:
    """What is recorded, waited for and pointed out."""
    told = _docs(Config)
    yield Section(
        "audit",
        "The record of what was done: JSON lines, each with the hash of the one before.",
        (
            Key("enabled", "true or false", "true", "Whether a record is kept."),
            Key("file", "path", "in the user's state folder", "The audit file."),
        ),
    )
    yield Section(
        "deadlines",
        "Seconds to wait for an answer of a module, a CA or a person.",
        tuple(
            Key(field.name, "seconds", f"{field.default:g}", _docs(Deadlines)[field.name])
            for field in fields(Deadlines)
        ),
    )
    yield Section(
        "warn",
        "What to point out.",
        (Key("days", "whole number", str(Config().warn_days), told["warn_days"]),),
    )


def _imports() -> Section:
    """Whether keys may come from elsewhere."""
    text = _docs(Config)["imports"]
    return Section(
        "import",
        "Keys that were made outside a token.",
        (Key("allow", "true or false", "false", text),),
    )


def _window() -> Section:
    """The client's window."""
    text = _docs(Config)["paste_pins"]
    return Section(
        "window",
        "The client's window, `lockwright-window`.",
        (Key("paste_pins", "true or false", "false", text),),
    )


def _bank() -> Iterator[Section]:
    """The bank's side."""
    told = _docs(Config)
    said = _docs(DeskSettings)
    yield Section(
        "desk",
        "The bank's help desk, where `lockwright unblock` sends its Request by itself. Without this"
        "\ntable it is read out. It needs `ca` or `pin`, or both, which then both have to fit."
        "\nOn an operator's computer it is where `lockwright respond --desk` works.",
        (
            Key("url", "text", "must be given", said["url"]),
            Key("ca", "list of paths", "none", said["ca"]),
            Key("pin", "list of texts", "none", said["pins"]),
            Key("certificate", "path", "none", said["certificate"]),
            Key("key", "path", "none", said["key"]),
        ),
    )
    yield Section(
        "respond",
        "The bank's side of a remote unblock.",
        (
            Key(
                "ledger",
                "path",
                "`answered.db` beside the audit file",
                "The ledger of answered Requests.",
            ),
            *_limits(),
            Key("key_uri", "text", "none", told["key_uri"]),
        ),
    )


def _limits() -> Iterator[Key]:
    for field in fields(Limits):
        default = "no limit" if field.default is None else str(field.default)
        words = f"Requests answered in 24 hours, at most. {_docs(Limits)[field.name]}"
        yield Key(field.name, "whole number", default, words)


def _authority() -> Iterator[Key]:
    kinds = {"trust": "list of paths", "server_trust": "list of paths"}
    defaults = {"kind": "`est`"}
    for field in fields(CaSettings):
        if field.name in {"further", "system_trust"}:
            continue
        kind = kinds.get(field.name, "text")
        yield Key(field.name, kind, defaults.get(field.name, "none"), _docs(CaSettings)[field.name])
    yield Key(
        "renewal_info",
        "text",
        "the CA is not asked",
        "Of `est`: where the server tells when to renew (RFC 9773), an operation such as"
        " `renewal-info` or a path such as `/acme/renewal-info`.",
    )
    yield Key(
        "renewal",
        "text",
        "`simplereenroll`",
        "Of `est`: where a renewal is sent; `simpleenroll` for a CA that takes the usual operation"
        " only over TLS with the old certificate, which a token's key cannot open here.",
    )


def _policy() -> Iterator[Key]:
    for field in fields(PinPolicy):
        default = getattr(BANK_DEFAULT, field.name)
        flag = isinstance(default, bool)
        kind = "true or false" if flag else "whole number"
        shown = "no limit" if default is None else str(default).lower()
        yield Key(field.name, kind, shown, _docs(PinPolicy)[field.name])


def _docs(kind: type) -> dict[str, str]:
    """The docstring of each field, which stands below it in the source."""
    body = ast.parse(inspect.getsource(kind)).body[0]
    found: dict[str, str] = {}
    name = ""
    for node in body.body if isinstance(body, ast.ClassDef) else ():
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        elif name and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found[name] = " ".join(str(node.value.value).split())
            name = ""
    return found


def _code(*names: str) -> str:
    return ", ".join(f"`{name}`" for name in names)
