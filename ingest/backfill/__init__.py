"""History from files: exports become the same events that webhooks bring, in `raw.events`."""

from ingest.backfill.errors import (
    BackfillError,
    FileAlreadyImported,
    FileWithheld,
    ImportRunning,
    Quarantined,
    UnknownFormat,
    UnreadableFile,
)
from ingest.backfill.formats import FORMATS
from ingest.backfill.gate import Gate, LandedBatch, Verdict
from ingest.backfill.importer import BatchResult, Progress, import_file, import_tables

__all__ = [
    "FORMATS",
    "BackfillError",
    "BatchResult",
    "FileAlreadyImported",
    "FileWithheld",
    "Gate",
    "ImportRunning",
    "LandedBatch",
    "Progress",
    "Quarantined",
    "UnknownFormat",
    "UnreadableFile",
    "Verdict",
    "import_file",
    "import_tables",
]
