#!/usr/bin/env bash
# SoftHSM: of several mechanisms that its configuration takes away, the first one stays.
#
# To be expected: `slots.mechanisms = -A,B` offers all but A and B, as softhsm2.conf(5) has it.
# What happens: A is offered as before, B is not. With one mechanism behind the dash nothing is taken
# away. Named twice, it goes. A test of "the HSM lacks this mechanism" so tests nothing with one name.
source "$(dirname "$(realpath "$0")")/common.sh"
softhsm
python_with pykcs11==1.5.20

cat >offered.py <<'PYTHON'
import sys

from PyKCS11 import PyKCS11Lib

library = PyKCS11Lib()
library.load(sys.argv[1])
offered = library.getMechanismList(library.getSlotList(tokenPresent=True)[0])
print(*(name for name in ("CKM_SHA256", "CKM_SHA384", "CKM_SHA512") if name in offered))
PYTHON
plain=$(cat softhsm2.conf)
for setting in ALL -CKM_SHA256 -CKM_SHA256,CKM_SHA384 -CKM_SHA384,CKM_SHA256 -CKM_SHA256,CKM_SHA256,CKM_SHA384; do
    printf '%s\nslots.mechanisms = %s\n' "$plain" "$setting" >softhsm2.conf
    echo "$setting offers of three: $("$python" offered.py "$module")"
done >seen
expect seen <<'EOT'
ALL offers of three: CKM_SHA256 CKM_SHA384 CKM_SHA512
-CKM_SHA256 offers of three: CKM_SHA256 CKM_SHA384 CKM_SHA512
-CKM_SHA256,CKM_SHA384 offers of three: CKM_SHA256 CKM_SHA512
-CKM_SHA384,CKM_SHA256 offers of three: CKM_SHA384 CKM_SHA512
-CKM_SHA256,CKM_SHA256,CKM_SHA384 offers of three: CKM_SHA512
EOT
