"""I4: the application, the ingress, the pods and the runbook have the limits of one table."""

import re

import pytest
from django.conf import settings
from django.urls import get_resolver

from config.settings import web_server_settings
from portal.access.services.attempt_links import LINK_LIFETIME
from portal.access.services.impersonation import IMPERSONATION_LIFETIME
from portal.branding.console.branding import change_logo
from portal.clients.uploads.console.upload_pages import list_uploads
from tenants import limits
from tests.architecture.test_k8s import list_kubernetes_resources, list_pod_specs
from tests.architecture.translatable_texts import map_apps_by_text

RUNBOOK = (settings.BASE_DIR / "docs" / "operations.md").read_text()
INGRESS = "nginx.ingress.kubernetes.io/"
UNITS = {"KiB": 1024, "MiB": limits.MIB, "MB": limits.MIB}
DOCUMENTS = [settings.BASE_DIR / "README.md", settings.BASE_DIR / "SECURITY.md"]
DOCUMENTS += sorted((settings.BASE_DIR / "docs").rglob("*.md"))
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
NAMED_SIZE = re.compile(r"(\d[\d.]*) ?(KiB|MiB|MB)\b")
# A number of something that a page may refuse.
NAMED_LIMIT = re.compile(r"\d[\d.,]* ?(?:[kKMG]i?B\b|rows|columns|characters|clients|at a time)")
# Limits of telephone networks.
FACTS = ("A text message has 160 characters", "Because of “%(signs)s”, a text message has only 70 characters")
PODS = {
    "web": (limits.WEB_TMP_MIB, limits.WEB_MEMORY_MIB),
    "worker-bulk": (limits.BULK_TMP_MIB, limits.BULK_MEMORY_MIB),
}

URLCONFS = (settings.ROOT_URLCONF, settings.PORTAL_URLCONF)


def read_documented_limits() -> dict[str, float]:
    """Return the sizes in the runbook's table of limits, in bytes."""
    section = RUNBOOK.partition("\n## Limits\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+) \| ([\d.]+) (KiB|MiB) \|", section, re.MULTILINE)
    return {name: float(number) * UNITS[unit] for name, number, unit in rows}


def list_sizes() -> list[tuple[str, int]]:
    """Return the names and values of the constants of the table."""
    return [(name, value) for name, value in vars(limits).items() if isinstance(value, int)]


def read_ingress_annotation(name: str) -> str:
    """Return what the manifests tell the ingress controller."""
    return list_kubernetes_resources("Ingress")["portico"]["metadata"]["annotations"][INGRESS + name]


def list_patterns(resolver):
    """Return all URL patterns below a resolver."""
    for entry in resolver.url_patterns:
        yield from list_patterns(entry) if hasattr(entry, "url_patterns") else [entry]


def test_the_runbook_has_the_limits_of_the_table():
    documented = read_documented_limits()

    assert list(documented) == [limit.name for limit in limits.DOCUMENTED_LIMITS]
    for limit in limits.DOCUMENTED_LIMITS:
        assert documented[limit.name] == pytest.approx(limit.size, abs=52), limit.name


def test_the_ingress_lets_the_largest_request_and_no_larger_one_through():
    assert read_ingress_annotation("proxy-body-size") == f"{limits.LARGEST_BODY_BYTES / limits.MIB:g}m"
    assert limits.LARGEST_BODY_BYTES % limits.MIB == 0


def test_every_proxy_in_the_runbook_lets_the_largest_request_through():
    section = RUNBOOK.partition("\n## Behind a proxy\n")[2].partition("\n## ")[0]
    sizes = re.findall(r"(?:client_max_body_size|max_size) (\d+)M?", section.replace("m;", "M;").replace("MiB", "M"))
    sizes_in_bytes = re.findall(r"(?:maxRequestBodyBytes: |body_size gt )(\d+)", section)

    assert {int(size) * limits.MIB for size in sizes} == {limits.LARGEST_BODY_BYTES}
    assert {int(size) for size in sizes_in_bytes} == {limits.LARGEST_BODY_BYTES}
    assert len(sizes + sizes_in_bytes) == 4


def test_proxies_wait_longer_than_portico():
    upload = web_server_settings.UPLOAD_TIMEOUT.total_seconds()

    for name in ("proxy-send-timeout", "proxy-read-timeout"):
        assert int(read_ingress_annotation(name)) > upload


def test_a_pod_is_given_time_to_finish_requests():
    web = list_pod_specs()["web"]

    assert web["terminationGracePeriodSeconds"] > 20 + web["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]


@pytest.mark.parametrize("name", PODS)
def test_pods_have_the_room_of_the_table(name):
    tmp_mib, memory_mib = PODS[name]
    pod = list_pod_specs()[name]
    volumes = {volume["name"]: volume["emptyDir"] for volume in pod["volumes"]}

    assert volumes["tmp"] == {"sizeLimit": f"{tmp_mib}Mi"}
    assert pod["containers"][0]["resources"]["limits"]["memory"] == f"{memory_mib}Mi"


def test_pods_have_memory_for_the_processes_of_the_sandbox():
    sandbox_mib = settings.SANDBOX_PROCESSES * settings.SANDBOX_MEMORY

    assert limits.WEB_MEMORY_WITHOUT_SANDBOX_MIB + sandbox_mib <= limits.WEB_MEMORY_MIB
    assert limits.BULK_MEMORY_WITHOUT_SANDBOX_MIB + sandbox_mib <= limits.BULK_MEMORY_MIB


def test_a_web_pod_has_memory_for_as_many_slow_connections_as_it_accepts():
    of_one = max(limits.HEADER_BYTES + limits.BODY_BYTES_IN_MEMORY, limits.RESPONSE_BYTES_IN_MEMORY)
    of_all_mib = limits.CONNECTIONS_PER_PROCESS * of_one / limits.MIB

    assert limits.WEB_PROCESSES * (limits.PROCESS_MEMORY_MIB + of_all_mib) <= limits.WEB_MEMORY_WITHOUT_SANDBOX_MIB


def test_a_web_pod_has_room_for_every_copy_of_what_it_may_hold():
    held = limits.UPLOADS_ON_DISK_BYTES * limits.COPIES_PER_UPLOAD
    held += limits.ORDINARY_BODIES_ON_DISK_BYTES + limits.DOWNLOADS_ON_DISK_BYTES
    needed = limits.WEB_PROCESSES * held + limits.FILES_BEING_WRITTEN_MIB * limits.MIB

    assert needed <= limits.WEB_TMP_MIB * limits.MIB
    assert limits.LARGEST_BODY_BYTES * limits.COPIES_PER_UPLOAD * 2 <= limits.BULK_TMP_MIB * limits.MIB


def test_a_business_can_send_the_largest_body():
    assert limits.LARGEST_BODY_BYTES <= limits.UPLOADS_ON_DISK_BYTES // 2


def test_pages_take_the_sizes_of_the_table():
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == limits.FORM_BYTES <= limits.ORDINARY_BODY_BYTES
    assert list_uploads.max_body_bytes == limits.CLIENT_LIST_BYTES + limits.FORM_OVERHEAD
    assert change_logo.max_body_bytes == limits.LOGO_BYTES + limits.FORM_OVERHEAD


def test_no_page_takes_more_than_a_whole_request():
    sizes = [
        getattr(pattern.callback, "max_body_bytes", 0)
        for urls in URLCONFS
        for pattern in list_patterns(get_resolver(urls))
    ]

    assert max(sizes) == limits.LARGEST_BODY_BYTES


def test_no_text_on_a_page_names_a_limit_by_itself():
    texts = [text for _context, text in map_apps_by_text()]

    assert [text for text in texts if NAMED_LIMIT.search(text) and not text.startswith(FACTS)] == []


@pytest.mark.parametrize(
    ("text", "lifetime"),
    [
        ("It works once, for 15 minutes.", LINK_LIFETIME),
        ("The demo client opens your real portal in a new tab for 60 minutes.", IMPERSONATION_LIFETIME),
    ],
)
def test_texts_name_the_lifetimes_of_the_code(text, lifetime):
    assert [found for _context, found in map_apps_by_text() if found.startswith(text)]
    assert f" {lifetime.total_seconds() / 60:g} minutes" in text


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "up to 100,000 rows and 50 MB."), ("de", "bis zu 100.000 Zeilen und 50 MB.")],
)
def test_the_page_for_lists_says_how_large_they_may_be(staff_client, language, expected):
    page = staff_client().get("/console/acme/clients/uploads/", headers={"accept-language": language})

    assert expected in " ".join(page.content.decode().split())


def test_every_document_names_sizes_of_the_table():
    known = {size * (limits.MIB if name.endswith("_MIB") else 1) for name, size in list_sizes()}
    strange = [
        (path.name, number, unit)
        for path in DOCUMENTS
        for number, unit in NAMED_SIZE.findall(CODE_BLOCK.sub("", path.read_text()))
        if float(number) * UNITS[unit] not in known
    ]

    assert strange == [("operations.md", "976.6", "KiB")]
