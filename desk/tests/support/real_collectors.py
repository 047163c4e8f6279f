"""rsyslog and syslog-ng, as Debian has them, with TLS that demands a certificate of the sender."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from siem_home import Keys

SYSLOG_NG = Path(os.environ.get("SYSLOG_NG", "/"))
"""Where syslog-ng was unpacked to."""
_NAME = "3.38"
_LONGEST = 60
_RSYSLOG = """
global(workDirectory="{folder}" defaultNetstreamDriver="{driver}"
  defaultNetstreamDriverCAFile="{ca}" defaultNetstreamDriverCertFile="{certificate}"
  defaultNetstreamDriverKeyFile="{key}")
{source}
template(name="lines" type="list" option.jsonf="on") {{
  property(outname="sd" name="structured-data" format="jsonf")
  property(outname="msg" name="msg" format="jsonf") }}
action(type="omfile" file="{out}" template="lines")
"""
_SOURCES = {
    "syslog": """
module(load="imtcp" StreamDriver.Name="{driver}" StreamDriver.Mode="1"
  StreamDriver.AuthMode="x509/certvalid")
input(type="imtcp" port="{port}" address="127.0.0.1")
""",
    "relp": """
module(load="imrelp" tls.tlslib="openssl")
input(type="imrelp" port="{port}" address="127.0.0.1" tls="on" tls.authMode="certvalid"
  tls.caCert="{ca}" tls.myCert="{certificate}" tls.myPrivKey="{key}" maxDataSize="16k")
""",
}
_SYSLOG_NG = """
@version: {version}
source s {{ syslog(ip("127.0.0.1") port({port}) transport("tls") tls(key-file("{key}")
  cert-file("{certificate}") ca-file("{ca}") peer-verify(required-trusted))); }};
destination d {{ file("{out}" template("$(format-json sd=$SDATA msg=$MSG)\\n")); }};
log {{ source(s); destination(d); }};
"""


@dataclass
class RealCollector:
    """One of them, which can be killed and started again."""

    keys: Keys
    kind: str
    """``rsyslog``, ``rsyslog-gtls``, ``rsyslog-relp`` or ``syslog-ng``."""
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None)

    def __post_init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        about = {
            "folder": self.folder,
            "driver": "gtls" if self.kind == "rsyslog-gtls" else "ossl",
            "ca": self.folder / "siem-ca.pem",
            "certificate": self.folder / "collector.pem",
            "key": self.folder / "collector.key",
            "out": self.out,
            "port": self.port,
            "version": _NAME,
        }
        source = _SOURCES["relp" if self.relp else "syslog"].format(**about)
        text = _SYSLOG_NG if self.kind == "syslog-ng" else _RSYSLOG
        (self.folder / "collector.conf").write_text(text.format(**about, source=source))

    @property
    def folder(self) -> Path:
        """Where everything of it is."""
        return self.keys.folder

    @property
    def relp(self) -> bool:
        """Whether it answers."""
        return self.kind == "rsyslog-relp"

    @property
    def out(self) -> Path:
        """What it writes."""
        return self.folder / "out"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        (self.folder / "pid").unlink(missing_ok=True)
        as_root = os.geteuid() == 0
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command(),
                env=os.environ | self._libraries(),
                stdout=log,
                stderr=log,
                user="nobody" if as_root else None,
                group="nogroup" if as_root else None,
                extra_groups=[] if as_root else None,
            )
        until = time.monotonic() + _LONGEST
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                assert time.monotonic() < until, (self.folder / "log").read_text()
                time.sleep(0.05)
            else:
                return

    def end(self, number: int) -> None:
        """End it with a signal."""
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(_LONGEST)

    def numbers(self) -> Counter[int]:
        """Which records it has written, and how often."""
        if not self.out.exists():
            return Counter()
        text = self.out.read_text(encoding="utf-8", errors="replace")
        return Counter(int(each) for each in re.findall(r' seq=\\"(\d+)\\"', text))

    def wait(self, count: int) -> None:
        """Wait until it has so many records."""
        until = time.monotonic() + _LONGEST
        while len(self.numbers()) < count:
            assert time.monotonic() < until, f"{len(self.numbers())} of {count}"
            time.sleep(0.02)

    def _command(self) -> list[str | Path]:
        here, conf = self.folder, self.folder / "collector.conf"
        if self.kind != "syslog-ng":
            return ["/usr/sbin/rsyslogd", "-n", "-f", conf, "-i", here / "pid"]
        modules = SYSLOG_NG / "usr/lib/syslog-ng" / _NAME
        options: list[str | Path] = [
            "-f",
            conf,
            "-p",
            here / "pid",
            "-R",
            here / "persist",
            "-c",
            here / "ctl",
        ]
        program = SYSLOG_NG / "usr/sbin/syslog-ng"
        return [program, "-F", "--no-caps", f"--module-path={modules}", *options]

    def _libraries(self) -> dict[str, str]:
        if self.kind != "syslog-ng":
            return {}
        machine = f"{os.uname().machine}-linux-gnu"
        places = ("usr/lib", f"usr/lib/{machine}", "usr/lib/syslog-ng", f"lib/{machine}")
        return {"LD_LIBRARY_PATH": ":".join(str(SYSLOG_NG / each) for each in places)}


def keys_for(folder: Path) -> Keys:
    """Keys of the desk and of a collector, which another account has to read."""
    made = Keys.made(folder)
    for file in folder.iterdir():
        file.chmod(0o644)
    if os.geteuid() == 0:
        folder.chmod(0o777)
    return made
