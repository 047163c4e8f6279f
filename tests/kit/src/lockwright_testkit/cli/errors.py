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


class NotConfirmed(KitError):
    """What would be lost was not agreed to."""

    code = "kit-not-confirmed"
    message = "That is not the serial number of the token {serial}."
    advice = "Run it again, and type the number that the token has."
    facts_named = ("serial",)


class TokenUnsuitable(KitError):
    """A token cannot be accepted this way."""

    code = "kit-token-unsuitable"
    message = "The token {serial} cannot be accepted by a program: {reason}."
    advice = "Take another token of the kind; what this one does has to be looked at by hand."
    facts_named = ("serial", "reason")


class NothingToResume(KitError):
    """An acceptance is to go on that was never begun."""

    code = "kit-nothing-to-resume"
    message = "No acceptance was begun in {folder}."
    advice = "Name its folder with --folder, or begin one by leaving --resume out."
    facts_named = ("folder",)


class OtherToken(KitError):
    """The acceptance that is to go on is of another token."""

    code = "kit-other-token"
    message = "The acceptance in {folder} is of the token {serial}."
    advice = "Plug that token in and name it with --token."
    facts_named = ("folder", "serial")


class AcceptanceBegun(KitError):
    """An acceptance is to begin where one was begun."""

    code = "kit-acceptance-begun"
    message = "An acceptance was begun in {folder}."
    advice = "Go on with it by --resume, or name another folder with --folder."
    facts_named = ("folder",)


class AcceptanceBusy(KitError):
    """Another program is at the same acceptance."""

    code = "kit-acceptance-busy"
    message = "Another lockwright-kit certify is at work in {folder}."
    advice = "Wait until it has ended, then go on with --resume."
    facts_named = ("folder",)


class AcceptanceUnnoted(KitError):
    """What a step found, or the report, cannot be written."""

    code = "kit-acceptance-unnoted"
    message = "The acceptance cannot be noted in {folder}: {reason}."
    usual_cost = (
        "What was noted stays. A step that was under way counts as cut short: the token may have"
        " another PIN."
    )
    advice = "Make room there or let your account write, then go on with --resume: it sets the PIN."
    facts_named = ("folder", "reason")


class SecretGivenTwice(KitError):
    """A PIN comes from two places."""

    code = "kit-secret-twice"
    message = "Both --{option}-file and --{option}-fd were given."
    advice = "Give one of them."
    facts_named = ("option",)


class ReportUnread(KitError):
    """A report cannot be read."""

    code = "kit-report-unread"
    message = "{file} cannot be read: {reason}."
    advice = "Name the folder that lockwright-kit certify made, or the report.json in it."
    facts_named = ("file", "reason")


class ReportChanged(KitError):
    """A report is not what was written."""

    code = "kit-report-changed"
    message = "{file} cannot be relied on: {reason}."
    advice = "Ask whoever accepted the token for theirs; --resume writes it anew from the record."
    facts_named = ("file", "reason")


class PersonalityUnusable(KitError):
    """There is no such personality, or it cannot be compiled."""

    code = "kit-personality"
    message = "The personality {personality} cannot be used: {reason}."
    advice = "Name another one; the simulator's reference lists them."
    facts_named = ("personality", "reason")


class ReportUnsigned(KitError):
    """Nobody signed a report."""

    code = "kit-report-unsigned"
    message = "Nobody signed {file}: there is no {signature} beside it."
    advice = "Have whoever accepted the token sign it; the how-to on accepting a token says how."
    facts_named = ("file", "signature")


class SignatureWrong(KitError):
    """The signature of a report is not good, or not of who it should be."""

    code = "kit-signature"
    message = "{file} {reason}."
    advice = (
        "Ask whoever accepted the token for report and signature, and for the CA's certificate."
    )
    facts_named = ("file", "reason")


class ReportOfAnother(KitError):
    """A report is of another adapter, or of another version of it."""

    code = "kit-report-of-another"
    message = "{file} is of {accepted}, and the project is {project}."
    advice = "Accept the token with this version of the adapter, and sign that report."
    facts_named = ("file", "accepted", "project")


class ReportMisnamed(KitError):
    """The token of a report is not of the kind that is said."""

    code = "kit-report-kind"
    message = "{file} is of {was}, so it is no evidence of a token of the kind {kind}."
    advice = "Say with --kind what it is."
    facts_named = ("file", "was", "kind")


class ReportUnfinished(KitError):
    """Steps of an acceptance failed, or are still to be done."""

    code = "kit-report-unfinished"
    message = "{file} shows what is not done: {steps}."
    advice = "Go on with lockwright-kit certify --resume, and have the report signed again."
    facts_named = ("file", "steps")


class NoEvidence(KitError):
    """A project cannot take a report."""

    code = "kit-no-evidence"
    message = "{folder} cannot take a report: {reason}."
    advice = (
        "Name the adapter's project with --folder; lockwright-kit new --update gives it the file."
    )
    facts_named = ("folder", "reason")


class TitleUnknown(KitError):
    """Which token of a report of the suite is meant is not clear."""

    code = "kit-title"
    message = "{file} does not tell which token is meant; it has: {titles}."
    advice = "Name one of them with --token."
    facts_named = ("file", "titles")


class HookFails(KitError):
    """A report of the suite has hooks that fail."""

    code = "kit-hook-fails"
    message = "By {file} these hooks fail: {hooks}."
    advice = "Mend the adapter, or say in not_offered what it does not do, and run the suite again."
    facts_named = ("file", "hooks")
