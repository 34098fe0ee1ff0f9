"""Tests of custom domains in the business API."""

import pytest

from portal.activity.models import Entry
from portal.domains.kinds import PortalAddressEvent
from tenants.context import use_business
from tenants.models import CustomDomain, PortalHostname
from tests.tenants.domains.conftest import DOMAIN, dns_server

__all__ = ["dns_server"]
pytestmark = pytest.mark.django_db
PATH = "portal/domains/"


def test_a_domain_is_added_checked_and_released(api_program, acme, dns_server):
    program = api_program()
    answer = program.post(PATH, {"domain": f"https://{DOMAIN}/"})
    assert answer.status_code == 201, answer.content
    domain = answer.json()
    assert (domain["domain"], domain["state"]) == (DOMAIN, "waiting_for_verification")
    assert domain["txt_name"] == f"_portico.{DOMAIN}"
    path = f"{PATH}{domain['id']}/"
    assert program.get(PATH).json()["items"] == [domain] == [program.get(path).json()]
    dns_server.set_record(domain["txt_name"], "TXT", f'"{domain["txt_value"]}"')
    dns_server.set_record(DOMAIN, "A", "192.0.2.7")
    checked = program.post(f"{path}checks/", None)
    assert (checked.status_code, checked.json()["state"]) == (200, "waiting_for_dns")
    assert PortalHostname.objects.filter(business=acme, domain=DOMAIN).exists()
    assert program.delete(path).status_code == 204
    assert not CustomDomain.objects.exists()
    with use_business(acme):
        assert list(Entry.objects.order_by("at").values_list("event_type", flat=True)) == [
            PortalAddressEvent.DOMAIN_ADDED,
            PortalAddressEvent.DOMAIN_VERIFIED,
            PortalAddressEvent.DOMAIN_RELEASED,
        ]


def test_a_domain_is_checked_every_ten_seconds_at_most(api_program, dns_server):
    program = api_program()
    path = f"{PATH}{program.post(PATH, {'domain': DOMAIN}).json()['id']}/checks/"
    assert program.post(path, None).status_code == 200
    refused = program.post(path, None)
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(refused["Retry-After"]) <= 10


def test_a_business_s_checks_are_limited(api_program, dns_server, settings):
    settings.DOMAIN_CHECKS_PER_BUSINESS = "1/hour"
    program = api_program()
    paths = [f"{PATH}{program.post(PATH, {'domain': f'{n}.{DOMAIN}'}).json()['id']}/checks/" for n in ("a", "b")]
    assert [program.post(path, None).status_code for path in paths] == [200, 429]


@pytest.mark.parametrize("domain", ["localhost", "co.uk", "127.0.0.1", "exa mple.com", "-a.example"])
def test_what_is_no_domain_of_one_s_own_is_refused(api_program, domain):
    [error] = api_program().post(PATH, {"domain": domain}).json()["errors"]
    assert (error["field"], error["code"]) == ("domain", "invalid_domain")
    assert not CustomDomain.objects.exists()


def test_a_domain_is_on_the_list_once(api_program):
    program = api_program()
    assert program.post(PATH, {"domain": DOMAIN}).status_code == 201
    assert program.post(PATH, {"domain": DOMAIN.upper()}).status_code == 422


def test_another_business_s_domain_is_not_found(api_program, globex):
    domain = api_program(business=globex).post(PATH, {"domain": DOMAIN}).json()
    program, path = api_program(), f"{PATH}{domain['id']}/"
    for answer in (program.get(path), program.delete(path), program.post(f"{path}checks/", None)):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert program.get(PATH).json() == {"items": []}
    assert CustomDomain.objects.get().checked_at is None


def test_changing_domains_needs_the_scope_and_a_manager(api_program):
    domain = api_program().post(PATH, {"domain": DOMAIN}).json()
    for program in (
        api_program(["portal:read"]),
        api_program(["portal:read", "portal:write"], role="staff"),
    ):
        assert program.get(PATH).status_code == 200
        assert program.post(PATH, {"domain": f"a.{DOMAIN}"}).json()["code"] == "forbidden"
        assert program.delete(f"{PATH}{domain['id']}/").json()["code"] == "forbidden"
        assert program.post(f"{PATH}{domain['id']}/checks/", None).json()["code"] == "forbidden"
