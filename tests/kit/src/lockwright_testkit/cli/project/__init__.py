"""A project of an adapter: asked for, written, and brought up to date."""
