"""The global options: what every command takes, and where its PINs are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from lockwright.console.translated import Translated
from lockwright.i18n import LANGUAGES, N_, _

Complete = Callable[[click.Context, click.Parameter, str], list[Any]]

VALUE_NAMES = (
    N_("[COMMAND]..."),
    N_("COMMAND [ARGS]..."),
    N_("CONTAINER"),
    N_("DIGITS"),
    N_("FIELD=VALUE"),
    N_("FILE"),
    N_("HOST"),
    N_("ID"),
    N_("KEY"),
    N_("LOGIN"),
    N_("NAME"),
    N_("PATH"),
    N_("SECONDS"),
    N_("SERIAL"),
    N_("SERIAL|URI"),
    N_("TEXT"),
    N_("TIME"),
    N_("VALUE"),
    N_("WORD"),
    N_("TYPE"),
    N_("[CONTAINER]"),
    N_("[OPTIONS]"),
    N_("LABEL"),
    N_("[SELECTOR]..."),
    N_("[WORDS]..."),
)
"""What usage and help call the values of a command; formats such as HEX have no translation."""


@dataclass
class GlobalOptions:
    """The global options, whether they stood before or after the command."""

    modules: list[Path] = field(default_factory=list)
    """Modules to look at instead of the known ones."""
    token: str | None = None
    """Serial number or PKCS#11 URI."""
    json: bool = False
    """Answer in JSON."""
    config: Path | None = None
    """Configuration file."""
    verbose: bool = False
    """Tell more."""
    use_last_try: bool = False
    """Spend the last try of a PIN."""
    void_request: bool = False
    """Go on where a token waits for a Response in another program."""
    files: dict[str, str] = field(default_factory=dict)
    """Files with PINs, by role."""
    descriptors: dict[str, int] = field(default_factory=dict)
    """Open file descriptors with PINs, by role."""


@dataclass(frozen=True, slots=True)
class Early:
    """What must be known before anything else is understood, even before an error is shown."""

    language: str | None
    """Language asked for; None for the locale's."""
    json: bool
    """Whether errors are shown in JSON."""


def look(arguments: Sequence[str]) -> Early:
    """Look for what decides how everything else is shown.

    Args:
        arguments: the command line without the program's name.
    """
    known = options_of(arguments)
    language = None
    for number, word in enumerate(known):
        name, equals, value = word.partition("=")
        if name == "--lang":
            wanted = value if equals else "".join(known[number + 1 : number + 2])
            language = wanted if wanted in LANGUAGES else language
    return Early(language, "--json" in known)


class Text(click.types.StringParamType):
    """Text, which the operating system may have handed over as bytes that are none.

    Python keeps such bytes of a command line as surrogates (PEP 383). A path may have them.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text.

        Raises:
            click.BadParameter: it holds bytes that are no text.
        """
        text = super().convert(value, param, ctx)
        if any("\ud800" <= char <= "\udfff" for char in text):
            self.fail(_("it holds bytes that are no text"), param, ctx)
        return text


def text_unless_path(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings of a parameter, with the type of a text where they say no other.

    Args:
        settings: as click takes them.
    """
    plain = "type" not in settings and not settings.get("is_flag") and not settings.get("count")
    if plain and settings.get("metavar") not in {"FILE", "PATH"}:
        return {**settings, "type": Text()}
    return settings


class Option(click.Option):
    """An option whose help, with the name of its value, is translated when it is shown."""

    help = Translated()

    def __init__(self, names: Sequence[str], **settings: Any) -> None:
        super().__init__(list(names), **text_unless_path(settings))

    def make_metavar(self, ctx: click.Context) -> str:
        """The name of its value in the help."""
        return _(super().make_metavar(ctx))


class NotedOption(Option):
    """An option whose value goes into ``GlobalOptions`` instead of the command's arguments."""

    def __init__(
        self, names: Sequence[str], note: Callable[[GlobalOptions, Any], None], **settings: Any
    ) -> None:
        self._note = note
        super().__init__(list(names), expose_value=False, callback=self._noted, **settings)

    def _noted(self, ctx: click.Context, param: click.Parameter, value: object) -> None:
        if ctx.get_parameter_source(str(param.name)) is ParameterSource.COMMANDLINE:
            self._note(ctx.find_root().ensure_object(GlobalOptions), value)


class GlobalOption(NotedOption):
    """An option that may stand before or after the command."""


def module_option() -> GlobalOption:
    """``--module``."""
    return GlobalOption(
        ["--module", "modules"],
        lambda options, value: options.modules.extend(value),
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="PATH",
        help=N_("PKCS#11 module to look at instead of the known ones; may be repeated."),
    )


def token_option(complete: Complete | None = None) -> GlobalOption:
    """``--token``.

    Args:
        complete: finds what a shell completes.
    """
    return GlobalOption(
        ["--token"],
        _sets("token"),
        metavar="SERIAL|URI",
        shell_complete=complete,
        help=N_("The token, by its serial number or a PKCS#11 URI (RFC 7512)."),
    )


def json_option() -> GlobalOption:
    """``--json``."""
    return GlobalOption(["--json"], _sets("json"), is_flag=True, help=N_("Answer in JSON."))


def language_option() -> GlobalOption:
    """``--lang``, which ``look`` has seen before."""
    return GlobalOption(
        ["--lang"],
        lambda _options, _value: None,
        type=click.Choice(LANGUAGES),
        help=N_("Language of all text; by default the locale decides."),
    )


def config_option(text: str) -> GlobalOption:
    """``--config``.

    Args:
        text: its help, a msgid.
    """
    return GlobalOption(
        ["--config"],
        _sets("config"),
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=text,
    )


def verbose_option() -> GlobalOption:
    """``--verbose``."""
    return GlobalOption(
        ["--verbose"],
        _sets("verbose"),
        is_flag=True,
        help=N_("Show more: what is done, and why."),
    )


def void_request_option() -> GlobalOption:
    """``--void-request``."""
    return GlobalOption(
        ["--void-request"],
        _sets("void_request"),
        is_flag=True,
        help=N_(
            "Go on though a token waits for the Response to its Request in another program. It may"
            " void that Request; PINs of that token are not tried meanwhile."
        ),
    )


def _sets(name: str) -> Callable[[GlobalOptions, Any], None]:
    def note(options: GlobalOptions, value: Any) -> None:
        setattr(options, name, value)

    return note


def options_of(arguments: Sequence[str]) -> list[str]:
    """The words of a command line that may be options.

    Args:
        arguments: the command line without the program's name.
    """
    words = list(arguments)
    return words[: words.index("--")] if "--" in words else words
