"""Tests that compiled queries and combined writes serve signing in and delivery alone; everything else uses the ORM."""

import ast

from tests.architecture.test_layout import written

FAST = ("tenants.combined_writes", "tenants.compiled_queries")
# What each module is needed for: see docs/adr/0014-compiled-queries-and-combined-writes.md.
PERMITTED = {
    # Requesting a code, entering it, and the session that every page of a client looks up.
    "portal/access/address_limits.py",
    "portal/access/services/challenges.py",
    "portal/access/services/destinations.py",
    "portal/access/services/sending.py",
    "portal/access/services/sessions.py",
    "portal/access/services/verification.py",
    "portal/branding/services.py",
    # Delivering a message and recording what became of it.
    "portal/messaging/message_templates/services.py",
    "portal/messaging/services.py",
    "tenants/business_routes.py",
    "tenants/outbox.py",
}


def imported_modules(tree: ast.Module) -> set[str]:
    """Return the modules that a module imports or imports from, and the names it takes from each as modules."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_only_signing_in_and_delivery_leave_the_orm():
    users = {path for path, tree in written().items() if imported_modules(tree) & {*FAST}}

    assert users == PERMITTED
