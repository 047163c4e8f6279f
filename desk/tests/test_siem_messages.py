"""What a collector reads: a line of UTF-8 that is not too long, in JSON or CEF, of whatever."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from collector import taken_apart
from hypothesis import given, settings
from hypothesis import strategies as some
from lockwright.audit.records import canonical, parse, seq_of
from lockwright_desk.configuration.siem import Body
from lockwright_desk.siem.messages import Form, messages
from lockwright_desk.siem.place import Place
from lockwright_desk.siem.spool import Item

TRAIL = "0123456789abcdef" * 4
CUT_BY_RSYSLOG = 8096
ODD = 'Анна "А" | \\ = ] \t\n\r\x00\x7f\x85\u2028\u2029 \N{PILE OF POO} '


def told(
    record: Mapping[str, Any],
    body: Body = Body.JSON,
    enterprise: int = 32473,
    line: bytes | None = None,
) -> list[bytes]:
    line = line or canonical(record)
    item = Item(record, line, Place(TRAIL, "", len(line), seq_of(record)))
    return list(messages(item, Form(body, "lockwright-desk", enterprise)))


def record(**more: Any) -> dict[str, Any]:
    return {
        "v": 1,
        "seq": 4711,
        "time": "2026-12-01T09:00:00.123Z",
        "previous": "ab" * 32,
        "who": {"user": "desk", "host": "desk-1", "pid": 7},
        "hook": "desk_answer",
        "id": "00ff" * 8,
        "event": "outcome",
        "outcome": "ok",
        "facts": {"by": "ольга"},
        **more,
    }


def cef(body: str) -> tuple[list[str], dict[str, str]]:
    """CEF by its own rules: fields of the head, and the extension."""
    *head, extension = _split(body)
    pairs = re.split(r"(?:^| )(?=[A-Za-z0-9]+(?<!\\)=)", extension)
    found = dict(pair.split("=", 1) for pair in pairs if pair)
    return head, {key: _unescaped(value) for key, value in found.items()}


def _split(body: str) -> list[str]:
    parts, rest = [], body
    for _each in range(7):
        found = re.match(r"((?:[^|\\]|\\.)*)\|", rest, re.DOTALL)
        assert found, rest
        parts.append(re.sub(r"\\(.)", r"\1", found[1]))
        rest = rest[found.end() :]
    return [*parts, rest]


def _unescaped(value: str) -> str:
    ends = {"n": "\n", "r": "\r"}
    return re.sub(r"\\(.)", lambda found: ends.get(found[1], found[1]), value, flags=re.DOTALL)


def test_a_message_says_which_record_it_is_and_how_bad_it_is() -> None:
    [done] = map(taken_apart, told(record()))
    [failed] = map(taken_apart, told(record(outcome="error", error="limit-reached")))
    [begun] = map(taken_apart, told(record(event="intent"), enterprise=12345))

    assert (done.time, done.host, done.app, done.process, done.kind) == (
        *("2026-12-01T09:00:00.123Z", "desk-1", "lockwright-desk", "7", "desk_answer"),
    )
    assert done.values["seq"] == "4711"
    assert TRAIL.startswith(done.values["trail"])
    assert done.values["who"] == "ольга"
    assert failed.values["outcome"] == "limit-reached"
    assert [each.priority - 13 * 8 for each in (done, failed, begun)] == [5, 4, 6]
    assert begun.structured.startswith("[lockwright@12345 ")


def test_a_body_of_json_is_the_record_and_holds_no_end_of_a_line() -> None:
    said = record(facts={"by": ODD, "note": [ODD]})

    [raw] = told(said)

    message = taken_apart(raw)
    assert json.loads(message.body) == said
    assert canonical(json.loads(message.body)) == canonical(said)
    assert len(raw.decode().splitlines()) == 1
    assert not message.body.startswith("\ufeff")
    assert message.values["who"].startswith('Анна "А" | \\ = ] \\u0009\\u000a')


def test_cef_is_read_back_by_its_own_rules() -> None:
    facts = {"by": 'Анна "А" | \\ = name=value', "note": "a\nb\r\nc=d|e"}

    [raw] = told(record(hook="desk|an\\swer", facts=facts), Body.CEF)

    head, said = cef(taken_apart(raw).body)
    assert head[:3] == ["CEF:0", "lockwright", "lockwright-desk"]
    assert head[4:] == ["desk|an\\swer", "desk|an\\swer", "3"]
    assert json.loads(said["cs3"]) == facts
    assert (said["cs3Label"], said["cn1Label"], said["cn1"]) == ("facts", "sequence", "4711")
    assert said["suser"] == facts["by"]
    assert said["externalId"] == f"{TRAIL[:16]}-4711"
    assert said["rt"] == "1796115600123"
    assert said["outcome"] == "ok"


@pytest.mark.parametrize("body", list(Body))
@pytest.mark.parametrize("text", ["Ж" * 9000, '\\"\x7f' * 4000, "\U0001f4a9\u2028" * 3000])
def test_a_record_that_is_too_long_comes_in_parts_that_make_it_up_again(
    body: Body, text: str
) -> None:
    said = record(facts={"by": text[:100], "note": text})

    raw = told(said, body)

    parts = [taken_apart(each) for each in raw]
    assert [each.values["part"] for each in parts] == [str(n + 1) for n in range(len(raw))]
    assert {each.values["parts"] for each in parts} == {str(len(raw))}
    assert max(map(len, raw)) < CUT_BY_RSYSLOG
    texts = {
        Body.JSON: lambda each: json.loads(each.body)["text"],
        Body.CEF: lambda each: cef(each.body)[1]["cs3"],
    }
    pieces = map(texts[body], parts)
    assert json.loads("".join(pieces)) == said


def test_what_is_just_short_enough_comes_whole() -> None:
    sizes = {
        len(raw) for count in range(7000, 7700, 7) for raw in told(record(facts={"x": "y" * count}))
    }

    assert 7990 < max(sizes) <= 8000


_TEXT = some.text(some.characters(exclude_categories=()))
_ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | _TEXT,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_NAMES = ("time", "previous", "who", "hook", "id", "event", "outcome", "error", "facts")


@settings(max_examples=40, deadline=None)
@given(
    some.fixed_dictionaries({}, optional=dict.fromkeys(_NAMES, _ANYTHING)), some.sampled_from(Body)
)
def test_a_trail_that_somebody_wrote_into_makes_no_message_that_is_none(
    said: dict[str, Any], body: Body
) -> None:
    line = json.dumps({**said, "seq": 1}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    read = parse(line)
    assert read is not None

    for raw in told(read, body, line=line):
        message = taken_apart(raw)
        assert len(raw) < CUT_BY_RSYSLOG
        assert len(raw.decode().splitlines()) == 1
        assert message.seq == 1
        assert len(message.host) <= 255
        assert 0 < len(message.kind) <= 32
        assert all("!" <= each <= "~" for each in message.host + message.kind + message.process)
