"""The register taken in from files and given out as files: CSV and JSON, row by row."""
