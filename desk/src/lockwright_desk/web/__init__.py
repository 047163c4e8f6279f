"""The page in a browser: what the help desk's operators see and do."""
