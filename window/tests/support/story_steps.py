"""Which steps each scene of the matrix is walked through; a step of the window is in one of them.

``test_every_step.py`` finds the steps in the sources, ``check_each_step.py`` looks whether a walk
shows what stands here. Neither Qt nor a screen is needed for this file.
"""

from __future__ import annotations

from collections.abc import Mapping

_W, _E = "story.working.Working", "story.ended.Ended"
_PIN = "stories.pin_step.PinStep"
_NEW, _REQUEST = "stories.new_pin.pin_page.PinPage", "stories.new_pin.request_page.RequestPage"
_FAILED = "story.failed.Failed"
_PURPOSE = "stories.clean.purpose.ChoosePurpose"
_AGREE, _DELETING = "stories.clean.agree.Agree", "stories.clean.deleting.Deleting"
_RESULT = "stories.clean.result.Result"
_WELCOME, _LOGIN = "stories.enrol.welcome.Welcome", "stories.enrol.credentials.Credentials"
_STORAGE, _DEVICE = (
    "stories.enrol.storage_page.StoragePage",
    "stories.enrol.device_page.DevicePage",
)
_OWN, _TAKING = "stories.enrol.own_page.OwnPage", "stories.enrol.taking.Taking"
_REOPEN, _RESUME = "stories.enrol.reopen.Reopen", "stories.resume.Choose"
_ASKED = (_WELCOME, _W, _LOGIN, _STORAGE)

WALKED: Mapping[str, tuple[str, ...]] = {
    "new PIN by Request": (_W, _NEW, _W, _REQUEST, _W, _E),
    "new PIN over the line": (_W, _NEW, _W, _REQUEST, _W, _E),
    "new PIN after a wrong Response": (
        *(_W, _NEW, _W, _REQUEST, _W),
        *("stories.new_pin.void.Void", _W, _REQUEST, _W, _E),
    ),
    "new PIN by SO PIN": (_W, _NEW, _W, _E),
    "new PIN by PUK": (_W, _NEW, _W, _E),
    "unlock by Request": (_W, _NEW, _W, _REQUEST, _W, _E),
    "change the PIN": (_W, "stories.change_pin.Change", _W, _E),
    "change a PIN that is to be changed": (_W, "stories.change_pin.Change", _W, _E),
    "change the PIN, tried again": (
        *(_W, "stories.change_pin.Change", _W, _FAILED),
        *("stories.change_pin.Change", _W, _E),
    ),
    "the last try, then a new PIN": (
        *(_W, "stories.change_pin.Change", _W, "stories.locked_pin.LockedPin"),
        *(_W, _NEW, _W, _REQUEST, _W, _E),
    ),
    "clean some": (
        *(_PURPOSE, _PIN, _W, "stories.clean.choose.Choose", _W),
        *(_AGREE, _DELETING, _RESULT),
    ),
    "clean what has expired": (_PURPOSE, _PIN, _W, _AGREE, _DELETING, _RESULT),
    "clean all": (_PURPOSE, _PIN, _W, _AGREE, _DELETING, _RESULT),
    "clean for another owner": (
        *(_PURPOSE, _W, _NEW, _W, _REQUEST, _W, _E),
        *(_W, _PIN, _W, _AGREE, _DELETING, _RESULT),
    ),
    "erase": (_PURPOSE, _W, _AGREE, _PIN, _DELETING, _RESULT),
    "delete one": ("stories.clean.confirm.Confirm", _PIN, _DELETING, _RESULT),
    "log in": (_PIN, _W),
    "enrol to the token": (*_ASKED, _DEVICE, _TAKING, _E),
    "enrol into a file": (*_ASKED, _OWN, _TAKING, _E),
    "enrol into the system's store": (*_ASKED, _OWN, _TAKING, _E),
    "enrol with a CA that is not known": (
        *(_WELCOME, _W, "stories.enrol.confirm.Confirm", _W),
        *(_LOGIN, _STORAGE, _DEVICE, _TAKING, _E),
    ),
    "enrol at the second attempt": (
        *(*_ASKED, _DEVICE, _TAKING, "stories.enrol.not_worked.NotWorked"),
        *(_STORAGE, _DEVICE, _TAKING, _E),
    ),
    "enrol where the bank takes time": (
        *(*_ASKED, _DEVICE, _TAKING, "stories.enrol.held.Held"),
        *(_REOPEN, _TAKING, "stories.enrol.held.Held"),
    ),
    "renew": (_W, "stories.renew.choose.Choose", _W, _LOGIN, _DEVICE, _TAKING, _E),
    "resume": (_RESUME, _REOPEN, _TAKING, _E),
    "resume in a file": (_RESUME, _REOPEN, _TAKING, _E),
    "undo": (_RESUME, "stories.resume.Undo", _W, _E),
}
"""By the name of the scene, in the order in which they are shown."""
MADE_OF = frozenset(
    {"story.step.Step", "story.step.Busy", "story.halted.Halted", "stories.enrol.story.Asks"}
)
"""What other steps are made of, and is never shown itself."""
