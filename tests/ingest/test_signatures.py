"""Signatures are verified over raw bytes, within 300 seconds, and no header makes the verifier raise."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhooks.signatures import TOLERANCE_S, Verdict, sign, signed_at, verify

SECRET = b"whsec_test"
T = 1_763_028_000
ONE_SPACE = "c903d6381d563e9f40383cbb4e2f69d344cd645763b8f59d701aa2b5ea4b4022"
NO_SPACE = "416475c7838e944aeb514dfe0ee93c34a8e04b2063a637209894e12cc6f8b116"


def verdict(
    header: str | bytes | None, body: bytes = b'{"a": 1}', now: int = T, secrets=(SECRET,)
) -> Verdict:
    raw = header.encode() if isinstance(header, str) else header
    return verify(raw, body, secrets=secrets, now=now)


@pytest.mark.parametrize(("body", "digest"), [(b'{"a": 1}', ONE_SPACE), (b'{"a":1}', NO_SPACE)])
def test_the_published_vectors_hold(body: bytes, digest: str) -> None:
    assert sign(SECRET, body, timestamp=T) == f"t={T},v1={digest}"
    assert verdict(f"t={T},v1={digest}", body) is Verdict.VALID


def test_the_same_json_with_other_spacing_is_refused() -> None:
    assert verdict(f"t={T},v1={ONE_SPACE}", b'{"a":1}') is Verdict.MISMATCH


@pytest.mark.parametrize("offset", [-TOLERANCE_S, 0, TOLERANCE_S])
def test_a_clock_within_tolerance_passes(offset: int) -> None:
    assert verdict(f"t={T},v1={ONE_SPACE}", now=T + offset) is Verdict.VALID


@pytest.mark.parametrize("offset", [-TOLERANCE_S - 1, TOLERANCE_S + 1])
def test_a_clock_beyond_tolerance_is_stale(offset: int) -> None:
    assert verdict(f"t={T},v1={ONE_SPACE}", now=T + offset) is Verdict.STALE


def test_the_timestamp_is_inside_the_mac() -> None:
    assert verdict(f"t={T + 1},v1={ONE_SPACE}") is Verdict.MISMATCH


def test_any_active_secret_and_any_signature_of_the_header_will_do() -> None:
    old, new = b"whsec_old", b"whsec_new"
    by_old, by_new = (sign(s, b"{}", timestamp=T).split("v1=")[1] for s in (old, new))
    assert verdict(f"t={T},v1={by_old}", b"{}", secrets=(new, old)) is Verdict.VALID
    assert verdict(f"t={T},v1={by_old},v1={by_new}", b"{}", secrets=(new,)) is Verdict.VALID
    assert verdict(f"t={T},v1={by_old}", b"{}", secrets=(new,)) is Verdict.MISMATCH
    assert verdict(f"t={T},v1={by_old}", b"{}", secrets=()) is Verdict.MISMATCH


@pytest.mark.parametrize("header", [None, b""])
def test_no_header_is_missing(header: bytes | None) -> None:
    assert verdict(header) is Verdict.MISSING


@pytest.mark.parametrize(
    "timestamp",
    ["", "1763028000.5", "+1763028000", "-1", "01763028000", " 1763028000", "1e9", "١٧٦٣٠٢٨٠٠٠", "9" * 13],
)
def test_a_timestamp_that_is_not_a_plain_integer_is_malformed_even_if_signed(timestamp: str) -> None:
    mac = hmac.digest(SECRET, timestamp.encode() + b".{}", "sha256").hex()
    assert verdict(f"t={timestamp},v1={mac}", b"{}") is Verdict.MALFORMED


@pytest.mark.parametrize(
    "header",
    [
        "v1=" + ONE_SPACE,
        f"t={T}",
        f"t={T},v1=",
        f"t={T},v1={ONE_SPACE[:-1]}",
        f"t={T},v1={'g' * 64}",
        f"t={T},t={T},v1={ONE_SPACE}",
        f"t={T},v2={ONE_SPACE}",
        f"t={T}" + f",v1={ONE_SPACE}" * 9,
    ],
)
def test_other_shapes_are_malformed(header: str) -> None:
    assert verdict(header) is Verdict.MALFORMED


def test_unknown_schemes_beside_a_good_signature_are_ignored() -> None:
    assert verdict(f"t={T}, v1={ONE_SPACE.upper()}, v0=abc") is Verdict.VALID


def test_the_signed_instant_can_be_read_back() -> None:
    assert signed_at(f"t={T},v1={ONE_SPACE}".encode()) == T
    assert signed_at(b"t=soon") is None


junk = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(
        st.sampled_from([b"t=", b"v1=", b",", b"=", str(T).encode(), ONE_SPACE.encode(), b"\xff", b" "])
    ).map(b"".join),
)


@given(header=junk, body=st.binary(max_size=100), now=st.integers(-(10**15), 10**15))
def test_junk_never_raises_and_never_passes(header: bytes, body: bytes, now: int) -> None:
    assert verify(header, body, secrets=(SECRET, b"other"), now=now) is not Verdict.VALID


@given(body=st.binary(max_size=2000), secret=st.binary(min_size=1, max_size=80), now=st.integers(1, 10**11))
def test_what_was_signed_passes_and_one_changed_byte_does_not(body: bytes, secret: bytes, now: int) -> None:
    header = sign(secret, body, timestamp=now).encode()
    assert verify(header, body, secrets=(secret,), now=now) is Verdict.VALID
    assert verify(header, body + b" ", secrets=(secret,), now=now) is Verdict.MISMATCH
