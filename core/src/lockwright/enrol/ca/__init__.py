"""The clients that speak with CAs; each is a plugin like one from elsewhere, loaded when used."""

from __future__ import annotations
