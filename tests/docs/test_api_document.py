"""Tests that docs/api.md says what is so: its tables are complete, and its examples work."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from django.conf import settings
from django.utils import timezone, translation

from api.protocol.error_codes import ErrorCode
from api.schema.components import refer_to_parameter
from api.schema.documents import BUSINESS_SCHEMA, PORTAL_SCHEMA
from config.local.state_dir import StateDir
from portal.access.models import Challenge
from tenants.api_keys import create_api_key
from tenants.context import use_business
from tenants.models import Business, PortalHostname, Role
from tenants.nouns import registry
from tests import database_setup
from tests.api.schema.operations import list_operations
from tests.docs.markdown_documents import read_code_blocks
from tests.factories import ClientFactory, create_member
from tests.faults.process_cluster import ProcessCluster
from tests.portal.access.sign_in_steps import current_code

DOCUMENT = "docs/api.md"
PATH: Path = settings.BASE_DIR / DOCUMENT
KEY_PARAMETER = refer_to_parameter("IdempotencyKey")
# An address that every program finds, unlike acme.localhost.
PORTAL_HOST = "127.0.0.1"
SUFFIXES = {"bash": "sh", "python": "py", "js": "mjs"}
PROGRAMS = {
    "bash": (["bash", "-eu"], "Curling", "precondition_failed"),
    "python": ([sys.executable, "-"], "Pythia", "412 precondition_failed"),
    "js": (["node", "--input-type=module", "-"], "Nodes", "412 precondition_failed"),
}


def build_error_table() -> str:
    """Return the table of errors as the document has it."""
    rows = [f"| `{code.key}` | {code.status.value} | {code.title} | {code.remedy} |" for code in ErrorCode]
    return "\n".join(["| code | status | meaning | what to do |", "|---|---|---|---|", *rows])


def read_marked(name: str) -> str:
    """Return what stands between the two marks of a part of the document."""
    found = re.search(rf"<!-- {name} -->\n(.*?)\n?<!-- /{name} -->", PATH.read_text(), re.DOTALL)
    assert found
    return found[1].strip()


def test_the_table_of_errors_is_that_of_the_code():
    assert read_marked("errors") == build_error_table(), f"The table should be:\n{build_error_table()}"


def test_every_operation_that_takes_no_idempotency_key_is_named():
    without_key = {
        operation.id
        for operation in (*list_operations(BUSINESS_SCHEMA), *list_operations(PORTAL_SCHEMA))
        if operation.method != "GET" and KEY_PARAMETER not in operation.details.get("parameters", [])
    }
    assert without_key == {*re.findall("`([a-z_]+)`", read_marked("not repeated"))}


@dataclass(frozen=True)
class LiveApi:
    """A running Portico: its database, the addresses of both APIs, and a key of Acme's."""

    database: str
    address: str
    portal: str
    key: str

    def read_newest_code(self) -> str:
        """Return the code that was sent last."""
        with database_setup.use_database(self.database), use_business(Business.objects.get(hostnames__slug="acme")):
            return current_code(Challenge.objects.latest("created_at"))


def build_event_table() -> str:
    """Return the table of webhooks as the document has it."""
    with translation.override("en"):
        rows = [f"| `{each.name}` | {each.label} |" for each in registry.get_webhook_event_types().values()]
    return "\n".join(["| event | when |", "|---|---|", *rows])


def test_the_table_of_webhooks_is_that_of_the_code():
    assert read_marked("events") == build_event_table(), f"The table should be:\n{build_event_table()}"


@pytest.fixture(scope="module")
def live_api(django_db_setup, django_db_blocker, tmp_path_factory):
    """A running Portico with a client for each language. Acme's portal is at an address that every program finds."""
    folder = tmp_path_factory.mktemp("portico")
    with django_db_blocker.unblock(), database_setup.temporary_database(f"{django_db_setup}_docs") as url:
        with database_setup.use_database(url):
            acme = Business.objects.get(hostnames__slug="acme")
            owner = create_member(acme, Role.OWNER)
            scopes = ["clients:read", "clients:write", "uploads:run", "webhooks:manage"]
            key = create_api_key(membership=owner, name="Getting started", scopes=scopes, now=timezone.now()).text
            PortalHostname.objects.create(business=acme, domain=PORTAL_HOST, verified_at=timezone.now())
            with use_business(acme):
                for language in PROGRAMS:
                    ClientFactory(name=f"Ana {language}", email=f"{language}@example.com")
        cluster = ProcessCluster(StateDir(folder), {})
        cluster.env = dict(os.environ) | {
            "DATABASE_URL": url,
            "REDIS_URL": settings.REDIS_URL,
            "BROKER_URL": settings.BROKER_URL,
            "PUBLIC_URL": f"http://localhost:{cluster.port}",
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
            # A worker says in its log that it is ready.
            "LOG_LEVEL": "info",
            "PYTHONUNBUFFERED": "1",
        }
        try:
            cluster.start("web", "bulk")
            yield LiveApi(url, cluster.env["PUBLIC_URL"], f"http://{PORTAL_HOST}:{cluster.port}", key)
        finally:
            cluster.stop()


def read_example(language: str, word: str) -> str:
    """Return the example in a language that has a word, such as the environment variable that it reads."""
    blocks = [block.text for block in read_code_blocks(DOCUMENT) if block.language == language]
    [example] = [text for text in blocks if re.search(rf"\b{word}\b", text)]
    return example


def build_environment(**more: str) -> dict[str, str]:
    """Return the environment of an example, in which Node is found."""
    return os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"} | more


@pytest.mark.faults
@pytest.mark.parametrize("language", PROGRAMS)
def test_the_five_calls_of_the_document_work(live_api, language):
    program, *expected = PROGRAMS[language]
    env = build_environment(PORTICO=live_api.address, PORTICO_KEY=live_api.key)
    script = read_example(language, "PORTICO")
    done = subprocess.run(program, input=script, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    for text in expected:
        assert text in done.stdout, done.stdout


@pytest.mark.faults
@pytest.mark.parametrize(("word", "expected"), [("bulk", r'"status": ?"created"'), ("webhooks", r'"secret": ?"whsec_')])
def test_an_example_for_a_shell_works(live_api, word, expected):
    env = build_environment(PORTICO=live_api.address, PORTICO_KEY=live_api.key)
    command, script = PROGRAMS["bash"][0], read_example("sh", word)
    done = subprocess.run(command, input=script, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert re.search(expected, done.stdout), done.stdout


@pytest.mark.faults
@pytest.mark.parametrize("language", PROGRAMS)
def test_a_client_signs_in_by_the_example(live_api, language, tmp_path, django_db_blocker):
    script = tmp_path / f"example.{SUFFIXES[language]}"
    script.write_text(read_example(language, "PORTICO_PORTAL"))
    email = f"{language}@example.com"
    env = build_environment(PORTICO_PORTAL=live_api.portal, CLIENT_EMAIL=email)
    command, pipe = [PROGRAMS[language][0][0], str(script)], subprocess.PIPE
    with subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True) as program:
        shown = read_until(program.stdout, "Code: ")
        with django_db_blocker.unblock():
            code = live_api.read_newest_code()
        shown += program.communicate(f"{code}\n", timeout=120)[0]
    assert program.returncode == 0, shown
    assert f"Ana {language}" in shown
    assert email in shown


def read_until(output: IO[str], text: str) -> str:
    """Return what a program prints up to a text, or all of it if the text never comes."""
    shown = ""
    while not shown.endswith(text) and (character := output.read(1)):
        shown += character
    return shown
