"""Write the page for those who choose an adapter, and what each adapter's evidence says of hooks.

What each hook does on which token comes from docs/reference/conformance.md, which a run of the
suite writes. The claims are the adapters' own, in ``evidence.toml`` of each package, and are
held to the rules of the tiers. ``--check`` writes nothing.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from conformance import written
from lockwright_testkit.evidence.kinds import KINDS
from lockwright_testkit.tiers import TIERS, broken_rules, evidence_in

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reference" / "choice.md"
Tables = Mapping[str, Mapping[str, str]]
_KEPT = ("token", "kind", "bindings", "report", "version", "signer")
_HEAD = """\
# Which adapter does what, and how that is known

Written by `tools/choice.py` from what lies beside each adapter, `evidence.toml` in its package;
`lockwright plugins --json` says the same of the adapters that are installed. What a word in the
tables means is told in [the conformance suite](conformance.md), and what was found
[on real modules of software](conformance.md#on-real-modules-of-software) whose adapters are tests.

## How much is known

An adapter claims a tier, and `tools/choice.py --check` looks whether it may.

"""
_NONE_REAL = """
No adapter of lockwright's own claims `confirmed`: no real token has been seen. The simulator is
written from the vendors' public documents; what a real token has yet to confirm is listed with each
of [its personalities](simulator.md).
"""


def main() -> int:
    """Write, or only compare; 0 if all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = parser.parse_args().check
    found = cells(written())
    projects = [each for each in sorted(ROOT.glob("plugins/*")) if evidence_in(each)]
    contents = {file: updated(file, found) for file in map(evidence_in, projects) if file}
    told = {file: tomllib.loads(text) for file, text in contents.items()}
    contents[PAGE] = page({file.parents[2].name: each for file, each in told.items()})
    old = [
        file
        for file, text in contents.items()
        if not file.exists() or file.read_text("utf-8") != text
    ]
    wrong = [*unnamed(found, told.values())]
    if not check:
        for file in old:
            file.write_text(contents[file], encoding="utf-8")
    else:
        wrong += [f"{file.relative_to(ROOT)} is out of date: make reference" for file in old]
    for project in sorted(ROOT.glob("plugins/*/pyproject.toml")):
        wrong += [f"{project.parent.name}: {each}" for each in broken_rules(project.parent)]
    sys.stderr.write("".join(f"{each}\n" for each in wrong))
    return int(bool(wrong))


def cells(text: str) -> Tables:
    """What the table of the suite says: for each token, a word for each hook."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    (_hook, *tokens), _line, *hooks = [row for row in rows if row]
    return {
        token: {row[0].strip("`"): row[place] for row in hooks}
        for place, token in enumerate(tokens, 1)
    }


def unnamed(found: Tables, told: Any) -> Iterator[str]:
    """Tokens of which the suite and the adapters do not both speak."""
    named = {each["token"] for content in told for each in _of_the_suite(content)}
    for token in found.keys() - named:
        yield f"no adapter's evidence.toml names the token {token}"
    for token in named - found.keys():
        yield f"the suite has no token {token}"


def _of_the_suite(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The tokens that the suite ran on; of the others a report says what each hook did."""
    return [each for each in content["tested"] if "report" not in each]


def updated(file: Path, found: Tables) -> str:
    """The evidence with what the suite says now; a result that is new is so since today."""
    text = file.read_text("utf-8")
    content = tomllib.loads(text)
    lines = [*text.partition("[claim]")[0].splitlines(), "[claim]"]
    lines += [f"{name} = {_toml(each)}" for name, each in content["claim"].items()]
    for each in content["tested"]:
        hooks = each["hooks"] if "report" in each else found.get(each["token"], {})
        same = each.get("hooks") == hooks and "since" in each
        since = each["since"] if same else datetime.now(UTC).date()
        kept = {name: each[name] for name in _KEPT if name in each}
        lines += ["", "[[tested]]", *(f"{name} = {_toml(told)}" for name, told in kept.items())]
        lines += [f"since = {since}", "", "[tested.hooks]"]
        lines += [f"{hook} = {_toml(word)}" for hook, word in hooks.items()]
    return "\n".join(lines) + "\n"


def page(told: Mapping[str, Mapping[str, Any]]) -> str:
    """The page."""
    lines = ["| tier | what it takes |", "| --- | --- |"]
    lines += [f"| `{tier}` | {words} |" for tier, words in TIERS.items()]
    parts = [_HEAD + "\n".join(lines) + "\n"]
    if not any(content["claim"]["tier"] == "confirmed" for content in told.values()):
        parts.append(_NONE_REAL)
    parts += ["\n".join(_adapter(name, content)) + "\n" for name, content in told.items()]
    return "".join(parts)


def _adapter(name: str, content: Mapping[str, Any]) -> Iterator[str]:
    claim, tested = content["claim"], content["tested"]
    yield f"\n## {name}"
    yield ""
    yield f"Tier `{claim['tier']}`. Who answers for it: {claim['maintainer']}."
    yield ""
    yield _row("", (each["token"] for each in tested))
    yield _row("---", ("---" for _each in tested))
    yield _row("what it is", (_KIND[each["kind"]] for each in tested))
    yield _row("binding", (", ".join(each["bindings"]) for each in tested))
    yield _row("so since", (str(each["since"]) for each in tested))
    for field, title in (("version", "version of the adapter"), ("signer", "report signed by")):
        if any(field in each for each in tested):
            yield _row(title, (each.get(field, "-") for each in tested))
    for hook in tested[0]["hooks"]:
        yield _row(f"`{hook}`", (each["hooks"].get(hook, "-") for each in tested))


_KIND = dict(zip(KINDS, ("simulator", "the software itself", "real token"), strict=True))


def _row(head: str, rest: Iterator[str]) -> str:
    return f"| {' | '.join([head, *rest])} |"


def _toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


if __name__ == "__main__":
    sys.exit(main())
