"""T12: nothing cached for one business is shown at another."""

from datetime import timedelta

from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone

from portal.access.models import Challenge, ClientSession
from portal.branding.models import PortalSettings
from tenants import hostnames
from tenants.context import use_business
from tenants.models import Business


def test_colours_and_logos_are_each_businesss_own(acme, globex):
    from portal.branding.models import Logo

    for business, colour in ((acme, "#112233"), (globex, "#445566")):
        with use_business(business):
            PortalSettings.objects.update(colour=colour, logo_digest="same")
            Logo.objects.create(id=1, image=business.name.encode())
    seen = {}
    for path_ in ("/theme.css?v=same", "/logo/?v=same"):
        for _time in range(2):
            seen[path_] = [
                Browser(headers={"host": f"{slug}.localhost"}).get(path_).content for slug in ("acme", "globex")
            ]

    assert b"#112233" in seen["/theme.css?v=same"][0]
    assert b"#112233" not in seen["/theme.css?v=same"][1]
    assert seen["/logo/?v=same"] == [b"Acme Physiotherapy", b"Globex Legal"]


def test_languages_are_each_businesss_own(acme, globex):
    for business, available in ((acme, ["de"]), (globex, ["en"])):
        with use_business(business):
            PortalSettings.objects.update(languages=available)
    cache.clear()

    for slug, available in (("acme", "de"), ("globex", "en"), ("acme", "de")):
        assert Browser(headers={"host": f"{slug}.localhost"}).get("/sign-in/").headers["Content-Language"] == available


def test_ip_limits_are_separate_for_each_business(acme, globex, open_visitor, settings):
    settings.LOGIN_REQUESTS_PER_IP = "3/10 minutes"
    same = {"REMOTE_ADDR": "192.0.2.7"}

    assert [open_visitor(acme, **same).request_code(f"{n}@example.com").status_code for n in range(4)] == [302] * 3 + [
        429
    ]
    assert open_visitor(globex, **same).request_code("1@example.com").status_code == 302


def test_address_limits_are_separate_for_each_business(acme, globex, same_name_clients, open_visitor):
    assert [open_visitor(acme).request_code().status_code for _ask in range(6)] == [302] * 4 + [429] * 2
    assert open_visitor(globex).request_code().status_code == 302


def test_attack_mode_is_separate_for_each_business(acme, globex, open_visitor):
    Business.objects.filter(pk=acme.pk).update(attack_until=timezone.now() + timedelta(hours=1))
    hostnames.invalidate_host_cache()

    assert open_visitor(acme).request_code().status_code == 429
    assert open_visitor(globex).request_code().status_code == 302


def test_a_compiled_query_of_one_business_runs_in_another_s_schema(acme, globex, same_name_clients, open_visitor):
    """Statements are put together once per process; each must still run where it is asked."""
    for business, other in ((acme, globex), (globex, acme)) * 2:
        visitor = open_visitor(business)
        visitor.request_code()
        assert visitor.submit_code(visitor.code()).status_code == 302
        page = visitor.browser.get("/account/").content.decode()
        assert business.name in page
        assert other.name not in page
    for business in (acme, globex):
        with use_business(business):
            assert (Challenge.objects.count(), ClientSession.objects.count()) == (2, 2)
