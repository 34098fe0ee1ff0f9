"""The sizes that Portico accepts and keeps, in one table for code, proxies, pods and documents.

docs/operations.md and k8s/ repeat these numbers; a test compares them. Timeouts are settings: see web_server_settings.
"""

from dataclasses import dataclass

MIB = 2**20

# --- What one request may bring ---
HEADER_BYTES = 32 * 1024
# A form, an API call or a webhook. Django applies it to everything in a body but files.
FORM_BYTES = 1_000_000
LOGO_BYTES = 2 * MIB
CLIENT_LIST_BYTES = 50 * MIB
# The rows of a bulk upsert as JSON: 10,000 with some 800 characters each.
BULK_UPSERT_BYTES = 8 * MIB
# What the other fields of a form with a file and its multipart boundaries may add.
FORM_OVERHEAD = MIB
# What anybody may send. More is read only for members who may open the page, and only as much as the page takes.
ORDINARY_BODY_BYTES = MIB
LARGEST_BODY_BYTES = CLIENT_LIST_BYTES + FORM_OVERHEAD

# --- What one web process holds ---
CONNECTIONS_PER_PROCESS = 2048
# Of each body and of each response; the rest is on disk, or stays there.
BODY_BYTES_IN_MEMORY = 16 * 1024
RESPONSE_BYTES_IN_MEMORY = 64 * 1024
# At any moment, of all large bodies that pages have admitted, of which one business gets half; of all others, of which
# a block of networks gets an eighth; and of all responses too large for memory, of which a block gets a quarter.
UPLOADS_ON_DISK_BYTES = 120 * MIB
ORDINARY_BODIES_ON_DISK_BYTES = 128 * MIB
DOWNLOADS_ON_DISK_BYTES = 256 * MIB

# --- What one pod needs ---
WEB_PROCESSES = 2
# Of one process while it serves pages, as the seventh benchmark measures it.
PROCESS_MEMORY_MIB = 180
# An uploaded list is on disk three times: as it arrived, as Django's file, and as the file that a sandbox reads.
COPIES_PER_UPLOAD = 3
# Without the sandbox's processes, whose number and memory are the settings SANDBOX_PROCESSES and SANDBOX_MEMORY.
WEB_MEMORY_WITHOUT_SANDBOX_MIB = 640
BULK_MEMORY_WITHOUT_SANDBOX_MIB = 320
WEB_MEMORY_MIB = 1280
BULK_MEMORY_MIB = 960
# The largest exports take some 20 MiB each while they are written.
FILES_BEING_WRITTEN_MIB = 512
WEB_TMP_MIB = 2048
BULK_TMP_MIB = 512


@dataclass(frozen=True)
class DocumentedLimit:
    """One row of the table in docs/operations.md."""

    name: str
    size: int


DOCUMENTED_LIMITS = (
    DocumentedLimit("Headers", HEADER_BYTES),
    DocumentedLimit("Form, API call or webhook", FORM_BYTES),
    DocumentedLimit("Any body, before anybody is asked who sends it", ORDINARY_BODY_BYTES),
    DocumentedLimit("Logo", LOGO_BYTES),
    DocumentedLimit("Client list", CLIENT_LIST_BYTES),
    DocumentedLimit("Bulk upsert", BULK_UPSERT_BYTES),
    DocumentedLimit("Whole request", LARGEST_BODY_BYTES),
    DocumentedLimit("Larger bodies on disk, per web process", UPLOADS_ON_DISK_BYTES),
    DocumentedLimit("Other bodies on disk, per web process", ORDINARY_BODIES_ON_DISK_BYTES),
    DocumentedLimit("Downloads on disk, per web process", DOWNLOADS_ON_DISK_BYTES),
    DocumentedLimit("Temporary files of a web pod", WEB_TMP_MIB * MIB),
    DocumentedLimit("Temporary files of a bulk worker", BULK_TMP_MIB * MIB),
    DocumentedLimit("Memory of a web pod", WEB_MEMORY_MIB * MIB),
    DocumentedLimit("Memory of a bulk worker", BULK_MEMORY_MIB * MIB),
)
