"""The configuration of the desk: one TOML file, checked whole before anything is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

from lockwright.certificates import subjects
from lockwright.config.table import Table, Wrong
from lockwright.i18n import _

from lockwright_desk.configuration import (
    adapters,
    helpdesk_table,
    keeper,
    profiles,
    renewal,
    siem,
    signin,
    toml_file,
)
from lockwright_desk.configuration.profiles import Profile
from lockwright_desk.configuration.settings import (
    AnchorSettings,
    CaSettings,
    LimitSettings,
    MonitoringSettings,
    Network,
    ProxySettings,
    ServerSettings,
    Settings,
    TokenSettings,
)
from lockwright_desk.configuration.values import LAST_PORT, one_of, some_of, within
from lockwright_desk.store.url import absolute_url, problem_of_url


def load(file: Path) -> Settings:
    """Read the configuration.

    Raises:
        DeskNotReady: there is no file.
        DeskConfigurationBroken: it cannot be read, or says something that has no meaning.
    """
    file = file.absolute()
    return toml_file.read(file, _Reader(file).read)


class _Reader:
    """Reads each table; relative paths are relative to the file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self, file: Table) -> Settings:
        database, audit = file.table("database"), file.table("audit")
        one_time = file.table("passwords")
        ca = self._ca(file.table("ca"))
        settings = Settings(
            file=self._file,
            server=self._server(file.table("server")),
            proxy=_proxy(file.table("proxy")),
            database=_url(database.text("url") or "sqlite:///desk.db", self._file.parent),
            ca=ca,
            otp_key=self._path(one_time.text("key_file") or "otp-key"),
            otp_key_label=one_time.text("key_label"),
            audit=self._path(audit.text("file") or "audit.jsonl"),
            anchor=self._anchor(audit.table("anchor"), ca.token),
            limits=_limits(file.table("limits")),
            monitoring=_monitoring(file.table("monitoring")),
            profiles={
                name: _profile(name, table)
                for name, table in file.table("profiles").tables().items()
            },
            renewal=renewal.read(file.table("renewal")),
            signin=signin.read(file.table("signin"), self._file.parent),
            helpdesk=helpdesk_table.read(file, self._file.parent),
            keeper=keeper.place(file.table("keeper"), self._file.parent),
            adapters=adapters.read(file.table("plugins"), file.table("adapters")),
            siem=siem.read(file.table("siem"), self._file.parent),
        )
        for table in (database, one_time, audit, file):
            table.done()
        if settings.otp_key_label is not None and settings.ca.token is None:
            raise Wrong(_("[passwords] key_label needs the table [ca.token]"))
        if not settings.profiles:
            raise Wrong(_("there is no profile; write one as [profiles.NAME]"))
        if settings.server.certificate is None and not settings.proxy.trusted:
            raise Wrong(_("[server] certificate is needed where no proxy is trusted"))
        return settings

    def _server(self, table: Table) -> ServerSettings:
        certificate, key = table.text("certificate"), table.text("key")
        settings = ServerSettings(
            host=table.text("host") or "127.0.0.1",
            port=within(table, "port", 8443, 0, LAST_PORT),
            names=table.texts("names") or ("localhost", "127.0.0.1"),
            certificate=self._path(certificate) if certificate else None,
            key=self._path(key) if key else None,
        )
        table.done()
        if (certificate is None) != (key is None):
            raise Wrong(_("[server] certificate and key belong together"))
        return settings

    def _ca(self, table: Table) -> CaSettings:
        token, key_file = table.table("token"), table.text("key_file")
        settings = CaSettings(
            subject=_name(subject) if (subject := table.text("subject")) else None,
            certificate=self._path(table.text("certificate") or "ca.pem"),
            key_type=one_of(table, "key_type", profiles.KEY_TYPES, "ec:p256"),
            validity=timedelta(days=_number(table, "days", 3650)),
            token=None if key_file else self._token(token),
            key_file=self._path(key_file) if key_file else None,
            crl_validity=timedelta(days=_number(table, "crl_days", 7)),
            crl_url=table.text("crl_url"),
        )
        token.done()
        table.done()
        return settings

    def _token(self, table: Table) -> TokenSettings:
        softhsm, module = table.text("softhsm"), table.text("module")
        if module is None:
            raise Wrong(_("[ca] says neither key_file nor, in [ca.token], the module"))
        return TokenSettings(
            module=self._path(module),
            label=table.text("label") or "lockwright-desk",
            key_label=table.text("key_label") or "lockwright-desk-ca",
            pin_file=self._path(table.text("pin_file") or "ca-pin"),
            softhsm=self._path(softhsm) if softhsm else None,
        )

    def _anchor(self, table: Table, usual: TokenSettings | None) -> AnchorSettings:
        """A key of its own in the token of the CA, or in another one."""
        label = table.text("key_label") or "lockwright-desk-anchor"
        public_key = self._path(table.text("public_key") or "anchor-key.pem")
        found = self._token(table) if "module" in table.names else usual
        rest = [table.text(key) for key in ("module", "label", "pin_file", "softhsm")]
        if any(rest):
            raise Wrong(_("[audit.anchor] names another token without its module"))
        table.done()
        return AnchorSettings(found and replace(found, key_label=label), public_key)

    def _path(self, text: str) -> Path:
        return self._file.parent / text


def _proxy(table: Table) -> ProxySettings:
    settings = ProxySettings(
        trusted=tuple(_network(text) for text in table.texts("trusted") or ()),
        certificate_header=table.text("certificate_header"),
    )
    table.done()
    if settings.certificate_header and not settings.trusted:
        raise Wrong(_("[proxy] certificate_header is believed only from trusted, which is missing"))
    return settings


def _limits(table: Table) -> LimitSettings:
    settings = LimitSettings(
        login_failures=_number(table, "login_failures", 5),
        address_failures=_number(table, "address_failures", 100),
        window=timedelta(minutes=_number(table, "minutes", 15)),
        connections=_number(table, "connections", 1000),
        address_connections=_number(table, "address_connections", 250),
    )
    table.done()
    return settings


def _monitoring(table: Table) -> MonitoringSettings | None:
    host, port = table.text("host"), within(table, "port", -1, 0, LAST_PORT)
    table.done()
    if port < 0 and host:
        raise Wrong(_("[monitoring] port is missing"))
    return MonitoringSettings(host or "127.0.0.1", port) if port >= 0 else None


def _profile(name: str, table: Table) -> Profile:
    if not profiles.NAME.fullmatch(name) or name in profiles.RESERVED:
        raise Wrong(_("[profiles.{name}] is not a valid name for a profile").format(name=name))
    subject = table.text("subject") or "CN={name}"
    profile = Profile(
        name=name,
        subject=subject,
        key_types=some_of(table, "key_types", profiles.KEY_TYPES, ("ec:p256", "rsa:2048")),
        key_usage=some_of(table, "key_usage", tuple(profiles.KEY_USAGES), ("digital-signature",)),
        extended_key_usage=some_of(
            table, "extended_key_usage", tuple(profiles.EXTENDED_KEY_USAGES), ("client-auth",)
        ),
        validity=timedelta(days=_number(table, "days", 365)),
        password_validity=timedelta(days=_number(table, "password_days", 3)),
        approval=table.flag("approval", default=False),
        retry_after=timedelta(seconds=_number(table, "retry_after", 300)),
        renew_before=renewal.days(table),
    )
    table.done()
    if profile.renewed_before >= profile.validity:
        said = _("[profiles.{name}] renew_days must be less than days")
        raise Wrong(said.format(name=name))
    if problem := profiles.problem_of_subject(subject):
        raise Wrong(
            _("[profiles.{name}] subject cannot be used: {problem}").format(
                name=name, problem=problem
            )
        )
    return profile


def _number(table: Table, key: str, usual: int) -> int:
    found = table.number(key, 1)
    return usual if found is None else found


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        said = _("[proxy] trusted: {text} is not an IP address or network")
        raise Wrong(said.format(text=text)) from None


def _name(text: str) -> str:
    try:
        subjects.parse(text)
    except subjects.NotAName as error:
        said = _("[ca] subject cannot be used: {problem}")
        raise Wrong(said.format(problem=_(str(error)))) from None
    return text


def _url(text: str, folder: Path) -> str:
    if problem := problem_of_url(text):
        raise Wrong(_("[database] url cannot be used: {problem}").format(problem=problem))
    return absolute_url(text, folder)
