"""The help desk: the register, administrator keys, and the case from the call to the answer."""
