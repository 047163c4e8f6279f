"""What can be configured, as the rest of the desk sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from lockwright_desk.configuration.adapters import AdapterSettings
from lockwright_desk.configuration.helpdesk import HelpdeskSettings
from lockwright_desk.configuration.keeper import KeeperPlace
from lockwright_desk.configuration.profiles import Profile
from lockwright_desk.configuration.siem import SiemSettings
from lockwright_desk.configuration.signin import SignInSettings
from lockwright_desk.errors import UnknownProfile

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """``[server]``: where the desk listens."""

    host: str
    """Address to listen on."""
    port: int
    """Port to listen on."""
    names: tuple[str, ...]
    """Names and addresses in the server certificate that ``init`` makes."""
    certificate: Path | None
    """PEM, the server's certificate and its chain; None behind a proxy that ends TLS."""
    key: Path | None
    """PEM, the key of that certificate."""


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """``[proxy]``: the proxy that is believed."""

    trusted: tuple[Network, ...]
    """Where it connects from; empty for no proxy."""
    certificate_header: str | None
    """The header in which it hands the client certificate on."""


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """``[ca.token]``: the PKCS#11 token that holds the CA's key."""

    module: Path
    """PKCS#11 module."""
    label: str
    """Label of the token."""
    key_label: str
    """Label of the key."""
    pin_file: Path
    """File with the user PIN."""
    softhsm: Path | None
    """Folder of a SoftHSM of the desk's own; None for any other token."""


@dataclass(frozen=True, slots=True)
class CaSettings:
    """``[ca]``: the CA."""

    subject: str | None
    """Subject of the CA (RFC 4514); None for that of its certificate, or a usual one."""
    certificate: Path
    """PEM, the CA's certificate, then those above it."""
    key_type: str
    """Type of the key that ``init`` makes."""
    validity: timedelta
    """Validity of the certificate that ``init`` makes."""
    token: TokenSettings | None
    """The token with the key; None if it is in a file."""
    key_file: Path | None
    """The file with the key, PEM."""
    crl_validity: timedelta
    """How long a revocation list is valid."""
    crl_url: str | None
    """Where the list can be had, for the certificates to say."""


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """``[limits]``: how much of anything is let pass."""

    login_failures: int
    """Wrong attempts for one login from one address."""
    address_failures: int
    """Wrong attempts from one address."""
    window: timedelta
    """Time in which they are counted."""
    connections: int
    """Connections in all."""
    address_connections: int
    """Connections from one address."""


@dataclass(frozen=True, slots=True)
class MonitoringSettings:
    """``[monitoring]``: where the bank's own network asks how the desk is."""

    host: str
    """Address to listen on."""
    port: int
    """Port to listen on."""


@dataclass(frozen=True, slots=True)
class RenewalSettings:
    """``[renewal]``: what whoever asks when to renew is told, beside each profile's days."""

    ask_again: timedelta = timedelta(hours=6)
    """When to ask again."""
    issued_before: datetime | None = None
    """What was issued before then is to be renewed now; None for nothing."""
    url: str | None = None
    """A page that says why, for people."""


@dataclass(frozen=True, slots=True)
class AnchorSettings:
    """``[audit.anchor]``: the key that signs the trail's head."""

    token: TokenSettings | None
    """The token with the key, and the key's label; None where the desk has no token."""
    public_key: Path
    """PEM, its public half, by which anchors are checked."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be configured."""

    file: Path
    """Where it stands."""
    server: ServerSettings
    proxy: ProxySettings
    database: str
    """URL of the database."""
    ca: CaSettings
    otp_key: Path
    """File with the key that one-time passwords are kept under."""
    otp_key_label: str | None
    """Label of a key in the CA's token in place of that; None for the file."""
    audit: Path
    """The audit file."""
    limits: LimitSettings
    monitoring: MonitoringSettings | None
    """None if nobody asks."""
    profiles: Mapping[str, Profile]
    """Profiles by name."""
    renewal: RenewalSettings = RenewalSettings()
    signin: SignInSettings | None = None
    """Who may come in, and by what; None where there is no help desk."""
    helpdesk: HelpdeskSettings | None = None
    """What the bank wants of a case; None where there is no help desk."""
    keeper: KeeperPlace | None = None
    """Where the keeper of the administrator keys is; None for a desk without one."""
    anchor: AnchorSettings = field(
        default_factory=lambda: AnchorSettings(None, Path("anchor-key.pem"))
    )
    adapters: AdapterSettings = field(default_factory=AdapterSettings)
    siem: SiemSettings | None = None
    """The bank's collector of logs; None where the trail is sent nowhere."""

    def profile(self, name: str) -> Profile:
        """A profile by its name.

        Raises:
            UnknownProfile: there is none.
        """
        if name not in self.profiles:
            raise UnknownProfile(profile=name, known=tuple(self.profiles))
        return self.profiles[name]
