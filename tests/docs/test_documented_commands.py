"""Tests that every command and snippet in the documents works as it is written."""

import io
import os
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command

from config.local import venv_bootstrap
from tests.architecture.test_k8s import OVERLAYS, get_resource_name, read_base_manifests, read_yaml
from tests.docs import documented_names
from tests.docs.markdown_documents import (
    DOCUMENTS,
    PROGRAMS,
    PYTHONS,
    ROOT,
    find_documented_commands,
    find_fenced_blocks,
    read_code_blocks,
)
from tests.tenants.domains.conftest import DOMAIN

pytestmark = pytest.mark.slow

# What each command of ours says once it did its work.
SAYS = {
    "add_client": r"\w is a client of \w",
    "confirm_clients": r"^Nobody was left to confirm\.\n$",
    "create_api_key": r"^pk_\w{38}\n$",
    "create_business": r"\w is live at http://[a-z-]+\.localhost:8000/\n$",
    "erase_client": r"^Erased\. An anonymous card of \w",
    "import_clients": r"\b2  new\n",
    "migrate_businesses": r"Every schema is up to date\.\n$",
    "resume_business": r"\w is open again at http",
    "shell": "Requested a code",
    "sms_stops": r"^No texts are stopped\.\n|^Lifted: 1\.\n$",
    "suspend_business": r"\w is suspended\. ",
    "tickets": r"A code is missing\n|^Answered\.\n$|^Closed\.\n$",
    "stopped_jobs": r"^0 jobs are (stopped|run again)\.\n$",
    "unreadable_events": r"^Everything that providers reported was understood\.\n$",
}
# Only what is run, asked of the application or looked at by hand may stand in a block.
LANGUAGES = {"sh", "python", "caddyfile", "text"}
# The tests may have been started by a make, which hands these on.
MAKES_OWN = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "T", "B", "PYTHON"}


def run_manage(*arguments: str) -> str:
    """Run a command of ours on the tests' database and return what it says."""
    with redirect_stdout(io.StringIO()) as output:
        call_command(*arguments, stdout=output)
    return output.getvalue()


def run_shell_line(line: str) -> str:
    """Type a line into a fresh shell at the project's top and return what it prints."""
    env = {name: value for name, value in os.environ.items() if name not in MAKES_OWN}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    done = subprocess.run(["sh", "-c", line], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{line}: {done.stderr}"
    return done.stdout


def test_every_code_block_is_in_a_tested_language():
    found = [
        code_block
        for document in DOCUMENTS
        for code_block in read_code_blocks(document)
        if code_block.language is not None
    ]
    strange = [str(code_block) for code_block in found if code_block.language not in LANGUAGES]
    assert not strange, "\n".join(["Nothing here knows how to try these blocks:", *strange])


def test_every_shell_command_begins_with_a_known_program():
    strange = [str(code_block) for code_block in find_documented_commands() if code_block.arguments[0] not in PROGRAMS]
    assert not strange, "\n".join(["Nothing here knows how to run these:", *strange])


@pytest.mark.parametrize("command", find_documented_commands(*PYTHONS), ids=str)
def test_every_management_command_runs(command, prepare_command, sign_in_timeline, tmp_path, monkeypatch):
    _python, script, command_name, *rest = prepare_command(command)
    assert script == "manage.py"
    assert command_name in SAYS, f"{command}: what does {command_name} say once it did its work? Add it to SAYS."
    typed = tmp_path / "typed.py"
    typed.write_text("".join(block.text for block in find_fenced_blocks("python")))

    with typed.open() as keyboard:
        monkeypatch.setattr(sys, "stdin", keyboard)
        output = run_manage(command_name, *rest)

    assert re.search(SAYS[command_name], output), f"{command}: {output}"


def test_the_documented_python_runs_our_commands(db):
    [listing] = [
        code_block
        for code_block in find_documented_commands("python")
        if code_block.arguments[1:] == ["manage.py", "tickets"]
    ]
    assert run_shell_line(listing.text) == "There are no open tickets.\n"
    assert {ROOT / python for python in PYTHONS if "/" in python} == {venv_bootstrap.PYTHON}


@pytest.mark.parametrize("snippet", find_fenced_blocks("python"), ids=str)
def test_a_snippet_prints_a_client_s_timeline(snippet, sign_in_timeline):
    lines = run_manage("shell", "--no-imports", "--command", snippet.text).splitlines()

    assert len(lines) == len(sign_in_timeline)
    for line, expected_output in zip(lines, sign_in_timeline, strict=True):
        assert expected_output in line
    assert "'sendable': False" in lines[0], "the runbook's table says what that means"


def test_every_documented_make_target_exists_and_is_passed_on():
    offered = dict(re.findall(r"^  make ([a-z-]+) +(\w.*)$", run_shell_line("make help"), re.MULTILINE))
    known = set(re.findall(r'^ +"([a-z-]+)": ', (ROOT / "config/local/__main__.py").read_text(), re.MULTILINE))
    typed = {word for command in find_documented_commands("make") for word in command.arguments[1:]}
    targets = {word for word in typed if "=" not in word}

    assert targets <= set(offered), "make help lists every target the documents name"
    assert [word for word in typed - targets if not documented_names.names_variable_assignment(word, "")] == []
    for target in targets - {"help"}:
        recipe = run_shell_line(f"make -n {target}").strip()
        assert recipe.endswith(f"exec python3 -I config/local/venv_bootstrap.py {target}"), recipe
        assert target in known


@pytest.mark.parametrize("command", find_documented_commands("kubectl"), ids=str)
def test_resources_in_kubectl_commands_exist(command):
    spaces = [read_yaml(overlay / "kustomization.yaml")["namespace"] for overlay in OVERLAYS]
    match command.arguments[1:]:
        case ["create", "namespace", space]:
            assert space in spaces
        case ["-n", space, "create", "secret", "generic", secret, "--from-env-file=secrets.env"]:
            assert space in spaces
            assert f"secretRef: {{ name: {secret} }}" in (ROOT / "k8s/base/web.yaml").read_text()
        case ["-n", space, "delete", "job", job, "--ignore-not-found"]:
            assert space in spaces
            assert ("Job", job) in {(doc["kind"], get_resource_name(doc)) for doc in read_base_manifests()}
        case ["apply", "-k", overlay]:
            assert ROOT / overlay in OVERLAYS
        case _:
            pytest.fail(f"{command}: nothing here knows what this asks of a cluster.")


@pytest.mark.parametrize("caddyfile", find_fenced_blocks("caddyfile"), ids=str)
def test_the_caddyfile_asks_the_platform_before_ordering_certificates(
    caddyfile, acme, verified_domain, platform_client, portal_client
):
    asked = urlsplit(re.search(r"\bask (\S+)", caddyfile.text)[1])
    upstream = re.search(r"\breverse_proxy \S+:(\d+)", caddyfile.text)[1]

    def request_statuses(browser):
        return [browser.get(asked.path, {"domain": domain}).status_code for domain in (DOMAIN, "stranger.example")]

    assert request_statuses(platform_client()) == [200, 404]
    assert request_statuses(portal_client(acme)) == [404, 404], "only the platform's own host answers"
    assert f"PLATFORM_HOST={asked.hostname}\n" in (ROOT / ".env.example").read_text()
    assert f'"--port", "{upstream}"' in (ROOT / "Dockerfile").read_text()
