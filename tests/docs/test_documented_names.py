"""Tests that everything the documents name exists: settings, metrics, URLs, files, jobs, event types, people."""

import re
import runpy
import secrets
import shutil
import uuid

import pytest
from django.core.checks import run_checks
from django.utils import timezone

from api.provider_webhooks.sendgrid_events import parse_batch
from api.provider_webhooks.webhook_receiver import store_report
from tenants.models import Queue
from tests.architecture.test_source_layout import list_tracked_files
from tests.config.test_system_checks import PRODUCTION
from tests.docs import documented_names
from tests.docs import test_api_document as api_document
from tests.docs.markdown_documents import DOCUMENTS, FOR_OPERATORS, ROOT, CodeBlock, find_inline_code, find_links
from workers import queue
from workers.queue import enqueueing

# What a name looks like, and who knows whether there is such a thing. The first that fits decides.
KINDS = {
    r"--[a-z][a-z-]+": documented_names.names_command_option,
    r"portico_[a-z_]+(\{[^}]*\})?": documented_names.names_metric,
    r"[A-Z]{2,}(_[A-Z0-9]+)+": documented_names.names_environment_variable,
    r"[A-Z][A-Z_]*=\S+": documented_names.names_variable_assignment,
    r"(https?:/|[A-Z]+ )?/\S.*": documented_names.names_url,
    r"\S+@\S+\.\S+|\+\d+": documented_names.names_demo_person,
    r"(access|messaging|clients)\.[a-z-]+": documented_names.names_event_type,
    r"'[a-z_]+': (True|False)": documented_names.names_timeline_data,
    r"(Host|X(-[A-Z][a-z]+)+)": documented_names.names_request_header,
    r"\S*[\w>]/\S*|\.venv|Dockerfile|[\w-]+\.(py|toml|md)": documented_names.names_path,
    r"[a-z]+(_[a-z]+)+": documented_names.names_actor_or_command,
    r"[a-z][a-z0-9.-]+": documented_names.names_queue_or_program,
}
# The readers of code find names of code besides.
ALSO_IN_CODE = {
    documented_names.names_environment_variable,
    documented_names.names_event_type,
    documented_names.names_path,
    documented_names.names_actor_or_command,
    documented_names.names_queue_or_program,
}
GENERATED = {"bench/results.md"}
OUTSIDE = {
    "https://keda.sh",
    # Of Citus, PostgreSQL, PgBouncer and Azure.
    "citus.enable_unsafe_triggers",
    "client_connection_check_interval",
    *("tcp_keepalive", "tcp_keepidle", "tcp_keepintvl"),
    "azure.extensions",
}


def names_existing_thing(code_block: CodeBlock) -> bool:
    """Tell whether there is what a document names."""
    know = next((know for shape, know in KINDS.items() if re.fullmatch(shape, code_block.text)), None)
    if know and know(code_block.text, code_block.document):
        return True
    if code_block.document in FOR_OPERATORS or know not in {None, *ALSO_IN_CODE} or " --" in code_block.text:
        return False
    return documented_names.names_source_path(
        code_block.text, code_block.document
    ) or documented_names.names_code_identifier(code_block.text, code_block.document)


@pytest.fixture
def failed_enqueue(settings):
    """A message that could not be enqueued: only then are its metrics shown."""
    settings.BROKER_URL = "redis://127.0.0.1:1/0"
    enqueueing.get_broker.cache_clear()
    assert not queue.enqueue_delivery(queue=Queue.CODES, delivery_id=uuid.uuid4())
    yield
    enqueueing._breaker.record_success()
    enqueueing.get_broker.cache_clear()


@pytest.fixture
def unreadable_event(db):
    """A provider's report that could not be used: only then is it among the metrics."""
    assert store_report("sendgrid", parse_batch(b"", now=timezone.now()), now=timezone.now()).status_code == 204


@pytest.mark.skipif(not shutil.which("git"), reason="only git tells what belongs to the project")
def test_every_document_is_tested():
    documents = {path for path in list_tracked_files(".") if path.endswith(".md")}
    assert documents - GENERATED - {api_document.DOCUMENT} == set(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_name_in_backticks_exists(document, db, failed_enqueue, unreadable_event):
    unknown = [
        str(code_block)
        for code_block in find_inline_code(document)
        if code_block.text not in OUTSIDE and not names_existing_thing(code_block)
    ]
    assert not unknown, "\n".join(["Nothing is known of this, nor how to try it:", *unknown])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_to_an_existing_target(document, db):
    lost = [
        code_block
        for code_block in find_links(document)
        if code_block not in OUTSIDE and not documented_names.names_link_target(code_block, document)
    ]
    assert not lost, "\n".join(["These lead nowhere:", *lost])


def find_example_settings() -> list[CodeBlock]:
    """Return the settings that documents show with a value; make's own variables are none."""
    shown = [
        code_block
        for document in DOCUMENTS
        for code_block in find_inline_code(document)
        if re.fullmatch(r"[A-Z][A-Z_]*=\S+", code_block.text)
    ]
    return [
        code_block
        for code_block in shown
        if documented_names.names_environment_variable(code_block.text.partition("=")[0], code_block.document)
    ]


def read_setting(name: str) -> object:
    """Return a setting as its module of `config/settings/` reads it from the environment now."""
    pages = (ROOT / "config/settings").glob("*.py")
    [page] = [path for path in pages if re.search(rf"^{name} = ", path.read_text(), re.MULTILINE)]
    return runpy.run_path(str(page))[name]


@pytest.mark.parametrize("example", find_example_settings(), ids=str)
def test_every_documented_setting_value_is_valid(example, settings, monkeypatch):
    name, _equals, value = example.text.partition("=")
    monkeypatch.setenv(name, re.sub("…", lambda _: secrets.token_hex(32), value))

    read = read_setting(name)

    for setting, safe in (PRODUCTION | {name: read}).items():
        setattr(settings, setting, safe)
    assert [error.msg for error in run_checks() if error.id == f"portico.{name}"] == []
    assert [str(part) for part in read] == re.findall(r"(?:^|,)(\w+)", value)
