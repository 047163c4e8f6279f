"""A plugin that behaves badly is told as broken, whatever it does; the others work on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, PathDistribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from lockwright import Config, Runner
from lockwright.errors import AdapterBroken
from lockwright.models import ModuleInfo, TokenIdentity
from lockwright.registry import PluginStatus, Registry
from lockwright_testkit.program import Program
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM

Install = Callable[..., EntryPoint]

ADAPTER = """
from pathlib import Path
from lockwright.adapter import StandardAdapter
from lockwright.models import Capabilities, TokenState

class Adapter(StandardAdapter):
    tokens = {"Odd Ltd": ("Odd",)}
"""
CATCHES_ALL = """
from lockwright.adapter import hookimpl

@hookimpl
def lockwright_match(identity):
    return None

def __getattr__(name):
    raise RuntimeError(name)
"""
UNTELLABLE = """
class Untellable(Exception):
    def __str__(self):
        raise ValueError

raise Untellable
"""
ODD = TokenIdentity("01", "", "Odd", "Odd Ltd", ModuleInfo(Path("/m.so"), "", "", (1, 0)), 0, "")


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a plugin in a folder of its own, and hand back its entry point."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", str(site))

    def installed(
        code: str, *, name: str = "odd", by: str = "one", value: str = "", metadata: str = ""
    ) -> EntryPoint:
        module = f"plugin_{tmp_path.name}_{by}".replace("-", "_")
        (site / f"{module}.py").write_text(code)
        folder = site / f"{by}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(metadata or f"Name: {by}\nVersion: 1.0\n")
        point = f"{module}{value}"
        (folder / "entry_points.txt").write_text(f"[lockwright]\n{name} = {point}\n")
        [found] = PathDistribution(folder).entry_points
        return found

    return installed


def odd(body: str) -> str:
    return f"{ADAPTER}{body}\nadapter = Adapter()\n"


# --- what it does when it is loaded ---------------------------------------------------------------


@pytest.mark.parametrize("code", [CATCHES_ALL, UNTELLABLE], ids=["raises for a name", "no words"])
def test_a_plugin_that_fails_while_it_is_looked_at_is_broken_alone(
    install: Install, code: str
) -> None:
    points = [install(code), install(odd(""), name="good", by="two", value=":adapter")]
    status = {each.name: each.status for each in Registry(found=points).plugins}
    assert status["good"] is PluginStatus.LOADED
    assert status["odd"] in PluginStatus


def test_of_two_plugins_of_one_name_neither_is_imported(install: Install, tmp_path: Path) -> None:
    """The name is allowed, has a table in the configuration, and a PIN goes to whoever has it."""
    trace = tmp_path / "ran"
    spies = [install(f"open({str(trace)!r}, 'w')", by=by) for by in ("one", "two")]
    registry = Registry(allow=["odd"], found=spies)
    told = "several distributions bring a plugin of this name: one 1.0, two 1.0"
    assert [each.problem for each in registry.plugins] == [told] * 2
    assert not trace.exists()


def test_metadata_without_a_name_is_told_as_empty(install: Install) -> None:
    [plugin] = Registry(found=[install(odd(""), value=":adapter", metadata="X: y\n")]).plugins
    assert (plugin.distribution, plugin.version) == ("", "")


def test_control_characters_of_metadata_do_not_reach_the_terminal(
    install: Install, tmp_path: Path
) -> None:
    install(odd(""), value=":adapter", metadata="Name: \x1b[31mred\nVersion: 1\x1b]0;title\x07\n")
    for command in (("plugins",), ("plugins", "--verbose"), ("doctor",)):
        ended = Program(tmp_path).run(*command)
        assert "red" in ended.out
        assert "\x1b" not in ended.out + ended.err


def test_an_entry_point_with_spaces_is_found_beside_its_module_too(
    install: Install, sim: SimulatorFactory
) -> None:
    device = sim(settings={"manufacturer": "Odd Ltd", "model": "Odd"})
    registry = Registry(found=[install(odd(""), value=" : adapter")])
    with Runner(Config(audit=None), modules=[device.module], registry=registry) as runner:
        assert runner.find().state.user_pin is not None


# --- what it answers ------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["True", "'mine'"])
def test_a_claim_of_another_type_is_told_of_its_adapter(install: Install, answer: str) -> None:
    code = odd(f"    def lockwright_match(self, identity): return {answer}")
    registry = Registry(found=[install(code, value=":adapter")])
    with pytest.raises(AdapterBroken, match="it answered: lockwright_match: "):
        registry.match("odd", ODD)


@pytest.mark.parametrize("answer", ["5", "'/usr/lib/odd.so'", "[None]"])
def test_paths_of_another_type_are_told_of_their_adapter(install: Install, answer: str) -> None:
    code = odd(f"    def lockwright_modules(self): return {answer}")
    registry = Registry(found=[install(code, value=":adapter")])
    with pytest.raises(AdapterBroken, match="it answered: lockwright_modules: "):
        registry.modules("odd", {})


def test_a_path_that_no_file_can_have_is_passed_over(install: Install) -> None:
    code = odd(f"    modules = (Path('/{'a' * 5000}'), Path('/a\\0b'))")
    registry = Registry(found=[install(code, value=":adapter")])
    assert registry.modules("odd", {}) == ()
    with Runner(Config(audit=None), modules=[Path(f"/{'a' * 5000}")], registry=registry) as runner:
        assert [each.error.code for each in runner.detect().problems] == ["module-not-loadable"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("def lockwright_state(self): return None", "it answered: lockwright_state: NoneType"),
        ("def lockwright_state(self): return {'user_pin': 'ok'}", "lockwright_state: dict"),
        ("def lockwright_open(self): return 'opened'", "what it opens lacks"),
    ],
    ids=["nothing", "a dict", "no module"],
)
def test_a_token_of_an_adapter_that_answers_anything_hides_no_other(
    install: Install, sim: SimulatorFactory, softhsm: SoftHSM, body: str, told: str
) -> None:
    added = softhsm.add_token("Anna")
    device = sim(settings={"manufacturer": "Odd Ltd", "model": "Odd"})
    code = odd(f"    modules = (Path({str(device.module)!r}),)\n    {body}")
    good = EntryPoint("softhsm", "lockwright_softhsm:adapter", "lockwright")
    registry = Registry(found=[install(code, value=":adapter"), good])
    config: Mapping[str, Mapping[str, list[str]]] = {
        "softhsm": {"modules": [str(softhsm.module)]},
    }
    with Runner(Config(audit=None, adapters=config), registry=registry) as runner:
        found = runner.detect()
    assert added.serial in {token.serial for token in found.tokens}
    assert [told in str(each.error) for each in found.problems] == [True]
    assert {each.error.code for each in found.problems} == {"adapter-broken"}


RAISES = {
    "SystemExit": "raise SystemExit(0)",
    "GeneratorExit": "raise GeneratorExit",
    "CancelledError": "import asyncio; raise asyncio.CancelledError",
    "Half": "raise Half",
    "PinLocked": "error = PinLocked(role='user PIN'); error.facts = {'a': object()}; raise error",
}
HALF = """
from lockwright.errors import LockwrightError, PinLocked

class Half(LockwrightError):
    def __init__(self): pass
"""


@pytest.mark.parametrize("hook", ["match", "modules", "list"])
@pytest.mark.parametrize("kind", RAISES)
@pytest.mark.parametrize("where", ["child", "in process"])
def test_whatever_an_adapter_raises_is_told_of_the_adapter(
    install: Install, sim: SimulatorFactory, hook: str, kind: str, where: str
) -> None:
    """Some of it would end the program without a word, and with success."""
    device = sim(settings={"manufacturer": "Odd Ltd", "model": "Odd"})
    code = odd(f"    def lockwright_{hook}(self): {RAISES[kind]}")
    registry = Registry(found=[install(HALF + code, value=":adapter")])
    config, modules, isolate = Config(audit=None), [device.module], where == "child"
    with Runner(config, modules=modules, registry=registry, isolate=isolate) as runner:
        seen = runner.detect()
        if hook == "list":
            with pytest.raises(AdapterBroken, match=kind):
                runner.list(seen.tokens[0])
        else:
            [problem] = seen.problems
            assert (problem.error.code, problem.error.adapter) == ("adapter-broken", "odd")
            assert kind in str(problem.error)


@pytest.mark.parametrize("kind", ["SystemExit", "GeneratorExit"])
def test_whatever_a_plugin_raises_as_it_is_imported_hides_no_other(
    install: Install, kind: str
) -> None:
    points = [install(f"raise {kind}"), install(odd(""), name="good", by="two", value=":adapter")]
    told = {each.name: (each.status, each.problem) for each in Registry(found=points).plugins}
    assert told["odd"] == (PluginStatus.BROKEN, f"{kind}: ")
    assert told["good"][0] is PluginStatus.LOADED


def test_a_listing_of_another_type_is_told_of_its_adapter(
    install: Install, sim: SimulatorFactory
) -> None:
    device = sim(settings={"manufacturer": "Odd Ltd", "model": "Odd"})
    code = odd("    def lockwright_list(self): return ['an object']")
    registry = Registry(found=[install(code, value=":adapter")])
    with Runner(Config(audit=None), modules=[device.module], registry=registry) as runner:
        token = runner.find()
        with pytest.raises(AdapterBroken, match="it answered: lockwright_list: str"):
            runner.list(token)


@pytest.mark.parametrize("archive", [False, True], ids=["folders", "an archive"])
@pytest.mark.parametrize("points", [b"d\xe9mo = m:a\n", b"no value\n"])
def test_a_distribution_whose_entry_points_nobody_can_read_hides_no_plugin(
    install: Install,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    points: bytes,
    *,
    archive: bool,
) -> None:
    install(odd(""))
    folder = tmp_path / "site" / "foreign-1.0.dist-info"
    folder.mkdir()
    (folder / "entry_points.txt").write_bytes(b"[console_scripts]\n" + points)
    if archive:  # with one on its path Python's own reader is asked
        with ZipFile(tmp_path / "code.zip", "w") as file:
            file.writestr("code.py", "")
        monkeypatch.syspath_prepend(str(tmp_path / "code.zip"))
    assert "odd" in {plugin.name for plugin in Registry(allow=[]).plugins}
