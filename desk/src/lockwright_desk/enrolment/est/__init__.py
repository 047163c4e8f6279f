"""EST (RFC 7030, clarified by RFC 8951): the paths, and what goes in and out over HTTP."""
