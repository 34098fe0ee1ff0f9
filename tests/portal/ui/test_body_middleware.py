"""A refused body is answered by a page that says why, and a page decides about a large body before it comes."""

import pytest
from django.test import Client

from tenants.body_limits import BODY_ADMISSION, BODY_REFUSAL, BodyAdmission
from tenants.limits import CLIENT_LIST_BYTES, FORM_OVERHEAD, LARGEST_BODY_BYTES
from tenants.models import Business, BusinessStatus

UPLOADS = "/console/acme/clients/uploads/"


@pytest.mark.parametrize(
    ("status", "sentence", "retry_after"),
    [
        (408, "arrive in time", None),
        (413, "larger than we can accept", None),
        (429, "Your network is sending", "60"),
        (503, "Many large files", "60"),
    ],
)
def test_a_refusal_is_a_page_that_says_why(acme, status, sentence, retry_after):
    answer = Client(headers={"host": "acme.localhost"}).post("/sign-in/", **{BODY_REFUSAL: status})

    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert answer.headers.get("Retry-After") == retry_after


def post_large_body(browser: Client, path: str, announced_bytes: int | None = None) -> tuple[int, BodyAdmission]:
    """Ask a page whether it takes a large body; return the status of the answer and the decision."""
    admission = BodyAdmission(announced_bytes=announced_bytes)
    return browser.post(path, **{BODY_ADMISSION: admission}).status_code, admission


def test_a_member_with_the_permission_may_send_as_much_as_the_page_takes(staff_client, acme):
    status, admission = post_large_body(staff_client("manager"), UPLOADS, LARGEST_BODY_BYTES)

    assert (status, admission.is_granted, admission.owner) == (204, True, str(acme.pk))
    assert admission.max_bytes == CLIENT_LIST_BYTES + FORM_OVERHEAD


def test_a_member_without_the_permission_may_not(staff_client):
    status, admission = post_large_body(staff_client("staff"), UPLOADS)

    assert (status, admission.is_granted) == (403, False)


def test_no_large_body_is_read_for_a_suspended_business(acme, staff_client):
    Business.objects.filter(pk=acme.pk).update(status=BusinessStatus.SUSPENDED)

    status, admission = post_large_body(staff_client("manager"), UPLOADS)

    assert (status, admission.is_granted) == (403, False)


def test_a_member_of_another_business_may_not(staff_client, globex):
    status, admission = post_large_body(staff_client("owner", globex), UPLOADS)

    assert (status, admission.is_granted) == (404, False)


def test_strangers_are_sent_to_sign_in(platform_client, acme):
    status, admission = post_large_body(platform_client(), UPLOADS)

    assert (status, admission.is_granted) == (302, False)


def test_more_than_the_page_takes_is_refused_to_members_too(staff_client):
    status, admission = post_large_body(staff_client("owner"), UPLOADS, LARGEST_BODY_BYTES + 1)

    assert (status, admission.is_granted) == (413, False)


def test_a_page_for_members_that_takes_no_files_takes_no_large_body(staff_client):
    status, admission = post_large_body(staff_client("owner"), "/console/acme/clients/")

    assert (status, admission.is_granted) == (413, False)
