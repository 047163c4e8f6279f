"""Certificates as they are: read strictly where they are in order, field by field where not."""
