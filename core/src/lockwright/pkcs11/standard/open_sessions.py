"""Sessions that outlive a hook: a Request is good only while the session it was made in is open."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from lockwright.pkcs11.session import Module, Session


class OpenSessions:
    """At most one open session for each slot of each module.

    An adapter whose ``lockwright_unblock_challenge`` needs its session again in
    ``lockwright_unblock_complete`` has one of these beside its hooks. They are distinguished by the
    module object too, since without the host two modules may be loaded in one process, and a PIN
    must not go to the other's token.
    """

    def __init__(self) -> None:
        self._sessions: WeakKeyDictionary[Module, dict[int, Session]] = WeakKeyDictionary()

    def open(self, module: Module, slot: int, *, write: bool = True) -> Session:
        """Open a session and keep it; one kept for the slot before is closed first.

        Args:
            module: the session port.
            slot: slot id.
            write: whether the session may change the token.

        Raises:
            CkrError: the module opens none; nothing is kept then.
        """
        self.drop(module, slot)
        session = module.open_session(slot, write=write).__enter__()  # take and drop close it
        self._sessions.setdefault(module, {})[slot] = session
        return session

    def take(self, module: Module, slot: int) -> Session | None:
        """Hand out the kept session, which is the caller's to close from now on.

        Args:
            module: the session port.
            slot: slot id.

        Returns:
            The session, or None if none is kept.
        """
        return self._sessions.get(module, {}).pop(slot, None)

    def drop(self, module: Module, slot: int) -> None:
        """Close the kept session, if there is one; never raises."""
        session = self.take(module, slot)
        if session is not None:
            session.close()
