"""What goes wrong for the person who runs the desk; what a client is told is in ``refusals``."""

from __future__ import annotations

from lockwright.errors import BrokenConfiguration, FileNotWritten, LockwrightError
from lockwright.i18n import N_


class DeskError(LockwrightError):
    """The desk cannot do what its operator asked."""

    code = "desk"
    exit_code = 30
    usual_cost = N_("Nothing was changed.")


class DeskNotReady(DeskError):
    """Something that ``init`` makes is not there."""

    code = "desk-not-ready"
    message = N_("The desk is not set up: {reason}.")
    advice = N_("Set it up with: lockwright-desk init")
    facts_named = ("reason",)


class DeskConfigurationBroken(BrokenConfiguration):
    """The configuration of the desk cannot be read, or says something that has no meaning."""

    code = "desk-configuration-broken"
    usual_cost = DeskError.usual_cost
    advice = N_("Correct the file; every setting is shown by: lockwright-desk help configuration")


class DeskFileNotWritten(FileNotWritten):
    """A file of the desk, or one that it was asked for, could not be written."""

    code = "desk-file-not-written"
    usual_cost = DeskError.usual_cost
    advice = N_("Let the desk's account write there, or choose another path.")
    facts_named = ("file", "reason")


class DatabaseUnusable(DeskError):
    """The database does not answer, or holds another version's tables."""

    code = "desk-database"
    message = N_("The database cannot be used: {reason}.")
    advice = N_("Check database.url in the configuration; lockwright-desk init makes the tables.")
    facts_named = ("reason",)


class DatabaseAway(DatabaseUnusable):
    """The database is busy or gone, for now."""

    code = "desk-database-away"
    advice = N_("Repeat the command; if that does not help, see what else uses the database.")


class CaKeyUnusable(DeskError):
    """The CA's key is missing, or is not that of the CA's certificate."""

    code = "desk-ca-key"
    message = N_("The key of the CA cannot be used: {reason}.")
    advice = N_("Check the table [ca] of the configuration.")
    facts_named = ("reason",)


class CaSubjectChanged(DeskError):
    """The configuration names another CA than the one that is there."""

    code = "desk-ca-subject"
    message = N_(
        "The configuration calls the CA {wanted}, but its certificate {file} says {found}."
    )
    advice = N_(
        "Write the name of the certificate into ca.subject. Only before anything is issued a CA"
        " gets another: remove its certificate and the server's, then run init again."
    )
    facts_named = ("file", "found", "wanted")


class AddressUnusable(DeskError):
    """The server cannot listen where it should."""

    code = "desk-address"
    message = N_("The desk cannot listen on {address}: {reason}.")
    advice = N_("End what listens there, or choose another host or port in [server].")
    facts_named = ("address", "reason")


class OtpKeyUnusable(DeskError):
    """The key of the one-time passwords is missing, or is not that of this database."""

    code = "desk-otp-key"
    message = N_("The key of the one-time passwords cannot be used: {reason}.")
    advice = N_(
        "Put its file back from the backup, or from another server with the same database; if it"
        " is lost, make a new one: lockwright-desk otp new-key"
    )
    facts_named = ("reason",)


class OtpKeyReplaced(DeskError):
    """The key of the one-time passwords was replaced while the program ran."""

    code = "desk-otp-key-replaced"
    message = N_("The one-time passwords are kept under another key than when this began.")
    advice = N_("Copy the key to every server with this database, and start the servers again.")


class UnknownProfile(DeskError):
    """No profile has that name."""

    code = "desk-profile-unknown"
    message = N_("There is no profile {profile}; there are: {known}.")
    advice = N_("Profiles are written in the configuration, as [profiles.NAME].")
    facts_named = ("known", "profile")


class SubjectIncomplete(DeskError):
    """The values given do not make the profile's subject."""

    code = "desk-subject-incomplete"
    message = N_("The subject {template} cannot be made: {reason}.")
    advice = N_("Give each value once, in the form it must have, such as: --set name=VALUE")
    facts_named = ("reason", "template")


class LoginUnusable(DeskError):
    """A login that cannot be sent with HTTP Basic."""

    code = "desk-login-unusable"
    message = N_("The login {login} cannot be used.")
    advice = N_("A login has 1 to 64 printable characters, without spaces and colons.")
    facts_named = ("login",)


class UnknownPassword(DeskError):
    """No one-time password has that number."""

    code = "desk-password-unknown"
    message = N_("There is no one-time password with the number {id}.")
    advice = N_("See them with: lockwright-desk otp list")
    facts_named = ("id",)


class UnknownRequest(DeskError):
    """No request has that number."""

    code = "desk-request-unknown"
    message = N_("There is no request with the number {id}.")
    advice = N_("See them with: lockwright-desk requests list")
    facts_named = ("id",)


class RequestDecided(DeskError):
    """A request was decided before."""

    code = "desk-request-decided"
    message = N_("The request {id} does not wait for a decision any more; its state is: {state}.")
    advice = N_("See them with: lockwright-desk requests list")
    facts_named = ("id", "state")


class UnknownCertificate(DeskError):
    """No certificate has that serial number."""

    code = "desk-certificate-unknown"
    message = N_("There is no certificate with the serial number {serial}.")
    advice = N_("See them with: lockwright-desk certificates list")
    facts_named = ("serial",)


class AuditIncomplete(DeskError):
    """There are certificates that no audit trail knows of."""

    code = "desk-audit-incomplete"
    message = N_("Certificates in the database that no audit trail names: {count} ({serials}).")
    advice = N_(
        "Name the trails of all servers with this database, also those that were moved away; if"
        " these are all, somebody else has written to the database."
    )
    facts_named = ("count", "serials")


class KeeperAway(DeskError):
    """The process that holds the HSM's PIN does not answer."""

    code = "keeper-away"
    usual_cost = N_("No Response was given.")
    message = N_("The keeper of the administrator keys does not answer: {reason}.")
    advice = N_("Start it with lockwright-desk keeper, and answer again.")
    facts_named = ("reason",)


class UnknownOperator(DeskError):
    """No operator has that name."""

    code = "desk-operator-unknown"
    message = N_("There is no operator {name}.")
    advice = N_("See them with: lockwright-desk operators list")
    facts_named = ("name",)


class OperatorThere(DeskError):
    """There is an operator of that name."""

    code = "desk-operator-there"
    message = N_("There is an operator {name} already.")
    advice = N_("See them with: lockwright-desk operators list")
    facts_named = ("name",)


class OperatorUnusable(DeskError):
    """An operator that cannot be: the name, the person's name, or no role."""

    code = "desk-operator-unusable"
    message = N_("The operator {name} cannot be as given.")
    advice = N_(
        "The account has 1 to 64 letters, digits and . _ @ -, a letter or digit first, the person's"
        " name no characters that cannot be seen, and there is at least one role."
    )
    facts_named = ("name",)


class CredentialThere(DeskError):
    """Somebody signs in with it already."""

    code = "desk-credential-there"
    message = N_("Somebody signs in with that already, or did.")
    advice = N_("See them with: lockwright-desk operators credentials")


class CredentialUnusable(DeskError):
    """Nobody can sign in with it."""

    code = "desk-credential-unusable"
    message = N_("Nobody can sign in with that: {reason}.")
    advice = N_("Give a certificate in a file, PEM or DER, or the subject that the provider gives.")
    facts_named = ("reason",)


class UnknownCredential(DeskError):
    """No credential has that number."""

    code = "desk-credential-unknown"
    message = N_("There is no certificate or passkey with the number {id}.")
    advice = N_("See them with: lockwright-desk operators credentials")
    facts_named = ("id",)


class NoSignIn(DeskError):
    """The configuration says nothing of signing in."""

    code = "desk-no-sign-in"
    message = N_("The configuration has no table [signin], so nobody can sign in.")
    advice = N_("Write it: lockwright-desk help configuration")


class NoSiem(DeskError):
    """The configuration says nothing of a collector."""

    code = "desk-no-siem"
    message = N_("The configuration has no table [siem], so nothing is sent to a collector.")
    advice = N_("Write it: lockwright-desk help configuration")


class SiemBusy(DeskError):
    """Another process sends this trail."""

    code = "desk-siem-busy"
    message = N_("Another process sends this audit trail already.")
    advice = N_("A server does so while it runs; see how far it is: lockwright-desk siem status")


class AnchorKeyUnusable(DeskError):
    """The key that signs the audit trail's head is missing or does not sign."""

    code = "desk-anchor-key"
    message = N_("The key for anchors of the audit trail cannot be used: {reason}.")
    advice = N_("Check the table [audit.anchor] of the configuration.")
    facts_named = ("reason",)
