"""Our CMP client at ``openssl cmp``, OpenSSL's mock server, in every mode that it has."""

from __future__ import annotations

from enrolment_row import Row, Section, file

modes = file("core/tests/enrol/test_cmp_modes.py")
statuses = file("core/tests/enrol/test_cmp_statuses.py")
signers = file("core/tests/enrol/test_cmp_signers.py")
client = file("core/tests/enrol/test_cmp.py")
waiting = file("core/tests/enrol/test_waiting.py")
whole = file("tests/test_cmp_at_openssl.py")
renewals = file("core/tests/enrol/test_renewals.py")

_FIRST, _SIGNED, _RENEWED = (
    "test_a_certificate_comes_however_it_is_asked_for",
    "test_a_trusted_ca_may_sign_the_answer_in_place_of_the_password",
    "test_a_renewal_ends_with_a_certificate",
)
_GRANTED = (
    ("as it is", "as it is"),
    ("`-grant_implicitconf`: no confirmation is wanted", "implicit confirmation"),
    ("`-poll_count`, `-check_after`: asked again after a wait", "polled"),
    ("`-pkistatus 1`: granted with changes", "with changes"),
    ("`-send_unprot_err`: only its refusals are not protected", "unprotected errors"),
    ("`-accept_raverified`: any proof of the key will do", "any proof of the key"),
)

ASKED = Section(
    "Asked in every way",
    "Each by `p10cr`, `ir` and `cr`, protected by the password, and answered so or with the CA's "
    "signature (no `-srv_secret`); and by `kur`, signed by the old key.",
    [
        *(Row(case, "issued", modes(_FIRST, _SIGNED, _RENEWED, word=w)) for case, w in _GRANTED),
        Row(
            "MAC: SHA-256 or SHA-1 (`mac`), 100 to 100,000 `iterations`",
            "issued",
            modes("test_a_ca_that_wants_its_own_mac_is_asked_with_it"),
        ),
        Row(
            "MAC that OpenSSL 3.0 does not take: PBMAC1, more than 100,000 iterations",
            "refused, with its word",
            modes("test_a_mac_that_the_ca_does_not_take_is_told_with_its_word"),
        ),
        Row(
            "keys on P-256, P-384, P-521 and RSA, new and old",
            "issued",
            signers("test_a_key_of_any_kind_orders_and_renews"),
        ),
        Row(
            "a key of a SoftHSM's token, or of the simulator's, from the order to the proof",
            "complete on the token",
            [
                *whole("test_the_right_secret_ends_with_a_certificate"),
                *whole("test_a_ca_that_wants_its_own_way_is_asked_in_it"),
                *renewals("test_a_key_of_the_token_is_enrolled_at_openssls_cmp_server"),
            ],
        ),
        Row(
            "`genm` for caCerts, before an order",
            "nothing is gained, and the order goes on",
            [
                *modes("test_a_ca_that_has_no_word_of_its_own_certificates_stops_nothing"),
                *whole("test_the_right_secret_ends_with_a_certificate", word="at once"),
            ],
        ),
        Row("`rr`", "not used: lockwright asks no CA to revoke"),
    ],
)

ANSWERED = Section(
    "Answered in every way",
    "Each for `p10cr`, `ir`, `cr` and `kur`, where it can be.",
    [
        Row(
            "`-pkistatus` 0, 1, 4, 5, 6: a certificate comes along, at times with a warning",
            "the certificate is kept",
            statuses("test_a_certificate_that_comes_along_is_kept_whatever_it_is_said_with"),
        ),
        Row(
            "`-pkistatus 3`: waiting, and then it knows of no order",
            "refused, not for good: the key is kept",
            statuses("test_a_wait_that_nobody_remembers_ends_in_no_final_refusal"),
        ),
        Row(
            "`-pkistatus 2`, with `-statusstring` in English or Russian, with `-failure`",
            "refused, with its word",
            [
                *client("test_a_refusal_shows_what_the_server_says"),
                *statuses("test_a_refusal_in_russian_is_shown"),
                *modes("test_a_refusal_comes_however_it_is_said"),
            ],
        ),
        Row(
            "`-failure` 0 to 26",
            "1 and 23 blame the login; 3, 14, 21 and 24 to 26 the moment; others the order",
            statuses("test_every_failure_blames_who_asks_or_the_moment_or_the_order"),
        ),
        Row(
            "`-failurebits`: several at once",
            "the moment, if one of them is of it",
            statuses("test_several_failures_refuse_the_moment_if_one_of_them_does"),
        ),
        Row(
            "`-send_error`",
            "refused, with its word",
            statuses("test_an_error_in_place_of_an_answer_is_a_refusal"),
        ),
        Row(
            "`-send_unprotected`",
            "not believed, the key is kept",
            statuses("test_an_answer_that_nothing_protects_is_not_taken"),
        ),
        Row(
            "`-send_unprot_err` and a refusal",
            "by password: the login is refused; by the old key: not believed, the key is kept",
            [
                *statuses("test_an_unprotected_refusal_is_that_of_a_login_or_nobodys"),
                *modes("test_a_refusal_that_nothing_protects_is_that_of_a_login"),
                *client("test_an_unprotected_error_counts_for_nothing_where_the_old_key_signs"),
            ],
        ),
        Row(
            "a wrong password",
            "at first: nothing is left on the token; at `--resume`: the key is kept",
            [
                *whole("test_a_wrong_secret_at_first_leaves_nothing_on_the_token"),
                *whole("test_a_wrong_secret_at_resume_costs_no_key"),
            ],
        ),
        Row(
            "a wrong password and `-accept_unprotected`: it takes any",
            "not believed, the key is kept",
            statuses(
                "test_a_server_that_takes_any_protection_is_not_believed_without_the_right_one"
            ),
        ),
        Row(
            "`-srv_ref` of somebody else: it looks at no login",
            "issued: the password alone tells",
            statuses("test_a_server_that_names_the_password_otherwise_is_known_by_the_password"),
        ),
        Row(
            "`-max_msgs 1`: gone before the confirmation",
            "what was issued is kept, and taken at `--resume`",
            [
                *statuses("test_a_server_that_is_gone_before_the_confirmation_has_refused_nothing"),
                *whole("test_a_server_that_is_gone_before_the_confirmation_costs_no_certificate"),
            ],
        ),
        Row(
            "`-check_after 0`, a thousand times",
            "asked with pauses, until the person's patience ends",
            client("test_a_wait_ends_with_the_patience_of_the_person"),
        ),
        Row(
            "`-check_after 3600`",
            "waits; undone with `--abandon`",
            whole("test_a_long_wait_is_left_for_later_and_can_be_undone"),
        ),
        Row(
            "the client starts anew between polls, the connection is kept for it",
            "issued",
            [
                *modes("test_a_polled_order_survives_a_restart_of_the_client"),
                *whole("test_a_polled_order_survives_a_restart_of_the_client"),
            ],
        ),
        Row(
            "the confirmation is kept waiting, too (OpenSSL 3.5)",
            "waited for, whatever `--wait` says",
            waiting(
                "test_a_confirmation_that_the_ca_keeps_waiting_is_waited_for_without_patience_too"
            ),
        ),
        Row(
            "the client starts anew, and with its connection the transaction is gone",
            "told as forgotten: the same order goes out again",
            client("test_a_server_that_forgot_a_transaction_is_told_apart_from_a_refusal"),
        ),
        Row(
            "a server of another CA, in TLS before it",
            "nothing is sent",
            client("test_the_server_must_be_trusted"),
        ),
    ],
)

CERTIFICATES = Section(
    "Certificates of every kind",
    "What it is given to issue and to send along, and who signs.",
    [
        Row(
            "`-srv_keypass`: the key has a password",
            "issued",
            signers("test_the_key_of_the_server_may_have_a_password"),
        ),
        Row(
            "a signer two tiers below the trusted root, with `-srv_untrusted` or `-rsp_extracerts`",
            "issued",
            signers("test_who_speaks_for_the_ca_is_led_to_the_root_by_what_comes_along"),
        ),
        Row(
            "the same, without those between",
            "not believed, the key is kept",
            signers("test_who_speaks_for_the_ca_is_not_believed_without_the_way_to_it"),
        ),
        Row(
            "`-rsp_cert` of the third tier, those between in `-rsp_extracerts`",
            "complete on the token",
            whole("test_a_certificate_of_the_third_tier_comes_with_those_between"),
        ),
        Row(
            "the same, without them",
            "certificate kept in the journal, and taken up once one is trusted",
            whole("test_a_certificate_of_the_third_tier_waits_for_those_between"),
        ),
        Row(
            "GOST, SM2, brainpool, Ed448, version 2 and others in `-rsp_extracerts`, `-rsp_capubs`",
            "issued",
            signers("test_certificates_of_any_kind_come_along"),
        ),
        Row(
            "a certificate signed by RSA or RSA-PSS: the hash to confirm it by",
            "issued",
            signers("test_a_certificate_signed_by_rsa_is_confirmed_as_the_server_reckons"),
        ),
        Row(
            "signed by Ed25519 or Ed448, with `-grant_implicitconf` (3.0 reads no `hashAlg`)",
            "issued",
            modes("test_a_certificate_whose_signature_names_no_hash_comes_as_any_other"),
        ),
        Row(
            "a certificate for another key",
            "declined to the CA, and never on the token",
            signers("test_a_certificate_for_another_key_is_declined"),
        ),
        Row(
            "`kur`: the old certificate is over",
            "refused; issued with `-no_check_time`",
            signers(
                "test_a_certificate_that_is_over_is_renewed_where_the_ca_does_not_look_at_the_time"
            ),
        ),
        Row(
            "`kur`: the old one is below an intermediate (`-srv_trusted`, `-srv_untrusted`)",
            "issued",
            signers("test_a_certificate_below_an_intermediate_is_renewed_where_the_ca_knows_that"),
        ),
        Row(
            "`kur`: the old one is of another CA",
            "refused",
            signers("test_a_certificate_of_another_ca_is_not_renewed"),
        ),
    ],
)
