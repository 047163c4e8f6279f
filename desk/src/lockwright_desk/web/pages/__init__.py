"""One file for each page, or each few that belong together."""
