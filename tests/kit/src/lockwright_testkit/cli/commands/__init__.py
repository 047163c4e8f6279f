"""The commands of ``lockwright-kit``, a module each."""
