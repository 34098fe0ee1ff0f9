"""Tests of the script that other websites load: small, cached, and free of anything else."""

MAX_BYTES = 4_000


def test_the_script_is_small_and_may_be_kept_and_loaded_anywhere(acme, portal_client):
    answer = portal_client(acme).get("/embed/v1.js")

    assert len(answer.content) < MAX_BYTES
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=604800"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not answer.cookies


def test_a_browser_that_has_the_script_is_not_sent_it_again(acme, portal_client):
    browser = portal_client(acme)
    tag = browser.get("/embed/v1.js").headers["ETag"]

    answer = browser.get("/embed/v1.js", headers={"if-none-match": tag})

    assert (answer.status_code, answer.content) == (304, b"")
