"""The export of a client's personal data, as JSON and as HTML."""

from portal.cards.exports.export_archives import open_export, write_export

__all__ = ["open_export", "write_export"]
