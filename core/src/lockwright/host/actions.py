"""What each hook does, as the end of a sentence: ``the module hung while asked to ...``."""

from __future__ import annotations

from lockwright.i18n import N_

INSPECT = N_("list the tokens")

ACTIONS = {
    "lockwright_state": N_("read the token's state"),
    "lockwright_list": N_("list the objects"),
    "lockwright_unblock": N_("unblock the PIN"),
    "lockwright_unblock_challenge": N_("make a Request"),
    "lockwright_unblock_complete": N_("unblock the PIN with the Response"),
    "lockwright_unblock_cancel": N_("cancel the Request"),
    "lockwright_respond": N_("answer a Request"),
    "lockwright_change_pin": N_("change the PIN"),
    "lockwright_delete": N_("delete objects"),
    "lockwright_wipe": N_("wipe the token"),
    "lockwright_erase": N_("erase the token"),
    "lockwright_generate": N_("make a key pair"),
    "lockwright_keys": N_("find its keys"),
    "lockwright_sign": N_("sign"),
    "lockwright_store": N_("store a certificate"),
    "lockwright_policy": N_("read the PIN policy"),
    "lockwright_set_policy": N_("set the PIN policy"),
}
"""Every hook that is called in a child process."""
