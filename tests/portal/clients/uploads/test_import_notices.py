"""The report of an import that stopped says what was imported and what can be done now."""

from portal.clients.models import Upload
from portal.clients.uploads.import_notices import build_import_notice


def test_a_stopped_import_that_wrote_nothing_offers_no_undoing():
    notice = build_import_notice(Upload(state="done", failure="import-stopped", rows_total=2))

    assert notice.sentences == ["Nothing was imported.", "Upload the list again when you want to."]


def test_a_stopped_import_says_how_many_rows_it_did_not_reach():
    counts = {"created": 3, "changed": 0}
    notice = build_import_notice(
        Upload(state="done", failure="import-stopped", counts=counts, rows_total=10, rows_done=5)
    )

    assert notice.sentences[0] == "3 clients are new."
    assert "5 rows were not reached." in notice.sentences
    assert "Undo the import" in notice.sentences[-1]
