"""What the report of an import says first: what the import did, or what was done to undo it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.clients.uploads.models import Upload, UploadState
from portal.clients.uploads.upload_stopping import IMPORT_STOPPED, UNDO_STOPPED


@dataclass(frozen=True)
class ImportNotice:
    """A notice of a title and a few sentences; without an icon it has that of its tone."""

    title: str
    sentences: list[str]
    tone: str
    icon: str = ""


def build_import_notice(upload: Upload) -> ImportNotice:
    """Return the notice about an import that is done or undone."""
    if upload.state == UploadState.UNDONE:
        sentences = _describe_reversal(upload.counts)
        return ImportNotice(_("The import was undone."), sentences, tone="info", icon="arrow-uturn-left")
    if upload.failure == IMPORT_STOPPED:
        return ImportNotice(_("The import stopped before its end."), _describe_stopped_import(upload), tone="error")
    if upload.failure == UNDO_STOPPED:
        advice = _("Undo the import once more, or contact support.")
        return ImportNotice(
            _("The import was not undone completely."), [*_describe_reversal(upload.counts), advice], tone="error"
        )
    return ImportNotice(_("The list was imported."), _describe_import(upload.counts), tone="success")


def _describe_import(counts: Mapping[str, int]) -> list[str]:
    created, changed = counts.get("created", 0), counts.get("changed", 0)
    return [
        ngettext("%(number)s client is new.", "%(number)s clients are new.", created) % {"number": created},
        ngettext("%(number)s card was changed.", "%(number)s cards were changed.", changed) % {"number": changed},
        _("The import sent no invitations."),
    ]


def _describe_stopped_import(upload: Upload) -> list[str]:
    if not upload.can_be_undone:
        return [_("Nothing was imported."), _("Upload the list again when you want to.")]
    left = upload.rows_total - upload.rows_done
    text = ngettext("%(number)s row was not reached.", "%(number)s rows were not reached.", left)
    advice = _("Undo the import, or upload the list again: nobody on your client list is added twice.")
    return [*_describe_import(upload.counts), text % {"number": left}, advice]


def _describe_reversal(counts: Mapping[str, int]) -> list[str]:
    removed, reverted, retained = (counts.get(name, 0) for name in ("removed", "reverted", "retained"))
    sentences = [
        ngettext("%(number)s client was removed.", "%(number)s clients were removed.", removed) % {"number": removed},
        ngettext("%(number)s card was restored.", "%(number)s cards were restored.", reverted) % {"number": reverted},
    ]
    if retained:
        text = ngettext(
            "%(number)s client was kept because of later activity.",
            "%(number)s clients were kept because of later activity.",
            retained,
        )
        sentences.append(text % {"number": retained})
    return sentences
