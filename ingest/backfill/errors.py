"""What can be wrong with a row, and with a file as a whole."""

from __future__ import annotations

from typing import Literal, NamedTuple
from uuid import UUID

Category = Literal["validation", "user_not_found", "duplicate", "db_error", "other"]


class ErrorKind(NamedTuple):
    """A code of the error file, what it says, and the category it is counted under."""

    meaning: str
    category: Category


ERRORS: dict[str, ErrorKind] = {
    "E001": ErrorKind("not an email address", "validation"),
    "E002": ErrorKind("a required cell is empty", "validation"),
    "E003": ErrorKind("not an ISO 8601 date, in the future, or more than ten years past", "validation"),
    "E004": ErrorKind("not a duration of 1 to 480 minutes", "validation"),
    "E005": ErrorKind("not a CEFR level A1 to C2", "validation"),
    "E006": ErrorKind("rating outside the column's scale (0 to 1, or 1 to 5)", "validation"),
    "E007": ErrorKind("ended before it started", "validation"),
    "E008": ErrorKind("not a value this column may hold", "validation"),
    "E009": ErrorKind("text longer than the column allows", "validation"),
    "E010": ErrorKind("an earlier row of this file has the same id and other content", "duplicate"),
    "E011": ErrorKind("more cells than the header has: a delimiter inside an unquoted text", "validation"),
    "E012": ErrorKind("no programme has this slug; import program_instances.csv first", "other"),
    "E013": ErrorKind("no user has this id; import the users of the export first", "user_not_found"),
    "E014": ErrorKind("no company has this name or id; import companies.csv first", "other"),
    "E015": ErrorKind("the person belonged to no company that day, and the row names none", "other"),
}

WARNINGS = {
    "W001": "the match is not known (yet): kept, without a person and a company",
    "W002": "the duration was longer than the time from start to end, which was taken instead",
    "W003": "the id and the email belong to two people already: the email's was introduced",
    "W004": "the match is ended, but the list does not say when: kept as begun",
}


class Reject(NamedTuple):
    """Why a row was not taken. The message names columns and never what a cell holds."""

    row: int
    code: str
    message: str


class BackfillError(Exception):
    """A file that cannot be imported. The message says what to do; nothing of the file was written."""


class UnreadableFile(BackfillError):
    """Not a table of text that this platform reads."""


class UnknownFormat(BackfillError):
    """No declared format has these columns, or several do."""


class Quarantined(UnknownFormat):
    """No programme claims the file: it is kept, and recorded with the reason."""

    def __init__(self, why: UnknownFormat, batch_id: UUID) -> None:
        super().__init__(f"{why} (kept in quarantine as batch {batch_id})")
        self.batch_id = batch_id


class UnknownBatch(BackfillError):
    """No batch has this id, or it is not in the state that was asked for."""


class FileAlreadyImported(BackfillError):
    """The same bytes were imported before; the first batch counts."""

    def __init__(self, file_name: str, batch_id: UUID, imported_as: str) -> None:
        same = "" if imported_as == file_name else f" under the name {imported_as}"
        super().__init__(f"{file_name} was imported before{same}, as batch {batch_id}; nothing was changed")
        self.batch_id = batch_id


class FileWithheld(FileAlreadyImported):
    """The same bytes have landed, and the gate did not let them pass."""

    def __init__(self, file_name: str, batch_id: UUID) -> None:
        BackfillError.__init__(
            self,
            f"{file_name} has landed as batch {batch_id} and is withheld;"
            f" `impact backfill release {batch_id}` or `impact backfill discard {batch_id}`",
        )
        self.batch_id = batch_id


class ImportRunning(BackfillError):
    """Another process is importing the same file right now."""

    def __init__(self, file_name: str, batch_id: UUID) -> None:
        super().__init__(
            f"{file_name} is being imported by another process, as batch {batch_id}; wait for it"
        )
        self.batch_id = batch_id
