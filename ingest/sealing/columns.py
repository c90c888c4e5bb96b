"""Texts of whole columns, sealed: a file brings millions, and none of them is parsed from its JSON again.

`masked` gives an event's fields with a mark in the place of each text, and the texts beside it; `sealed` puts
a token where the mark is. A mark is random and made anew by each process, so no text can hold it.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import polars as pl

from ingest.contracts import Contract
from ingest.contracts.base import FreeTextField
from ingest.events import NIL
from ingest.sealing import tokens
from ingest.sealing.fields import SEALED
from ingest.sealing.keys import BlockingTextKeys

MASKED = "masked"
STORED = "sealed"  # the column of `raw.landed_events`
_TEXT = "text:"  # and the field: a column of plain texts
_MARK = secrets.token_hex(16)
_NIL = str(NIL)

Fields = Mapping[str, Any]  # as in ingest.backfill.canonical: a column per field, or a mapping of its parts


def masked(contract: Contract, fields: Fields) -> tuple[Fields, list[pl.Expr]]:
    """The fields with marks instead of texts, and the columns of the texts; none where no text is given."""
    texts: list[pl.Expr] = []
    for field in contract.free_texts:
        fields = _masked(fields, field.path, field, texts)
    return fields, texts


def sealed(rows: pl.DataFrame, keys: BlockingTextKeys) -> pl.DataFrame:
    """Rows as they are stored: with the column `sealed` where any holds a text, without texts beside it."""
    if MASKED not in rows.columns:
        return rows
    names = [name for name in rows.columns if name.startswith(_TEXT)]
    plain = rows.drop(MASKED, *names)
    some = rows.with_row_index("place").filter(pl.any_horizontal(_says(name) for name in names))
    if some.is_empty():
        return plain
    owners = some.select(
        pl.when(pl.col("person_id") != _NIL).then("person_id").otherwise("company_id").alias("owner")
    )["owner"]
    known = keys.made(UUID(owner) for owner in owners.unique().to_list())
    ciphers = {str(owner): (owner.bytes, cipher) for owner, cipher in known.items()}
    data = some[MASKED].to_list()
    for name in names:
        data = _with_tokens(data, some, owners.to_list(), name, ciphers)
    everywhere = pl.Series(STORED, [""], dtype=pl.String).new_from_index(0, rows.height)
    return plain.with_columns(everywhere.scatter(some["place"], pl.Series(data, dtype=pl.String)))


def _with_tokens(
    data: list[str], rows: pl.DataFrame, owners: list[str], name: str, ciphers: Mapping[str, Any]
) -> list[str]:
    """The tokens of one field put in their places. A loop over many: what it needs is at hand."""
    mark, field = _mark(name), name.removeprefix(_TEXT)
    nonces = os.urandom(12 * len(data))
    types, subjects, texts = rows["event_type"].to_list(), rows["subject"].to_list(), rows[name].to_list()
    found = []
    for at, (said, text) in enumerate(zip(data, texts, strict=True)):
        if not text:
            found.append(said)
            continue
        owner, cipher = ciphers[owners[at]]
        nonce = nonces[12 * at : 12 * at + 12]
        place = tokens.place_of(types[at], subjects[at], field)
        words = b64encode(owner + nonce + cipher.encrypt(nonce, text.encode(), place)).decode()
        found.append(said.replace(mark, tokens.PREFIX + words, 1))
    return found


def _masked(fields: Fields, path: tuple[str, ...], field: FreeTextField, texts: list[pl.Expr]) -> Fields:
    given = fields.get(path[0])
    if given is None:
        return fields
    if len(path) > 1:
        if not isinstance(given, Mapping):
            raise TypeError(f"{field.name} is sealed, so its object has to come as a column per field")
        return {**fields, path[0]: _masked(given, path[1:], field, texts)}
    name = _TEXT + field.name
    texts.append(given.alias(name))
    mark = f'{{"{SEALED}":"{_mark(name)}"}}' if field.is_object else _mark(name)
    return {**fields, path[0]: pl.when(_says_expr(given)).then(pl.lit(mark)).otherwise(given)}


def _mark(name: str) -> str:
    return f"{_MARK}:{name}:"


def _says(name: str) -> pl.Expr:
    return _says_expr(pl.col(name))


def _says_expr(text: pl.Expr) -> pl.Expr:
    return text.is_not_null() & (text != "")
