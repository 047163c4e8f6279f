"""The command line of the kit: ``lockwright-kit``."""
