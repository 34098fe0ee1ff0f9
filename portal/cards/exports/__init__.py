"""The export of a client's personal data, as JSON and as HTML."""

from portal.cards.exports.export_archives import write_export

__all__ = ["write_export"]
