"""The embedded CA: its key, the certificates and the revocation lists that it signs."""
