"""The provider as the desk reaches it: what it says of itself, its keys, its answer to a code."""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, urlencode

import urllib3
from lockwright import log as logs
from lockwright.console.secret_files import from_file
from lockwright.errors import reason_of
from lockwright.i18n import _
from lockwright.secret import Secret

from lockwright_desk.configuration.signin import OidcSettings, is_safe_address
from lockwright_desk.errors import DeskNotReady
from lockwright_desk.signin.refusals import ProviderAway, ProviderRefused

_WELL_KNOWN = "/.well-known/openid-configuration"
_SECONDS = 10.0
_LONGEST = 1 << 20

log = logs.get("lockwright.desk.signin")


@dataclass(frozen=True, slots=True)
class About:
    """What a provider says of itself (OpenID Connect Discovery 1.0, 3)."""

    authorization: str
    token: str
    keys: str
    says_issuer: bool
    """Whether it names itself when it sends somebody back (RFC 9207)."""
    by_basic: bool
    """Whether the client's secret goes into the header, not the form."""


class Provider:
    """The provider.

    Args:
        settings: where it is.

    Raises:
        SecretFileMissing, SecretFileExposed: the file with the client's secret cannot be used.
        DeskNotReady: that with the CAs cannot.
    """

    def __init__(self, settings: OidcSettings) -> None:
        self._settings = settings
        secret = settings.secret_file
        self._secret = None if secret is None else from_file(str(secret))
        self._about: About | None = None
        self._wires = urllib3.PoolManager(
            ssl_context=_trusting(settings.ca), timeout=_SECONDS, retries=False, maxsize=4
        )

    def about(self) -> About:
        """What it says of itself, which it is asked once.

        Raises:
            ProviderAway: it does not answer.
            ProviderRefused: it is not what the configuration says.
        """
        if self._about is None:
            said = self._get(self._settings.issuer.rstrip("/") + _WELL_KNOWN)
            self._about = self._read(said)
        return self._about

    def keys(self) -> Mapping[str, object]:
        """Its keys, a JWK set (RFC 7517, 5).

        Raises:
            ProviderAway, ProviderRefused: as for ``about``.
        """
        return self._get(self.about().keys)

    def answer(self, form: dict[str, str]) -> Mapping[str, object]:
        """What it answers at the place for tokens, to the desk alone.

        Raises:
            ProviderAway: it does not.
            ProviderRefused: it says no.
        """
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        known, client = self.about(), self._settings.client_id
        if self._secret is None:
            return self._sent("POST", known.token, headers, {**form, "client_id": client})
        if not known.by_basic:
            own = {"client_id": client, "client_secret": self._secret.reveal_text()}
            return self._sent("POST", known.token, headers, {**form, **own})
        headers["Authorization"] = _basic(client, self._secret)
        return self._sent("POST", known.token, headers, form)

    def _read(self, said: Mapping[str, object]) -> About:
        places = [
            said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        ]
        # Whoever answers there says which provider it is (Discovery, 4.3).
        if said.get("issuer") != self._settings.issuer:
            raise ProviderRefused
        if not all(isinstance(each, str) and is_safe_address(each) for each in places):
            raise ProviderRefused
        methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        authorization, token, keys = map(str, places)
        return About(
            authorization=authorization,
            token=token,
            keys=keys,
            says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
            by_basic=isinstance(methods, list) and "client_secret_basic" in methods,
        )

    def _get(self, place: str) -> Mapping[str, object]:
        return self._sent("GET", place, {}, None)

    def _sent(
        self, method: str, place: str, headers: dict[str, str], form: dict[str, str] | None
    ) -> Mapping[str, object]:
        body = urlencode(form) if form is not None else None
        asks = {"Accept": "application/json", **headers}
        try:
            answer = self._wires.request(
                method, place, body=body, headers=asks, redirect=False, preload_content=False
            )
            with answer:
                content = answer.read(_LONGEST + 1)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            log.warning("the provider is away", place=place, kind=type(error).__name__)
            raise ProviderAway from error
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.warning("the provider is away", place=place, status=answer.status)
            raise ProviderAway
        if answer.status != HTTPStatus.OK or len(content) > _LONGEST:
            log.warning("the provider refuses", place=place, status=answer.status)
            raise ProviderRefused
        try:
            said = json.loads(content)
        except (ValueError, RecursionError):
            raise ProviderRefused from None
        if not isinstance(said, dict):
            raise ProviderRefused
        return said


def _basic(client: str, secret: Secret) -> str:
    """Both are form-encoded first (RFC 6749, 2.3.1)."""
    said = f"{quote(client, safe='')}:{quote(secret.reveal_text(), safe='')}"
    return f"Basic {base64.b64encode(said.encode()).decode()}"


def _trusting(file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=None if file is None else str(file))
    except OSError as error:  # what is no certificate is one, too
        raise DeskNotReady(reason=f"{file}: {_(reason_of(error))}") from None
