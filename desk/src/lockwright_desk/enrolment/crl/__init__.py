"""The revocation list (RFC 5280, section 5): its entries, its encoding, when one is made."""
