"""The shorter way of reading headers reads what nats-py reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client

from ingest.nats_headers import _KNOWN, PipelineClient

names = st.one_of(st.sampled_from(sorted(_KNOWN)), st.binary(max_size=12))
lines = st.tuples(names, st.sampled_from([b":", b": ", b":\t", b""]), st.binary(max_size=20)).map(b"".join)


@given(raw=st.lists(lines, max_size=8).map(b"\r\n".join))
def test_every_block_reads_alike(raw: bytes) -> None:
    assert PipelineClient._parse_header_lines(raw) == Client._parse_header_lines(raw)


@pytest.mark.parametrize("name", sorted(_KNOWN))
def test_known_names_are_read(name: bytes) -> None:
    block = name + b": value \r\n"
    assert PipelineClient._parse_header_lines(block) == {_KNOWN[name]: "value"}
