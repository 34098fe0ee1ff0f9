"""Tests that a lock on a row lets others write rows that refer to it, unless it is there to keep them out."""

import ast

from tests.architecture.test_source_layout import parse_handwritten_modules

# Who locks a row against new rows that refer to it, too.
EXCLUSIVE = {
    # No row may join a card that is erased or merged.
    "portal/cards/services/erasing.py",
    "portal/cards/services/merging.py",
    # Nor a card that an undone import deletes.
    "portal/clients/uploads/import_reversal.py",
    # A step of an upload waits for those who write its rows.
    "portal/clients/uploads/upload_locking.py",
}


def find_exclusive_locks() -> set[str]:
    """Return the modules that lock rows without `no_key=True`."""
    return {
        path
        for path, tree in parse_handwritten_modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
        and not any(keyword.arg == "no_key" for keyword in node.keywords)
        and not path.startswith("tests/")
    }


def test_a_row_lock_keeps_out_rows_that_refer_to_it_only_where_they_must_wait():
    assert find_exclusive_locks() == EXCLUSIVE
