"""Tests that only signing in and delivery bypass the ORM, and that one module relies on Django's internals."""

import ast

from tests.architecture.test_source_layout import parse_handwritten_modules

FAST = ("tenants.combined_writes", "tenants.compiled_queries")
# What each module is needed for: see docs/adr/0014-compiled-queries-and-combined-writes.md.
PERMITTED = {
    # Requesting a code, entering it, and the session that every page of a client looks up.
    "portal/access/address_limits.py",
    "portal/access/services/challenges.py",
    "portal/access/services/code_recipients.py",
    "portal/access/services/sessions.py",
    "portal/access/services/token_grants.py",
    "portal/access/services/code_verification.py",
    "portal/branding/services.py",
    # The key of a program, which every request to the business API looks up.
    "tenants/api_keys.py",
    # Delivering a message and recording what became of it.
    "portal/messaging/message_templates/services.py",
    "portal/messaging/services.py",
    "tenants/business_cache.py",
    "tenants/outbox.py",
    "tenants/recipient_budgets.py",
}

# Modules below portal/ and tenants/ with SQL of their own, beside the two above and the management of schemas.
PERMITTED_SQL = {
    # Advisory locks and settings of a transaction.
    "portal/access/services/code_recipients.py",
    "portal/clients/services/submission_matching.py",
    "portal/clients/uploads/upload_locking.py",
    "portal/scheduling/services/hold_limits.py",
    "api/protocol/idempotency.py",
    "tenants/sms_limits/admission.py",
    "tenants/staff/code_request_limits.py",
    # What time it is in the database.
    "tenants/database_clock.py",
    # Rows made of other rows: importing a client list, its timeline entries, claiming deliveries, storing events.
    "portal/activity/services.py",
    "portal/clients/uploads/bulk_copy.py",
    "portal/clients/uploads/bulk_row_updates.py",
    "portal/clients/uploads/import_chunks.py",
    "portal/clients/uploads/address_matches.py",
    "portal/clients/uploads/duplicate_rows.py",
    "portal/clients/uploads/row_candidates.py",
    "portal/clients/uploads/row_import.py",
    "tenants/outbox.py",
    "tenants/provider_events.py",
    # Whose turn it is to have webhooks sent, and sending those of many timeline entries again.
    "tenants/webhooks/streams.py",
    "portal/integrations/webhooks/replays.py",
    # Updates of two tables in one statement, so that the page of a conversation keeps to twelve.
    "portal/messaging/conversations/services.py",
}
SCHEMA_MANAGEMENT = {
    "tenants/backend/base.py",
    "tenants/provisioning.py",
    "tenants/schema_migrations.py",
    "tenants/schema_snapshots.py",
}

INTERNALS = "tenants/django_internals.py"
INTERNAL_MODULES = (
    "django.db.models.sql",
    "django.db.models.query.get_related_populators",
    "django.utils.translation.trans_real",
)
INTERNAL_NAMES = {"get_compiler", "klass_info", "annotation_col_map", "b62_decode", "needs_rollback"}
# Named with an underscore, but in Django's or Python's documentation or, as `_state`, in common use.
PUBLIC_NAMES = {"_meta", "_base_manager", "_default_manager", "_state", "_replace", "_asdict"}
# What is private to other packages.
OTHER_PACKAGES = {
    ("tenants/staff/views/mfa_setup.py", "allauth.account.internal.flows.login"),
    ("tenants/staff/views/mfa_setup.py", "allauth.account.internal.flows.login.record_authentication"),
    ("workers/queue/rabbitmq_broker.py", "dramatiq.brokers.rabbitmq._RabbitmqConsumer"),
    ("workers/queue/redis_broker.py", "dramatiq.brokers.redis._RedisConsumer"),
    ("workers/queue/rabbitmq_broker.py", "_message"),
    ("api/schema/operation_schemas.py", "_map_basic_serializer"),
    ("api/protocol/sparse_fields.py", "_declared_fields"),
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


def has_own_sql(tree: ast.Module) -> bool:
    """Return whether a module opens a cursor of the database connection, or makes rows of a query of its own."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(isinstance(call, ast.Attribute) and call.attr in ("cursor", "raw") for call in calls)


def test_only_listed_modules_have_sql_of_their_own():
    modules = {path.replace(".", "/") + ".py" for path in FAST} | PERMITTED_SQL | SCHEMA_MANAGEMENT
    packages = ("portal/", "tenants/", "workers/", "api/")
    users = {
        path for path, tree in parse_handwritten_modules().items() if path.startswith(packages) and has_own_sql(tree)
    }

    assert users == modules


def list_used_internals(tree: ast.Module) -> set[str]:
    """Return what a module uses of others' private names and of Django's internals."""
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and not is_own_attribute(node)}
    private = {name for name in names if name.startswith("_") and not name.startswith("__")}
    modules = {name for name in list_imported_modules(tree) if name.startswith(INTERNAL_MODULES) or is_private(name)}
    return private - PUBLIC_NAMES | names & INTERNAL_NAMES | modules


def is_private(module: str) -> bool:
    """Return whether a module, or what is imported from it, is named as internal to its package."""
    parts = module.split(".")
    return "internal" in parts or (parts[-1].startswith("_") and not parts[-1].startswith("__"))


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
