"""Other people's EST clients at our desk, and what is promised wherever we enrol."""

from __future__ import annotations

from enrolment_row import Row, Section, file

curl = file("desk/tests/test_peers.py")
strongswan = file("desk/tests/test_strongswan.py")
libest = file("desk/tests/test_libest.py")
places = file("desk/tests/test_places.py")
tiers = file("tests/desk/test_tiers.py")
usual = file("desk/tests/test_enroll.py")
in_use = file("tests/desk/test_certificate_in_use.py")
second = file("tests/test_second_answers.py")
kills = file("tests/test_enrolment_kills.py")
names = file("core/tests/enrol/test_renewed_names.py")

OTHERS = Section(
    "Other clients at our desk",
    "None of our code on their side.",
    [
        Row(
            "curl: enrol by password, renew by certificate; `openssl verify`, `openssl crl`",
            "issued; valid by strict rules, revoked once it is",
            curl(
                "test_curl_enrols_and_renews_and_openssl_agrees",
                "test_openssl_sees_a_revocation_in_the_list",
            ),
        ),
        Row(
            "curl: `--anyauth`, `Expect: 100-continue`, chunks, HTTP/1.0, DER, a type in capitals",
            "issued",
            curl("test_curl_enrols_in_whatever_way_it_asks"),
        ),
        Row(
            "curl with `--digest` or `--ntlm` alone",
            "told that Basic is wanted; no password is sent",
            curl("test_a_curl_that_may_not_show_a_password_is_told_what_is_wanted"),
        ),
        Row(
            "strongSwan's `pki --est`, `pki --estca`: enrol, renew, wait for approval",
            "issued",
            strongswan(
                "test_strongswan_enrols_and_renews",
                "test_strongswan_waits_for_approval",
                "test_strongswan_fetches_the_ca_certificate",
            ),
        ),
        Row(
            "openssl and strongSwan at a desk of two and three tiers, and after a change of key",
            "all tiers are in `/cacerts`, the issued certificate alone in the answer",
            tiers("test_openssl_and_strongswan_read_all_tiers_and_the_certificate_alone"),
        ),
        Row(
            "a client that reads as libest's: canonical headers, base64 in lines, labels, 202",
            "issued, renewed, told when to come again, told what is wrong",
            libest(
                "test_it_enrols_by_its_password_and_renews_by_its_certificate",
                "test_it_asks_by_label_and_is_told_when_to_come_again",
                "test_it_reads_the_ca_and_the_wishes",
                "test_it_is_told_that_its_password_is_wrong",
            ),
        ),
        Row(
            "an address that `serve` prints; a wrong one",
            "serves; says what there is",
            places(
                "test_it_says_for_each_profile_where_it_is",
                "test_a_client_at_a_wrong_place_is_told_the_right_ones",
            ),
        ),
        Row(
            "a request in lines, in one line, as PEM, with and without an end",
            "read",
            usual("test_a_request_is_read_in_every_form_that_clients_send"),
        ),
        Row(
            "the enrolled key on its token opens a TLS door: curl with OpenSSL's engine",
            "open; shut without the token or once revoked",
            in_use(
                "test_a_key_in_softhsm_opens_the_door",
                "test_the_key_of_a_simulated_token_opens_the_door",
                "test_without_the_token_the_door_stays_shut",
                "test_a_revoked_certificate_opens_no_door",
            ),
        ),
        Row(
            "the same, and a signature: curl and openssl with pkcs11-provider (Debian 13)",
            "open, signed",
            in_use(
                "test_a_key_in_softhsm_opens_the_door_through_openssls_provider",
                "test_the_key_of_a_simulated_token_opens_the_door_through_openssls_provider",
                "test_openssl_signs_with_the_key_by_the_documented_configuration",
            ),
        ),
    ],
)

EVERYWHERE = Section(
    "Wherever it is",
    "Samples in every run; `make sweep` takes all of it and prints its own count.",
    [
        Row(
            "the CA's part is not known, and it is asked again, over EST and CMP",
            'the key is there, or nothing was issued; `make sweep ARGS="-k second"`',
            second("test_a_second_answer_costs_nothing_that_may_have_been_issued"),
        ),
        Row(
            "killed at calls and writes, over EST and CMP, in renewals, too",
            'nothing lost, nothing left; `make sweep ARGS="-k enrolment_kills"`',
            kills(
                "test_killed_here_and_there_nothing_is_lost_and_nothing_left",
                "test_killed_while_the_ca_is_asked_or_told",
                "test_killed_when_the_ca_has_answered_and_the_journal_does_not_know_it",
                "test_killed_while_the_ca_issues_or_does_not",
                "test_killed_when_the_token_was_just_changed",
                "test_killed_in_a_renewal_and_before_the_proof_on_a_vendors_token",
                "test_killed_here_and_there_outside_a_token_it_is_the_same",
            ),
        ),
        Row(
            "renewal of subjects as they are met: subject and SAN, byte by byte, over EST",
            "equal",
            names("test_a_renewal_asks_for_the_very_names_of_the_old_certificate"),
        ),
        Row(
            "the same over CMP (`kur`)",
            "equal",
            names("test_a_renewal_over_cmp_asks_for_them_too"),
        ),
    ],
)
