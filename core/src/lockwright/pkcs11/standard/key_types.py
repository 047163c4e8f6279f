"""Which key types a token makes, by its mechanisms and the sizes that it tells for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lockwright.pkcs11.constants import CKM
from lockwright.pkcs11.errors import CkrError
from lockwright.pkcs11.session import Module

_MADE_BY: Mapping[CKM, tuple[CKM, Mapping[str, int]]] = {
    CKM.RSA_PKCS_KEY_PAIR_GEN: (
        CKM.RSA_PKCS,
        {"rsa:2048": 2048, "rsa:3072": 3072, "rsa:4096": 4096},
    ),
    CKM.EC_KEY_PAIR_GEN: (CKM.ECDSA, {"ec:p256": 256, "ec:p384": 384}),
}
"""What makes key pairs, what signs with them, and their sizes in bits, the preferred one first."""
_LEAST_MOST = {CKM.RSA_PKCS_KEY_PAIR_GEN: 1024, CKM.EC_KEY_PAIR_GEN: 160}
"""A largest key below this is no number of bits: some modules tell bytes, or nothing."""
_NO_BITS = 1 << 31


def key_types(module: Module, slot: int) -> Iterator[str]:
    """The key types that the token in a slot makes and signs with, preferred first.

    PKCS#11 2.40, ``CK_MECHANISM_INFO``: for both mechanisms the sizes are in bits. A size that is
    none, or that the module does not tell, rules nothing out.

    Args:
        module: the session port.
        slot: slot id.

    Raises:
        CkrError: the token does not tell its mechanisms.
    """
    mechanisms = module.mechanisms(slot)
    for maker, (signer, sizes) in _MADE_BY.items():
        if maker in mechanisms and signer in mechanisms:
            least, most = _bits(module, slot, maker)
            yield from (name for name, bits in sizes.items() if least <= bits <= most)


def _bits(module: Module, slot: int, maker: CKM) -> tuple[int, int]:
    """The smallest and the largest key that a mechanism makes, in bits."""
    try:
        least, most = module.key_sizes(slot, maker)
    except CkrError:
        return 0, _NO_BITS
    if not least <= most or not _LEAST_MOST[maker] <= most < _NO_BITS:
        return 0, _NO_BITS
    return least, most
