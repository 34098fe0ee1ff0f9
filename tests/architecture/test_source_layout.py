"""Tests that modules are where docs/architecture.md says, and files and functions short."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
FOLDERS = ("api", "config", "portal", "tenants", "workers")
TOP_LEVEL_PATHS = {
    *FOLDERS,
    *("assets", "bench", "docs", "k8s", "templates", "tests", ".ci"),
    *("manage.py", "pyproject.toml", "uv.lock", "Makefile", "Dockerfile"),
    *("README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"),
    *(".env.example", ".gitignore", ".dockerignore", ".gitattributes", ".editorconfig"),
}
MAX_LINES_PER_FILE = 300
# What these names do is done in one place; everything else calls that place.
ALLOWED_CALLERS = {
    "schema_context": (),
    "tenant_context": (),
    "set_schema": (),
    "set_schema_to_public": (),
    "set_tenant": ("tenants/context.py",),
    "receiver": (),
}
ALLOWED_IMPORTERS = {
    "sendgrid": ("workers/providers/sendgrid.py", "api/provider_webhooks/sendgrid_webhook.py"),
    "twilio": ("workers/providers/twilio.py", "api/provider_webhooks/twilio_webhook.py"),
    "stripe": (),
}
# A clock is read where a request, a job or a command begins; what they call is told the time.
CLOCK_READERS = re.compile(r"/(views|console|management)(/|\.py)|/(middleware|decorators)\.py")
OTHER_CLOCK_READERS = {
    "portal/access/challenge_presenter.py": "builds the context of the pages about a challenge",
    "portal/access/network_limits.py": "decorates views",
    "portal/access/reauthentication.py": "decorates views",
    "portal/signin_support/page_contexts.py": "builds the contexts of the pages of sign-in support",
    "portal/team/adapter.py": "is called by allauth",
    "portal/ui/formatting.py": "formats the times of a page",
    "tenants/database_clock.py": "is that clock",
    "tenants/metrics_collector.py": "is called by Prometheus",
    "tenants/staff/forms.py": "is called by allauth",
    "tenants/staff/session_store.py": "is called by Django's middleware",
}


def list_tracked_files(*folders: str) -> list[str]:
    """Return the paths git knows below some folders; every path where there is no git to ask."""
    known = ["git", "ls-files", "--", *folders]
    if not shutil.which("git"):
        known = ["find", *folders, "-type", "f", "-not", "-path", "*/node_modules/*", "-not", "-name", "*.pyc"]
    paths = subprocess.run(known, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [path for path in paths if (ROOT / path).exists()]


@cache
def parse_all_modules() -> dict[str, ast.Module]:
    """Return every module with its syntax tree, read by the first test that wants one."""
    paths = [path for path in list_tracked_files(*FOLDERS, "tests", "bench") if path.endswith(".py")]
    return {path: ast.parse((ROOT / path).read_text()) for path in paths}


@cache
def parse_product_modules() -> dict[str, ast.Module]:
    """Return the modules that run in production."""
    return {path: tree for path, tree in parse_all_modules().items() if path.split("/")[0] in FOLDERS}


@cache
def parse_handwritten_modules() -> dict[str, ast.Module]:
    """Return those that somebody wrote."""
    return {path: tree for path, tree in parse_product_modules().items() if "/migrations/" not in path}


def iter_syntax_nodes(kind: type | tuple[type, ...]) -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of a kind with the place where it is."""
    for path, tree in parse_handwritten_modules().items():
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield path, node


def list_caught_names(node: ast.Try) -> set[str]:
    """Return the names of the exceptions that a `try` catches."""
    types = [handler.type for handler in node.handlers if handler.type]
    return {get_attribute_name(name) for one in types for name in ast.walk(one)}


def get_attribute_name(node: ast.AST) -> str:
    """Return the last name of `a.b.c`, or the name itself."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


@pytest.mark.skipif(not shutil.which("git"), reason="only git tells what belongs to the project")
def test_top_level_holds_only_listed_paths():
    assert {path.split("/")[0] for path in list_tracked_files(".")} <= TOP_LEVEL_PATHS


def test_no_module_is_named_utils_or_helpers():
    odd = re.compile(r"(^|/)(utils?|helpers?|common|misc|tools?|signals|managers)(\.py|/)")
    assert [path for path in list_tracked_files(*FOLDERS, "tests") if odd.search(path)] == []


def test_files_have_at_most_300_lines():
    lines = {path: (ROOT / path).read_text().count("\n") for path in parse_all_modules() if "/migrations/" not in path}
    assert {path: count for path, count in lines.items() if count > MAX_LINES_PER_FILE} == {}


def test_no_todo_comments():
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    mine = "tests/architecture/test_source_layout.py"
    assert [path for path in parse_all_modules() if path != mine and later.search((ROOT / path).read_text())] == []


def test_every_module_has_a_docstring():
    ours = {path: tree for path, tree in parse_all_modules().items() if "/migrations/" not in path and tree.body}
    assert [path for path, tree in ours.items() if not ast.get_docstring(tree)] == []


def test_every_public_function_and_class_has_a_docstring():
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in parse_handwritten_modules().items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and node.name != "Command"
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_functions_have_at_most_20_lines():
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, node in iter_syntax_nodes(ast.FunctionDef)
        if _count_lines(node) > 20
    ]
    assert long == []


def test_only_use_business_selects_a_schema_and_nothing_listens_to_signals():
    used = [
        (path, get_attribute_name(node))
        for path, node in iter_syntax_nodes((ast.Attribute, ast.Name))
        if get_attribute_name(node) in ALLOWED_CALLERS
    ]
    assert [(path, name) for path, name in used if path not in ALLOWED_CALLERS[name]] == []
    assert [
        path
        for path, node in iter_syntax_nodes(ast.Attribute)
        if node.attr == "connect" and "signal" in ast.unparse(node)
    ] == []


def test_no_naive_clock_is_read():
    naive = {"datetime.now", "datetime.datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
    calls = [
        (path, node.lineno)
        for path, node in iter_syntax_nodes(ast.Call)
        if ast.unparse(node.func) in naive and not node.args
    ]
    assert calls == []


def test_the_time_is_the_databases_wherever_it_is_read():
    machine_time = {"timezone.now", "datetime.now", "time.time"}
    readers = {path for path, node in iter_syntax_nodes(ast.Attribute) if ast.unparse(node) in machine_time}
    packages = ("api/", "portal/", "tenants/", "workers/")
    assert {path for path in readers if path.startswith(packages)} == {"tenants/database_clock.py"}


def test_nothing_is_judged_by_a_library_that_reads_the_machines_clock():
    judges = {"AgeLimit", "TimestampSigner", "signing.loads", "signing.dumps", "loads", "dumps"}
    imported = {
        (path, alias.name)
        for path, node in iter_syntax_nodes(ast.ImportFrom)
        if (node.module or "").startswith(("django.core.signing", "dramatiq.middleware"))
        for alias in node.names
    }
    called = {(path, ast.unparse(node)) for path, node in iter_syntax_nodes(ast.Attribute)}
    packages = ("api/", "config/", "portal/", "tenants/", "workers/")
    found = {(path, name) for path, name in imported | called if name in judges and path.startswith(packages)}
    assert found == set()


def test_whoever_reads_a_signed_value_expects_what_another_release_signed():
    """A signature says who wrote a value, not in which form: what can't be decoded is a ValueError."""
    handlers = [(path, node) for path, node in iter_syntax_nodes(ast.Try) if "ValueError" in list_caught_names(node)]
    expecting = {id(inner) for _path, node in handlers for inner in ast.walk(node)}
    readers = [(path, node) for path, node in iter_syntax_nodes(ast.Attribute) if node.attr == "unsign_object"]
    assert readers
    assert [path for path, node in readers if id(node) not in expecting] == []


def test_only_entry_points_read_the_clock():
    functions = {"database_clock.now", "timezone.localdate", "time.time"}
    readers = {path for path, node in iter_syntax_nodes(ast.Call) if ast.unparse(node.func) in functions}
    inside = {path for path in readers if path.startswith(("portal/", "tenants/")) and not CLOCK_READERS.search(path)}
    assert inside == set(OTHER_CLOCK_READERS)


def test_money_is_never_a_float():
    fields = [
        (path, node.lineno)
        for path, node in iter_syntax_nodes(ast.Attribute)
        if node.attr in ("FloatField", "DecimalField")
    ]
    assert fields == []


def test_models_override_no_save_or_delete():
    magic = {"save", "delete", "full_clean", "__init__"}
    overrides = [
        (path, node.name, method.name)
        for path, node in iter_syntax_nodes(ast.ClassDef)
        if any(get_attribute_name(base) in ("Model", "TenantMixin", "AbstractBaseUser") for base in node.bases)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name in magic
    ]
    assert overrides == []


@pytest.mark.parametrize("vendor", ALLOWED_IMPORTERS)
def test_vendor_packages_are_imported_lazily_in_their_own_modules(vendor):
    imports = [
        (path, node.col_offset)
        for path, node in iter_syntax_nodes((ast.Import, ast.ImportFrom))
        for module in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        )
        if module.split(".")[0] == vendor
    ]
    assert [path for path, _ in imports if path not in ALLOWED_IMPORTERS[vendor]] == []
    assert [path for path, indent in imports if indent == 0 and not path.startswith("workers/providers/")] == []


def test_templates_are_short_and_carry_no_script_or_style():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    pages = [
        path
        for path in list_tracked_files("templates")
        if path.endswith(".html") and not path.startswith("templates/messages/")
    ]
    assert pages
    assert [path for path in pages if inline.search((ROOT / path).read_text())] == []
    assert [path for path in pages if (ROOT / path).read_text().count("\n") > 60] == []


def test_tests_mirror_what_they_test():
    own = {"architecture", "attacks", "browser", "faults", "journeys", "fakes", "bench", "docs"}
    folders = {path.split("/")[1] for path in list_tracked_files("tests") if path.count("/") > 1}
    assert folders - own <= set(FOLDERS)


def _count_lines(node: ast.FunctionDef) -> int:
    """Return the lines of a function's body, without its docstring and blank lines."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return sum(len(ast.unparse(statement).splitlines()) for statement in body)


def test_one_module_says_what_can_not_be_seen_and_what_a_dash_is():
    rules = re.compile(r"""["'](?:Cf|Pd)["']|[\u200b-\u200f\u2060\ufeff]|[‐‑‒―]""")
    modules = {
        path
        for path in list_tracked_files("api", "portal", "tenants", "workers")
        if path.endswith(".py") and rules.search((ROOT / path).read_text())
    }
    assert modules == {"tenants/text_cleaning.py"}
