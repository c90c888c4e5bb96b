"""Texts of whole columns, sealed: a file brings millions, and none of them is parsed from its JSON again.

`masked` gives an event's fields with a mark in the place of each text, and the texts beside it; `sealed` puts
a token where the mark is. A mark is random and made anew by each process, so no text can hold it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import polars as pl
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

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

Owner = tuple[bytes, AESGCM]  # of whom the key is, and the key
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
    data = some[MASKED]
    for name in names:
        data = _with_tokens(data, some, owners, name, ciphers)
    everywhere = pl.Series(STORED, [""], dtype=pl.String).new_from_index(0, rows.height)
    return plain.with_columns(everywhere.scatter(some["place"], data))


def _with_tokens(
    data: pl.Series, rows: pl.DataFrame, owners: pl.Series, name: str, ciphers: Mapping[str, Owner]
) -> pl.Series:
    """The data with the tokens of one field in their places. Text by text, only what encrypts is done."""
    says = rows.select(_says(name)).to_series()
    chosen = rows.filter(says)
    # As tokens.place_of has it.
    place = pl.concat_str("event_type", "subject", pl.lit(name.removeprefix(_TEXT)), separator="\n")
    said = chosen.select(text=pl.col(name).cast(pl.Binary), place=place.cast(pl.Binary))
    nonces = os.urandom(tokens.NONCE * chosen.height)
    each = zip(owners.filter(says).to_list(), said["text"].to_list(), said["place"].to_list(), strict=True)
    words = []
    for at, (owner, text, where) in enumerate(each):
        key_of, cipher = ciphers[owner]
        nonce = nonces[tokens.NONCE * at : tokens.NONCE * (at + 1)]
        words.append(key_of + nonce + cipher.encrypt(nonce, text, where))
    marked = pl.DataFrame({"data": data.filter(says), "words": pl.Series(words, dtype=pl.Binary)})
    token = pl.concat_str(pl.lit(tokens.PREFIX), pl.col("words").bin.encode("base64"))
    done = marked.select(pl.col("data").str.replace(_mark(name), token, literal=True)).to_series()
    return data.scatter(says.arg_true(), done)


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
