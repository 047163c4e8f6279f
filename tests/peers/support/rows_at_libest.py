"""Our EST client at servers that behave as cisco/libest's and GlobalSign's est do."""

from __future__ import annotations

from enrolment_row import Row, Section, file

peers = file("core/tests/enrol/test_est_peers.py")
answers = file("core/tests/enrol/test_est_answers.py")
est = file("core/tests/enrol/test_est.py")

KNOWN = Section(
    "Our EST client at servers that behave as libest's and GlobalSign's",
    "Servers of the tests that do what cisco/libest 3.2.0p and globalsign/est 1.0.6 do where it is "
    "not the usual.",
    [
        Row(
            "both: login and password; lines of 64 and of 76; a line end is wanted",
            "complete on the token",
            peers("test_a_certificate_comes_from_peers_as_they_are"),
        ),
        Row(
            "libest: a NUL behind `/csrattrs`",
            "passed over, with a word",
            peers("test_a_nul_behind_the_wishes_stops_nothing_and_is_told"),
        ),
        Row(
            "`/csrattrs`: 204, 401, 403, 404, 405, 501, garbage, garbage behind what can be read",
            "passed over; what can be read is kept to",
            answers(
                "test_no_wishes_are_none",
                "test_a_page_of_wishes_that_cannot_be_read_is_passed_over_with_a_word",
                "test_what_can_be_read_before_garbage_is_wished",
            ),
        ),
        Row(
            "libest: Digest alone",
            "told apart from a wrong password; the password is not sent, no key is made",
            peers(
                "test_a_server_of_digest_alone_gets_no_password_and_costs_no_key",
                "test_a_page_of_wishes_that_asks_for_a_login_tells_the_scheme_too",
                "test_a_server_that_says_so_only_of_an_order_is_told_apart_from_a_wrong_password",
            ),
        ),
        Row(
            "libest: `challengePassword` is wanted (`-t`)",
            "told as the CA's wish, before a key is made",
            peers("test_a_wish_for_channel_binding_is_told_as_the_cas"),
        ),
        Row(
            "libest: `renew` by password",
            "issued at `/simplereenroll`",
            peers("test_a_renewal_by_password_goes_to_simplereenroll"),
        ),
        Row(
            "GlobalSign: `/simplereenroll` wants a client certificate",
            'told with the setting; with `renewal = "simpleenroll"` issued, one password spent',
            peers(
                "test_a_renewal_that_wants_a_client_certificate_names_the_setting",
                "test_a_renewal_goes_to_simpleenroll_where_the_ca_is_set_so_and_spends_one_password",
            ),
        ),
        Row(
            "GlobalSign: the profile in the URL, as `serve` prints it",
            "taken; two profiles in one address are told",
            peers(
                "test_an_address_with_the_profile_in_it_is_taken",
                "test_an_address_of_two_profiles_is_told_before_a_key_is_made",
            ),
        ),
        Row(
            "a media type in capitals, with parameters",
            "the same",
            peers("test_a_media_type_in_capitals_with_parameters_is_the_same"),
        ),
        Row(
            "a login with a colon in it",
            "refused before anything is sent",
            peers("test_a_login_that_basic_cannot_carry_is_refused_before_anything_is_sent"),
        ),
        Row(
            "`/csrattrs` with several key types",
            "a choice: what is set, else the first",
            peers(
                "test_of_several_keys_the_one_that_is_set_or_the_first_is_made",
                "test_a_key_that_is_not_among_several_is_told",
                "test_of_several_keys_that_the_token_cannot_make_all_are_told",
            ),
        ),
        Row(
            "a template with gaps",
            "filled by `--subject`",
            peers("test_a_template_is_filled_by_what_a_person_gives"),
        ),
        Row(
            "a page of a gateway",
            "told by its name, the key is kept",
            peers("test_a_page_of_a_gateway_is_told_by_its_name_and_leaves_the_key"),
        ),
    ],
)
