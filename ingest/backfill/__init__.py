"""History from files: CSV exports become the same events that webhooks bring, straight into `raw.events`."""

from ingest.backfill.errors import (
    BackfillError,
    FileAlreadyImported,
    ImportRunning,
    UnknownFormat,
    UnreadableFile,
)
from ingest.backfill.formats import FORMATS
from ingest.backfill.importer import BatchResult, Progress, import_file

__all__ = [
    "FORMATS",
    "BackfillError",
    "BatchResult",
    "FileAlreadyImported",
    "ImportRunning",
    "Progress",
    "UnknownFormat",
    "UnreadableFile",
    "import_file",
]
