"""The door: who may be connected, and how long a connection may make the desk wait."""
