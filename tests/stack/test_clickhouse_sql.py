"""A statement is routed by its tokens: what stands in strings, comments and data does not mislead."""

import pytest

from orchestration.stack.clickhouse.errors import ClickHouseError
from orchestration.stack.clickhouse.sql import insert_head, is_insert, kill_by_query_id, quoted, statement


@pytest.mark.parametrize(
    ("text", "head", "data_format", "data"),
    [
        (b"INSERT INTO t FORMAT Native\n\x01\x02\n", b"INSERT INTO t ", "Native", b"\x01\x02\n"),
        (b"insert into t (a, b) format CSV 1,2\n", b"insert into t (a, b) ", "CSV", b"1,2\n"),
        (b"INSERT INTO t FORMAT TSV\r\n\ta", b"INSERT INTO t ", "TSV", b"\ta"),
        (b"INSERT INTO t FORMAT TSV\n\n", b"INSERT INTO t ", "TSV", b"\n"),
        (b"/* FORMAT x */ -- INSERT\nINSERT INTO `FORMAT` FORMAT TSV\n1", None, "TSV", b"1"),
        (b"INSERT INTO format FORMAT TSV\n1", b"INSERT INTO format ", "TSV", b"1"),
        (b'INSERT INTO db.values (`values`, "format") VALUES (1)', None, "Values", b" (1)"),
        (b"INSERT INTO t SETTINGS a='FORMAT x' FORMAT JSONEachRow {}", None, "JSONEachRow", b"{}"),
        (b"INSERT INTO FUNCTION remote('h', (SELECT 1)) FORMAT CSV\n;select", None, "CSV", b";select"),
    ],
)
def test_the_data_of_an_insert_begin_behind_its_format(text, head, data_format, data):
    found = insert_head(text, is_complete=True)
    assert found is not None
    assert found.data_format == data_format
    assert text[found.data_offset :] == data
    assert head is None or found.text == head


@pytest.mark.parametrize("text", [b"INSERT INTO t FORM", b"INSERT INTO t FORMAT", b"INSERT INTO t FORMAT Nat",
                                  b"INSERT INTO t FORMAT Native", b"INSERT INTO t VALUES"])  # fmt: skip
def test_an_insert_cut_between_chunks_waits_for_the_next(text):
    assert is_insert(text)
    assert insert_head(text, is_complete=False) is None


def test_an_insert_from_a_select_has_no_data():
    assert insert_head(b"INSERT INTO t SELECT 1 FORMAT TSV", is_complete=True) is None
    assert insert_head(b"INSERT INTO t WITH 1 AS a SELECT a", is_complete=True) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"SELECT 1", None),
        (b"SELECT 1 FORMAT JSON", "JSON"),
        (b"SELECT 'FORMAT JSON'", None),
        (b"SELECT 1 -- FORMAT JSON", None),
        (b"SELECT $$ ' FORMAT CSV $$ FORMAT TSV;", "TSV"),
        (b"SELECT 'it''s \\' FORMAT x' format `Native` SETTINGS a = 1", "Native"),
    ],
)
def test_the_format_of_a_select_is_found(text, expected):
    assert statement(text).output_format == expected


def test_several_statements_are_refused_and_a_final_semicolon_is_not():
    assert statement(b"SELECT ';' ; -- end").text == b"SELECT ';'"
    with pytest.raises(ClickHouseError, match="multi-statements"):
        statement(b"SELECT 1; SELECT 2")
    with pytest.raises(ClickHouseError, match="empty query"):
        statement(b" -- nothing\n")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"SELECT 1 INTO OUTFILE '/tmp/x'", 358),
        (b"INSERT INTO t SELECT * FROM input('a Int8') FORMAT CSV\n1", 48),
    ],
)
def test_what_would_touch_files_or_cannot_work_is_refused(text, code):
    with pytest.raises(ClickHouseError) as error:
        statement(text)
    assert error.value.code == code
    with pytest.raises(ClickHouseError):
        insert_head(b"INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV", is_complete=True)


@pytest.mark.parametrize(
    "text", [b"GRANT SELECT ON *.* TO a", b"create user a", b"SYSTEM FLUSH LOGS", b"drop role r"]
)
def test_statements_about_users_have_no_effect(text):
    assert statement(text).is_without_effect
    assert not statement(b"CREATE TABLE users (a Int8) ENGINE = Memory").is_without_effect


def test_an_endless_string_is_read_in_linear_time():
    # With a backtracking pattern this would not return.
    assert statement(b"SELECT '" + b"a''" * 20_000 + b"\\").verb == "SELECT"


def test_a_query_is_killed_by_the_id_its_client_gave_it():
    aimed = kill_by_query_id("KILL QUERY WHERE query_id = 'mine' OR query_id='other'", {"mine": "front-7"})
    assert aimed == "KILL QUERY WHERE Settings['log_comment'] = 'front-7' OR query_id='other'"


def test_quoting_leaves_no_way_out():
    assert quoted("it's \\") == r"'it\'s \\'"
    assert quoted("a`b", "`") == r"`a\`b`"


@pytest.mark.parametrize(
    ("text", "is_defining"),
    [
        (b"CREATE TABLE t (a Int8) ENGINE = Log", True),
        (b"create or replace view v as select 1", True),
        (b"ALTER TABLE t COMMENT COLUMN a 'drop partly'", True),
        (b"ALTER TABLE t DROP COLUMN a", True),
        (b"ALTER TABLE t DROP PARTITION 202601", False),
        (b"ALTER TABLE t DROP PART 'all_1_1_0'", False),
        (b"CREATE TEMPORARY TABLE t (a Int8)", False),
        (b"DROP TABLE t", False),
        (b"RENAME TABLE t TO u", False),
        (b"SELECT 1", False),
    ],
)
def test_what_writes_a_definition_is_known(text, is_defining):
    assert statement(text).is_defining is is_defining
