#!/usr/bin/env bash
# SoftHSM: a login rewrites the token's file, so processes that log in at once fail at random.
#
# To be expected: a login with the right PIN reads. Four programs can log in to one token at once.
# What happens: each login writes token.object anew, and a process that reads it meanwhile gets
# CKR_GENERAL_ERROR for a right PIN, or sees no token at all.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
python_with pykcs11==1.5.20

cat >logins.py <<'PYTHON'
import sys
import time

from PyKCS11 import PyKCS11Error, PyKCS11Lib

library = PyKCS11Lib()
library.load(sys.argv[1])
time.sleep(2)  # the other processes have loaded it, too
for _ in range(100):
    try:
        session = library.openSession(int(sys.argv[2]))
        session.login("123456")
        print("CKR_OK")
        session.logout()
        session.closeSession()
    except PyKCS11Error as error:
        print(error)
PYTHON
slot=$(softhsm2-util --show-slots | sed -n 's/^Slot //p' | head -n 1)
log_in() { "$python" logins.py "$module" "$slot"; }
contents() { cat tokens/*/token.object | sha256sum; }
before=$(contents)

log_in | sort | uniq -c | xargs echo one process: >seen
[[ $(contents) == "$before" ]] || echo "token.object was written" >>seen
for _ in 1 2 3 4 5; do # the first round is enough, as a rule
    for process in 1 2 3 4; do log_in >"answers-$process" & done
    wait
    ! grep -q CKR_GENERAL_ERROR answers-* || break
done
echo "  (this time: $(sort answers-* | uniq -c | xargs))"
echo "four processes, among the answers: $(sort -u answers-* | grep -o CKR_GENERAL_ERROR)" >>seen
expect seen <<'EOT'
one process: 100 CKR_OK
token.object was written
four processes, among the answers: CKR_GENERAL_ERROR
EOT
