"""How the tests are spread over the processes of `pytest -n`: whole folders, the longest first."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling


class FolderScheduling(LoadScopeScheduling):
    """A folder's tests share servers and what they have filled them with, so they stay in one process."""

    def _split_scope(self, nodeid: str) -> str:
        return folder_of(nodeid)


def folder_of(nodeid: str) -> str:
    """`tests/ingest/test_people.py::test_x` is of `ingest`."""
    return nodeid.partition("::")[0].split("/")[1]
