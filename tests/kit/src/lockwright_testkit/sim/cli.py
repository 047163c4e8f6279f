"""``lockwright-sim``: the simulator for people at a shell."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lockwright_testkit.build import BuildError
from lockwright_testkit.sim.errors import SimulatorError
from lockwright_testkit.sim.personalities import PERSONALITIES
from lockwright_testkit.sim.simulator import SO_PIN, USER_PIN, VARIABLE, Simulator


class _Group(click.Group):
    """Commands whose errors are a sentence and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (SimulatorError, BuildError) as error:
            raise click.ClickException(str(error)) from None


_folder = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@click.group(cls=_Group)
def main() -> None:
    """Simulated crypto tokens: SoftHSM with what real tokens add.

    A token lives in a FOLDER. Programs see it when they load the module that `module` prints and
    LOCKWRIGHT_SIM names the folder; several folders, parted by a colon, are several tokens.
    """


@main.command()
@_folder
@click.option(
    "--personality",
    metavar="NAME",
    default="plain",
    show_default=True,
    help=f"{', '.join(PERSONALITIES)}, or one that an installed package brings.",
)
@click.option("--module", default="", help="Another version of the personality's module.")
@click.option("--label", default="simulated", show_default=True)
@click.option("--serial", default="", help="Drawn in the vendor's form if not given.")
@click.option("--pin", default=USER_PIN, show_default=True, help="User PIN; empty: not set.")
@click.option("--so-pin", default=SO_PIN, show_default=True, help="SO or administrator's PIN.")
@click.option("--admin-key", default="", help="Administrator's key, hexadecimal.")
@click.option("--tries", type=int, help="Tries of the user PIN.")
@click.option("--so-tries", type=int, help="Tries of the SO PIN.")
@click.option("--memory", type=int, help="Bytes for objects.")
@click.option("--delay", default="", help="Milliseconds for every call, or LOW..HIGH.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Any other setting.")
def new(  # noqa: PLR0913, PLR0917  # one option each
    folder: Path,
    personality: str,
    module: str,
    label: str,
    serial: str,
    pin: str,
    so_pin: str,
    admin_key: str,
    tries: int | None,
    so_tries: int | None,
    memory: int | None,
    delay: str,
    pairs: tuple[str, ...],
) -> None:
    """Make a token in FOLDER, which must be empty or not exist."""
    given = {
        "admin.key": admin_key,
        "user.tries.max": tries,
        "so.tries.max": so_tries,
        "memory": memory,
        "delay": delay,
    }
    made = Simulator.create(
        folder,
        personality,
        label=label,
        user_pin=pin,
        so_pin=so_pin,
        serial=serial,
        module=module,
        settings={
            **{key: value for key, value in given.items() if value not in (None, "")},
            **dict(_pair(pair) for pair in pairs),
        },
    )
    click.echo(f"export {VARIABLE}={made.folder}")


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--set takes KEY=VALUE, not {text}")
    return key.strip(), value.strip()


@main.command()
@_folder
def module(folder: Path) -> None:
    """Print the path of the PKCS#11 module that shows the token."""
    click.echo(Simulator(folder).module)


@main.command()
@_folder
def show(folder: Path) -> None:
    """Show every setting as it is now."""
    for key, value in Simulator(folder).show().items():
        click.echo(f"{key} = {value}")


@main.command("set")
@_folder
@click.argument("pair", metavar="KEY=VALUE")
def set_(folder: Path, pair: str) -> None:
    """Change a setting, for running programs too."""
    Simulator(folder).set(*_pair(pair))


@main.command()
@_folder
def unplug(folder: Path) -> None:
    """Pull the token out of its reader."""
    Simulator(folder).unplug()


@main.command()
@_folder
def plug(folder: Path) -> None:
    """Put the token back into its reader."""
    Simulator(folder).plug()


@main.command()
@_folder
@click.argument("plans", nargs=-1, metavar="[FUNCTION@N=WHAT]...")
@click.option("--clear", is_flag=True, help="Forget what was planned.")
def fault(folder: Path, plans: tuple[str, ...], *, clear: bool) -> None:
    """Plan faults, or show those that are planned.

    WHAT is a return value (0x30), kill, hang, after:0x30 or after:kill; N counts the calls from
    now, * is every call.
    """
    simulator = Simulator(folder)
    if clear:
        simulator.clear_faults()
    if plans:
        simulator.fault(*plans)
    if not plans and not clear:
        click.echo(simulator.show()["faults"] or "no faults are planned")


@main.command()
@_folder
@click.option("--zero", is_flag=True, help="Count from nought again.")
def count(folder: Path, *, zero: bool) -> None:
    """Show how often each function was called."""
    simulator = Simulator(folder)
    if zero:
        simulator.zero_counts()
        return
    for name, calls in simulator.counts().items():
        click.echo(f"{calls:8} {name}")


@main.command()
@_folder
@click.argument("what", type=click.Choice(["on", "off", "show"]))
def trace(folder: Path, what: str) -> None:
    """Write down every call, or show what was written."""
    simulator = Simulator(folder)
    if what == "show":
        for line in simulator.trace():
            click.echo(line)
    elif what == "on":
        simulator.start_trace()
    else:
        simulator.stop_trace()


@main.command()
@_folder
@click.confirmation_option(prompt="Everything on the simulated token will be lost. Go on?")
def reset(folder: Path) -> None:
    """Make the token new, also when its state is damaged.

    Objects, PINs, counters and faults become as they were when it was made.
    """
    Simulator(folder).reset()


if __name__ == "__main__":
    sys.exit(main())
