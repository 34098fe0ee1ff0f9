"""Tests that what bypasses the ORM serves signing in and delivery alone, and relies on Django's internals in one module."""

import ast

from tests.architecture.test_source_layout import parse_handwritten_modules

FAST = ("tenants.combined_writes", "tenants.compiled_queries")
# What each module is needed for: see docs/adr/0014-compiled-queries-and-combined-writes.md.
PERMITTED = {
    # Requesting a code, entering it, and the session that every page of a client looks up.
    "portal/access/address_limits.py",
    "portal/access/services/challenges.py",
    "portal/access/services/destinations.py",
    "portal/access/services/code_sending.py",
    "portal/access/services/sessions.py",
    "portal/access/services/code_verification.py",
    "portal/branding/services.py",
    # Delivering a message and recording what became of it.
    "portal/messaging/message_templates/services.py",
    "portal/messaging/services.py",
    "tenants/business_cache.py",
    "tenants/outbox.py",
}

INTERNALS = "tenants/django_internals.py"
INTERNAL_MODULES = ("django.db.models.sql", "django.db.models.query.get_related_populators")
INTERNAL_NAMES = {"get_compiler", "klass_info", "annotation_col_map"}
# Named with an underscore, but in Django's or Python's documentation or, as `_state`, in common use.
PUBLIC_NAMES = {"_meta", "_base_manager", "_default_manager", "_state", "_replace", "_asdict"}
# What is private to other packages.
OTHER_PACKAGES = {
    ("workers/queue/rabbitmq_broker.py", "_message"),
}


def list_imported_modules(tree: ast.Module) -> set[str]:
    """Return the modules that a module imports or imports from, and the names it takes from each as modules."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_only_sign_in_and_delivery_use_compiled_queries_and_combined_writes():
    users = {path for path, tree in parse_handwritten_modules().items() if list_imported_modules(tree) & {*FAST}}

    assert users == PERMITTED


def list_used_internals(tree: ast.Module) -> set[str]:
    """Return what a module uses of others' private names and of Django's internals."""
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and not is_own_attribute(node)}
    private = {name for name in names if name.startswith("_") and not name.startswith("__")}
    modules = {name for name in list_imported_modules(tree) if name.startswith(INTERNAL_MODULES)}
    return private - PUBLIC_NAMES | names & INTERNAL_NAMES | modules


def is_own_attribute(node: ast.Attribute) -> bool:
    """Return whether an attribute is one of `self` or `cls`."""
    return isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")


def test_only_one_module_relies_on_djangos_internals():
    used = {
        (path, name)
        for path, tree in parse_handwritten_modules().items()
        for name in list_used_internals(tree)
        if path != INTERNALS
    }

    assert used == OTHER_PACKAGES
