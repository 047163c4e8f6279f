from PyKCS11 import LowLevel as LowLevel

class PyKCS11Error(Exception):
    value: int

class Mechanism:
    def __init__(self, mechanism: int) -> None: ...
    def to_native(self) -> LowLevel.CK_MECHANISM: ...

class Session:
    lib: LowLevel.CPKCS11Lib
    session: LowLevel.CK_SESSION_HANDLE
    def sign(
        self, key: LowLevel.CK_OBJECT_HANDLE, data: bytes, mecha: Mechanism
    ) -> LowLevel.ckbytelist: ...

class PyKCS11Lib:
    def load(self, pkcs11dll_filename: str) -> PyKCS11Lib: ...
    def unload(self) -> None: ...
    def openSession(self, slot: int, flags: int = ...) -> Session: ...
