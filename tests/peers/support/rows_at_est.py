"""Our EST client: servers as they are met, and the desk with its tiers."""

from __future__ import annotations

from enrolment_row import Row, Section, file

est = file("core/tests/enrol/test_est.py")
answers = file("core/tests/enrol/test_est_answers.py")
bodies = file("core/tests/enrol/test_certs.py")
wishes = file("core/tests/enrol/test_csrattrs.py")
chains = file("core/tests/enrol/test_chains.py")
kept = file("core/tests/enrol/test_kept.py")
waiting = file("core/tests/enrol/test_waiting.py")
bad = file("tests/test_bad_enrolments.py")
tiers = file("tests/desk/test_tiers.py")
desk = file("tests/desk/test_enrol.py")
refused = file("tests/desk/test_refused.py")
lost = file("tests/desk/test_lost_answer.py")
nginx = file("tests/desk/test_behind_nginx.py")
proxies = file("core/tests/enrol/test_proxies.py")
due = file("tests/desk/test_renew_due.py")

SERVERS = Section(
    "Our EST client at servers as they are met",
    "Servers of the tests, written from what RFC 7030 and RFC 8951 allow and from what is known of "
    "real ones.",
    [
        Row(
            "`/simpleenroll` by login and password; label or path for the profile",
            "issued; the password goes out in the order alone",
            est(
                "test_a_certificate_comes_for_login_and_password",
                "test_a_label_and_a_path_name_the_profile",
                "test_the_password_is_sent_in_the_order_alone",
            ),
        ),
        Row(
            "base64 in lines, in one line, as PEM; a set that is not sorted; BER",
            "read",
            bodies(
                "test_certificates_are_read_however_they_are_wrapped",
                "test_a_set_that_is_not_sorted_is_read_without_a_warning",
                "test_ber_of_indefinite_length_is_read",
            ),
        ),
        Row(
            "`/csrattrs`: the example of RFC 8951, a template of RFC 9908, nothing",
            "kept to",
            [
                *wishes("test_the_example_of_the_rfc_is_read", "test_what_is_wished_is_read"),
                *answers("test_no_wishes_are_none", "test_a_template_dictates_subject_and_key"),
            ],
        ),
        Row(
            "two and three tiers, only the issued certificate in the answer",
            "complete with the root as trust; `/cacerts` comes first, in any order, with strangers",
            chains(
                "test_a_pki_of_tiers_is_enrolled_at_with_its_root_as_the_trust",
                "test_what_was_missing_at_the_ca_is_asked_for_again",
                "test_strangers_in_the_set_are_passed_over",
            ),
        ),
        Row(
            "CAs of Ed25519, Ed448, brainpool, version 1; of GOST or SM2",
            "checked by our own rule; refused before an order",
            chains(
                "test_a_ca_of_another_kind_of_key_is_checked_by_our_own_rule",
                "test_a_root_of_version_1_is_trust",
                "test_a_ca_that_cannot_be_checked_is_refused_before_an_order",
            ),
        ),
        Row(
            "202 with `Retry-After` in seconds, as a date, past, missing, senseless",
            "asked again with pauses, no longer than `--wait`",
            [
                *est("test_pending_says_when_to_ask_again"),
                *waiting("test_a_ca_that_says_at_once_is_asked_with_pauses_and_not_for_ever"),
            ],
        ),
        Row(
            "401 with and without `WWW-Authenticate`",
            "the login is refused",
            est("test_a_wrong_password_is_told"),
        ),
        Row(
            "400, 403, 404, 422 with text, as the first answer",
            "refused, with the server's word",
            est("test_a_refusal_shows_what_the_server_says"),
        ),
        Row(
            "408, 429, 500, 503; a page of HTML",
            "the moment's fault, or nobody's word: the key is kept",
            est(
                "test_trouble_of_the_server_is_no_refusal",
                "test_too_many_attempts_are_no_refusal",
                "test_a_page_for_a_browser_is_not_shown_and_no_word_of_the_ca",
            ),
        ),
        Row(
            "any *no* after the order went out once",
            "the key is kept, and the cure brings the certificate",
            kept(
                "test_a_later_no_keeps_the_key_and_the_cure_brings_the_certificate",
                "test_a_mistyped_password_at_resume_costs_no_key",
            ),
        ),
        Row(
            "a certificate that is not valid yet, not trusted yet, of no use",
            "kept until it is, or until the person gives it up",
            kept(
                "test_a_certificate_of_the_future_waits_for_its_time",
                "test_a_certificate_of_a_ca_that_is_trusted_later_is_kept_until_then",
                "test_a_certificate_that_is_of_no_use_is_kept_until_the_person_gives_it_up",
            ),
        ),
        Row(
            "too long, cut off, dripping, silent, without an end",
            "told within the deadline",
            answers(
                "test_an_answer_that_is_too_long_is_cut_off",
                "test_headers_without_end_are_no_answer",
                "test_a_server_that_closes_midway_is_told",
                "test_a_server_that_drips_is_cut_off_at_the_deadline",
                "test_a_server_that_says_nothing_is_cut_off_at_the_deadline",
            ),
        ),
        Row(
            "a redirect; another CA or name in TLS; no TLS",
            "no password is sent",
            est(
                "test_a_redirect_is_not_followed",
                "test_a_server_of_another_ca_gets_no_password",
                "test_a_server_of_another_name_gets_no_password",
                "test_an_address_that_is_not_secure_is_refused",
            ),
        ),
        Row(
            "a proxy between, over EST and CMP",
            "gone through; a refusal or an odd answer of it is told as the proxy's",
            proxies(
                "test_an_order_goes_through_the_proxy_that_is_set",
                "test_cmp_goes_through_it_too_and_keeps_its_connection",
                "test_a_proxy_that_wants_a_login_is_told_as_that",
                "test_a_ca_that_the_proxy_cannot_reach_is_told_as_that",
                "test_a_proxy_that_answers_oddly_is_told",
            ),
        ),
        Row(
            "a certificate of an unknown kind, for another key, of a chain that leads elsewhere",
            "never on the token",
            bad(
                "test_a_certificate_for_another_key",
                "test_a_chain_that_leads_elsewhere",
                "test_a_certificate_of_an_unknown_kind_for_another_key",
                "test_a_certificate_that_cannot_be_checked",
                "test_a_ca_of_version_2_in_the_answer",
            ),
        ),
    ],
)

AT_OUR_DESK = Section(
    "Our EST client at our desk",
    "Two programs, TLS between them, a SoftHSM's token.",
    [
        Row(
            "two tiers, the root out of reach; trust: root or issuer, as a file or by fingerprint",
            "issued",
            tiers("test_at_a_desk_of_two_tiers_a_person_trusts_either"),
        ),
        Row(
            "three tiers; trust: root, the one between or issuer, as a file or by fingerprint",
            "issued",
            tiers("test_at_a_desk_of_three_tiers_a_person_trusts_any"),
        ),
        Row(
            "the root took a new key (OldWithNew, NewWithOld in `/cacerts`); trust: the new root, "
            "the old one or NewWithOld, as a file or by fingerprint",
            "issued",
            [
                *tiers("test_after_a_change_of_the_roots_key_a_person_trusts_the_old_or_the_new"),
                *chains("test_a_new_key_of_the_ca_is_trusted_through_the_old_one"),
            ],
        ),
        Row(
            "the fingerprint that `init` prints",
            "that of the root, whatever stands beside it",
            tiers("test_the_fingerprint_that_init_prints_is_that_of_a_root_that_signs_itself"),
        ),
        Row(
            "one tier; waits for approval; a name that no login is",
            "issued",
            desk(
                "test_a_token_is_enrolled_at_the_desk",
                "test_what_waits_for_approval_is_resumed",
                "test_a_person_says_their_name_where_the_desk_leaves_it_open",
            ),
        ),
        Row(
            "a password that is wrong, expired, used, revoked; a name against the profile",
            "refused in the person's language, nothing is left",
            refused(
                "test_a_wrong_one_time_password",
                "test_an_expired_one_time_password",
                "test_a_used_one_time_password",
                "test_a_revoked_one_time_password",
                "test_a_subject_that_breaks_the_profile",
                "test_a_refusal_is_told_in_the_persons_language",
            ),
        ),
        Row(
            "the answer is lost, the desk or the client killed",
            "the same certificate again for the same key, none for another",
            lost(
                "test_the_same_certificate_comes_again_after_a_kill",
                "test_another_key_is_refused_after_a_kill",
            ),
        ),
        Row(
            "the desk tells when to renew, or has revoked",
            "`tokens` warns, `renew --due` renews",
            due("test_the_desks_word_is_heard_and_what_it_revoked_is_due"),
        ),
        Row(
            "nginx before it",
            "renewed with the certificate that nginx saw",
            nginx(
                "test_a_certificate_is_renewed_through_nginx",
                "test_a_certificate_is_renewed_where_the_proxy_alone_speaks_tls",
            ),
        ),
    ],
)
