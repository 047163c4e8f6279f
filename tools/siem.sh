#!/usr/bin/env bash
# Send an audit trail to Debian's rsyslog and syslog-ng. They cannot be installed together, so
# syslog-ng is unpacked into build/syslog-ng. ARGUMENTS are pytest's.
set -euo pipefail
cd -P "$(dirname "$0")/.."

PACKAGES=(syslog-ng-core libivykis0 libnet1 libwrap0 libpcre3)
PLACE=$PWD/build/syslog-ng

tools/setup.sh
if ! [ -x /usr/sbin/rsyslogd ] || ! compgen -G '/usr/lib/*/rsyslog/imrelp.so' >/dev/null; then
    echo "installing rsyslog" >&2
    sudo=$([ "$(id -u)" = 0 ] || echo "sudo -n")
    $sudo apt-get install -qq -y --no-install-recommends \
        rsyslog rsyslog-openssl rsyslog-gnutls rsyslog-relp
    [ ! -d /run/systemd/system ] || $sudo systemctl --quiet disable --now rsyslog syslog.socket
fi
if ! [ -x "$PLACE/usr/sbin/syslog-ng" ]; then
    mkdir -p "$PLACE/packages"
    (cd "$PLACE/packages" && apt-get download -qq "${PACKAGES[@]}")
    for each in "$PLACE"/packages/*.deb; do dpkg-deb -x "$each" "$PLACE"; done
fi
# Another account runs it.
chmod -R a+rX "$PLACE"
SYSLOG_NG=$PLACE exec .venv/bin/python -m pytest -q -s -n0 --timeout 300 desk/tests/check_siem.py "$@"
