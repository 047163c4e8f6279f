"""What goes wrong for the person who runs ``lockwright-kit``."""

from __future__ import annotations

from lockwright.errors import LockwrightError


class KitError(LockwrightError):
    """The kit cannot do what was asked."""

    code = "kit"
    exit_code = 40
    usual_cost = "Nothing was changed."


class AnswerUnusable(KitError):
    """An answer cannot be what it is to become."""

    code = "kit-answer"
    message = "The {what} {value!r} cannot be used: {reason}."
    advice = "Give another one; lockwright-kit new --help tells what is asked for."
    facts_named = ("what", "value", "reason")


class AnswersMissing(KitError):
    """Something must be known, and there is nobody to ask."""

    code = "kit-answers-missing"
    message = "There is no terminal to ask at, and these were not given: {options}."
    advice = "Give them on the command line."
    facts_named = ("options",)


class FolderTaken(KitError):
    """Something of that name is there already."""

    code = "kit-folder-taken"
    message = "{folder} is there already."
    advice = "Name another one with --folder; a project that is there is changed by --update alone."
    facts_named = ("folder",)


class FolderUnusable(KitError):
    """A folder or a file in it cannot be read or written."""

    code = "kit-folder"
    message = "{folder} cannot be used: {reason}."
    advice = "Let your account write there, or name another one with --folder."
    facts_named = ("folder", "reason")


class TemplateBroken(KitError):
    """A template cannot be read, or names what nobody answers."""

    code = "kit-template"
    message = "The template {template} cannot be used: {reason}."
    advice = "Mend it, or take the kit's own by leaving --template out."
    facts_named = ("template", "reason")


class TokenUnread(KitError):
    """No token tells its strings."""

    code = "kit-token"
    message = "No token could be read through {module}: {reason}."
    advice = "Plug one in, or give --manufacturer and --model yourself, as pkcs11-tool shows them."
    facts_named = ("module", "reason")


class NoProject(KitError):
    """There is no project of the kit's to bring up to date."""

    code = "kit-no-project"
    message = "{folder} is no project that lockwright-kit made: {reason}."
    advice = "Go to the project's folder, or name it with --folder."
    facts_named = ("folder", "reason")


class GitNeeded(KitError):
    """What an update changes must be seen, and be undone if it is not wanted."""

    code = "kit-git"
    message = "{folder} cannot be brought up to date: {reason}."
    advice = "Commit what is there with git, then run it again."
    facts_named = ("folder", "reason")
