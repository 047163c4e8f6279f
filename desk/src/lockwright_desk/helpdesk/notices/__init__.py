"""The client is told of a case on another channel, by hooks that read a spool."""
