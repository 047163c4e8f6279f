#!/usr/bin/env bash
# rsyslog: of a parameter that a record has twice, mmpstrucdata keeps the last one.
#
# To be expected: in structured data the same name may stand several times in an element, as `ip` does in
# the standard's own example (RFC 5424, 6.3.3 and 7.2); who turns it into JSON makes a list of it.
# What happens: mmpstrucdata makes an object of each element, where the last value is in the place of the
# others. Names that differ in case alone are one name, too. A trail that names several tokens,
# certificates or addresses in one record loses all but one in what is kept as JSON.
source "$(dirname "$(realpath "$0")")/common.sh"
need rsyslogd rsyslog
need python3 python3

cat >rsyslog.conf <<CONFIGURATION
module(load="imuxsock" SysSock.Use="off")
module(load="mmpstrucdata")
input(type="imuxsock" Socket="$folder/log" UseSysTimeStamp="off" UseSpecialParser="off" ParseHostname="on")
template(name="both" type="string" string="%structured-data%\n  %\$!rfc5424-sd%\n")
action(type="mmpstrucdata")
action(type="omfile" file="$folder/kept" template="both")
CONFIGURATION
rsyslogd -n -f rsyslog.conf -i "$folder/rsyslog.pid" >rsyslog.log 2>&1 &
rsyslog=$!
for _ in {1..100}; do
    [[ ! -S log ]] || break
    sleep 0.1
done
python3 - <<'PYTHON'
import socket

RECORDS = (
    '[origin ip="192.0.2.1" ip="192.0.2.129"]',
    '[unblocked@32473 Token="0A" token="0B" by="anna"]',
    '[first@32473 token="0A"][second@32473 token="0B"]',
)
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
    log.connect("log")
    for data in RECORDS:
        log.send(f"<86>1 2026-12-01T00:00:00Z bank desk 1 - {data} done".encode())
PYTHON
for _ in {1..100}; do
    [[ ! -e kept || $(wc -l <kept) -lt 6 ]] || break
    sleep 0.1
done
kill "$rsyslog"
wait "$rsyslog" || true
cp kept seen
expect seen <<'EOT'
[origin ip="192.0.2.1" ip="192.0.2.129"]
  { "origin": { "ip": "192.0.2.129" } }
[unblocked@32473 Token="0A" token="0B" by="anna"]
  { "unblocked@32473": { "token": "0B", "by": "anna" } }
[first@32473 token="0A"][second@32473 token="0B"]
  { "first@32473": { "token": "0A" }, "second@32473": { "token": "0B" } }
EOT
