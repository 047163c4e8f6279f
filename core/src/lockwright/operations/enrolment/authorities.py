"""The CAs of the configuration: whom to trust, and what they want."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockwright.calls.authorities import CaCalls
from lockwright.config import Config
from lockwright.contract import ca_hooks
from lockwright.models import CaProfile, CaRequirements

if TYPE_CHECKING:
    from cryptography import x509


class Authorities:
    """The CAs; ``Runner.authorities`` is one of these.

    Args:
        config: the configuration.
        calls: the hooks of CA clients.
    """

    def __init__(self, config: Config, calls: CaCalls) -> None:
        self._config = config
        self._calls = calls

    def get(self, name: str) -> CaProfile:
        """A CA of the configuration.

        Raises:
            CaUnknown: there is none of that name.
            CertificateUnreadable: a file with its trusted certificates cannot be read.
        """
        from lockwright.operations.enrolment.ca_profiles import profile  # noqa: PLC0415  # cryptography is slow

        return profile(self._config, name)

    def requirements(self, ca: CaProfile) -> CaRequirements:
        """What a CA asks for.

        Raises:
            CaError: it cannot be reached, or is not to be trusted.
        """
        return self._calls(ca_hooks.lockwright_ca_requirements, ca)

    def unconfirmed(self, ca: CaProfile) -> list[x509.Certificate]:
        """A CA's own certificates, for a person to compare with what the bank says of them.

        Raises:
            CaError, NotSupported: they cannot be had.
            CertificateUnreadable, CertificateUnsupported: nothing could be checked by them.
        """
        from lockwright.enrol.supported import check, is_checkable  # noqa: PLC0415  # cryptography is slow
        from lockwright.enrol.trust import read_certificates, readable  # noqa: PLC0415  # the same

        sent = self._calls(ca_hooks.lockwright_ca_certificates, ca)
        found = readable(sent)
        if sent and not found:
            read_certificates(sent[0], file=ca.name)  # says why
        useful = [each for each in found if is_checkable(each, is_anchor=True, of_ca=True)]
        if found and not useful:
            check(found[0], is_anchor=True, of_ca=True)  # says why
        return useful

    def confirm(self, ca: CaProfile, certificates: Sequence[x509.Certificate]) -> CaProfile:
        """Trust certificates of a CA from now on, because a person compared them.

        Returns:
            The CA with its trust.

        Raises:
            FileNotWritten: they could not be kept.
        """
        from lockwright.enrol.anchors import ConfirmedAnchors  # noqa: PLC0415  # cryptography is slow

        ConfirmedAnchors(self._config.anchors_folder).confirm(ca.name, certificates)
        return self.get(ca.name)
