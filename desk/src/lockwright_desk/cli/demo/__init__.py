"""A whole help desk for a newcomer, in a folder that is gone afterwards."""
