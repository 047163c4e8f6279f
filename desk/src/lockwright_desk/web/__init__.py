"""The pages that operators work on."""
