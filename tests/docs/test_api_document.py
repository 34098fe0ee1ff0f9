"""Tests that docs/api.md says what is so: its table has every error, and its examples work."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone, translation

from api.protocol.error_codes import ErrorCode
from config.local.state_dir import StateDir
from tenants.api_keys import create_api_key
from tenants.models import Business, Role
from tenants.nouns import registry
from tests import database_setup
from tests.docs.markdown_documents import read_code_blocks
from tests.factories import create_member
from tests.faults.process_cluster import ProcessCluster

DOCUMENT = "docs/api.md"
PATH: Path = settings.BASE_DIR / DOCUMENT
PROGRAMS = {
    "bash": (["bash", "-eu"], "Curling", "precondition_failed"),
    "python": ([sys.executable, "-"], "Pythia", "412 precondition_failed"),
    "js": (["node", "--input-type=module", "-"], "Nodes", "412 precondition_failed"),
}


def build_error_table() -> str:
    """Return the table of errors as the document has it."""
    rows = [f"| `{code.key}` | {code.status.value} | {code.title} | {code.remedy} |" for code in ErrorCode]
    return "\n".join(["| code | status | meaning | what to do |", "|---|---|---|---|", *rows])


def test_the_table_of_errors_is_that_of_the_code():
    found = re.search(r"<!-- errors -->\n(.*?)\n?<!-- /errors -->", PATH.read_text(), re.DOTALL)
    assert found
    assert found[1].strip() == build_error_table(), f"The table should be:\n{build_error_table()}"


def build_event_table() -> str:
    """Return the table of webhooks as the document has it."""
    with translation.override("en"):
        rows = [f"| `{each.name}` | {each.label} |" for each in registry.get_webhook_event_types().values()]
    return "\n".join(["| event | when |", "|---|---|", *rows])


def build_environment(**more: str) -> dict[str, str]:
    """Return the environment of an example."""
    return os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"} | more


def read_example(language: str, *, of_receiver: bool = False) -> str:
    """Return an example: of the five calls, or of a receiver of webhooks, which comes second."""
    calls, *receivers = [block.text for block in read_code_blocks(DOCUMENT) if block.language == language]
    if not of_receiver:
        return calls
    [receiver] = receivers
    return receiver


def test_the_table_of_webhooks_is_that_of_the_code():
    found = re.search(r"<!-- events -->\n(.*?)\n?<!-- /events -->", PATH.read_text(), re.DOTALL)
    assert found
    assert found[1].strip() == build_event_table(), f"The table should be:\n{build_event_table()}"


@pytest.fixture(scope="module")
def live_api(django_db_setup, django_db_blocker, tmp_path_factory):
    """Return the address of a running Portico and a key of Acme's."""
    folder = tmp_path_factory.mktemp("portico")
    with django_db_blocker.unblock(), database_setup.temporary_database(f"{django_db_setup}_docs") as url:
        with database_setup.use_database(url):
            owner = create_member(Business.objects.get(hostnames__slug="acme"), Role.OWNER)
            scopes = ["clients:read", "clients:write"]
            key = create_api_key(membership=owner, name="Getting started", scopes=scopes, now=timezone.now()).text
        cluster = ProcessCluster(StateDir(folder), {})
        cluster.env = dict(os.environ) | {
            "DATABASE_URL": url,
            "REDIS_URL": settings.REDIS_URL,
            "BROKER_URL": settings.BROKER_URL,
            "PUBLIC_URL": f"http://localhost:{cluster.port}",
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        }
        cluster.start("web")
        yield cluster.env["PUBLIC_URL"], key
        cluster.stop()


@pytest.mark.faults
@pytest.mark.parametrize("language", PROGRAMS)
def test_the_five_calls_of_the_document_work(live_api, language):
    program, *expected = PROGRAMS[language]
    address, key = live_api
    env = build_environment(PORTICO=address, PORTICO_KEY=key)
    done = subprocess.run(program, input=read_example(language), env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    for text in expected:
        assert text in done.stdout, done.stdout
