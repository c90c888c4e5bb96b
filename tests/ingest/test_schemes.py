"""Every scheme takes what its senders' libraries sign, and turns junk into a verdict, never an exception."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
import standardwebhooks
import svix.webhooks
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhooks.schemes import (
    BodyHex,
    Keys,
    Scheme,
    StandardWebhooks,
    TimestampBeside,
    TimestampedHex,
    decoded_secret,
)
from ingest.webhooks.signatures import TOLERANCE_S, Judgement, Verdict, judge, sign
from ingest.webhooks.sources import SOURCES

T = 1_763_028_000
BODY = b'{"test": 2432232314}'
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
STANDARD = StandardWebhooks()


def judged(
    scheme: Scheme,
    headers: Mapping[str, str | bytes],
    body: bytes = BODY,
    *,
    secrets: tuple[str, ...] = (SECRET,),
    now: int = T,
) -> Judgement:
    raw = {
        name.lower().encode(): value.encode("latin-1") if isinstance(value, str) else value
        for name, value in headers.items()
    }
    claim = scheme.read(raw)
    if isinstance(claim, Verdict):
        return Judgement(claim)
    keys = Keys.of([secret.encode() for secret in secrets])
    return judge(claim, body, keys=scheme.keys(keys), now=now)


def standard(signature: str | None = None, *, id_: str = "msg_1", at: object = T, body: bytes = BODY) -> dict:
    """Headers that the reference library signs, unless a signature is given."""
    if signature is None:
        moment = datetime.fromtimestamp(int(str(at)), UTC)
        signature = standardwebhooks.Webhook(SECRET).sign(id_, moment, body.decode())
    return {"webhook-id": id_, "webhook-timestamp": str(at), "webhook-signature": signature}


def signed_by_hand(timestamp: str, body: bytes = BODY, id_: str = "msg_1") -> dict:
    """Headers with a right MAC over a timestamp that need not be one."""
    key = decoded_secret(SECRET.encode())
    assert key is not None
    mac = hmac.digest(key, f"{id_}.{timestamp}.".encode() + body, "sha256")
    return {
        "webhook-id": id_, "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }  # fmt: skip


def test_the_published_vector_of_standard_webhooks_holds() -> None:
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert judged(STANDARD, headers, now=1614265330).verdict is Verdict.VALID
    assert judged(STANDARD, headers, BODY + b" ", now=1614265330).verdict is Verdict.MISMATCH


@pytest.mark.parametrize("body", [b"{}", '{"navn": "Åse, Оксана"}'.encode(), BODY])
def test_what_the_reference_libraries_sign_is_taken(body: bytes) -> None:
    assert judged(STANDARD, standard(body=body), body).verdict is Verdict.VALID
    moment = datetime.fromtimestamp(T, UTC)
    signature = svix.webhooks.Webhook(SECRET).sign("msg_1", moment, body.decode())
    headers = {"svix-id": "msg_1", "svix-timestamp": str(T), "svix-signature": signature}
    assert judged(StandardWebhooks(b"svix"), headers, body).verdict is Verdict.VALID


def test_what_we_call_valid_the_reference_library_calls_valid() -> None:
    headers = standard(at=int(datetime.now(UTC).timestamp()))
    assert standardwebhooks.Webhook(SECRET).verify(BODY, headers) == {"test": 2432232314}
    now = int(headers["webhook-timestamp"])
    assert judged(STANDARD, headers, now=now).verdict is Verdict.VALID


def test_any_of_several_signatures_and_secrets_will_do_and_the_right_secret_is_named() -> None:
    other = "whsec_" + base64.b64encode(b"another secret of 24 byte").decode()
    good = standard()["webhook-signature"]
    wrong = "v1," + base64.b64encode(bytes(32)).decode()
    found = judged(STANDARD, standard(f"v1a,xyz {wrong} {good}"), secrets=(other, SECRET))
    assert found == Judgement(Verdict.VALID, 1)
    assert judged(STANDARD, standard(good), secrets=(other,)).verdict is Verdict.MISMATCH
    assert judged(STANDARD, standard(good), secrets=("not base64!", SECRET)) == Judgement(Verdict.VALID, 1)
    assert judged(STANDARD, standard(good), secrets=("not base64!",)).verdict is Verdict.MISMATCH


@pytest.mark.parametrize("field", ["id_", "at"])
def test_id_and_time_are_inside_the_mac(field: str) -> None:
    signature = standard()["webhook-signature"]
    changed = {"id_": "msg_2"} if field == "id_" else {"at": T + 1}
    assert judged(STANDARD, standard(signature, **changed)).verdict is Verdict.MISMATCH


@pytest.mark.parametrize(
    "timestamp", ["1763028000.5", "+1763028000", "01763028000", "1.763028e9", " 1763028000", "nan"]
)
def test_a_timestamp_that_is_no_plain_integer_is_refused_even_if_signed(timestamp: str) -> None:
    # The reference libraries take the first of these for 1763028000: one signature, many headers.
    assert judged(STANDARD, signed_by_hand(timestamp)).verdict is Verdict.MALFORMED
    floored = standard()
    assert judged(STANDARD, {**floored, "webhook-timestamp": timestamp}).verdict is Verdict.MALFORMED


@pytest.mark.parametrize(
    "signature",
    [
        "no-comma",
        "v1",
        "v1,",
        "v1,short",
        "v1,ünïcode",
        "v1," + "A" * 44,
        "v1," + base64.b64encode(bytes(32)).decode().replace("=", ""),
        "v1,!!!" + base64.b64encode(bytes(32)).decode(),
        "v1a,AAAA",
        " ".join(["v1," + base64.b64encode(bytes(32)).decode()] * 9),
    ],
)
def test_signatures_on_which_the_reference_libraries_crash_are_malformed(signature: str) -> None:
    assert judged(STANDARD, standard(signature)).verdict is Verdict.MALFORMED


def test_a_body_that_is_not_text_is_judged_like_any_other() -> None:
    body = b"\xff\xfe\x00"
    assert judged(STANDARD, signed_by_hand(str(T), body), body).verdict is Verdict.VALID


def test_an_id_that_is_no_usable_delivery_id_is_malformed() -> None:
    for id_ in ("with space", "x" * 201, "é"):
        headers = {**standard(), "webhook-id": id_}
        assert judged(STANDARD, headers).verdict is Verdict.MALFORMED


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_missing(missing: str) -> None:
    assert judged(STANDARD, {**standard(), missing: ""}).verdict is Verdict.MISSING


@pytest.mark.parametrize(
    ("secret", "key"),
    [
        (SECRET, base64.b64decode(SECRET[6:])),
        (SECRET[6:], base64.b64decode(SECRET[6:])),
        ("whsec_" + base64.b64encode(b"x" * 32).decode().rstrip("="), b"x" * 32),
        ("whsec_", None),
        ("whsec_url-safe_alphabet", None),
        ("whsec_12345", None),
    ],
)
def test_the_key_of_a_secret(secret: str, key: bytes | None) -> None:
    assert decoded_secret(secret.encode()) == key


UPSKILLING = BodyHex(b"x-sig", prefix=b"sha256=")
BENEVITY = BodyHex(b"x-sig")
GOODERA = TimestampBeside(b"x-sig", b"x-time", separator=b".", prefix=b"sha256=")
WORKDAY = TimestampBeside(b"x-sig", b"x-time", separator=b":", is_base64=True)


def hex_mac(message: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def base64_mac(message: bytes) -> str:
    return base64.b64encode(hmac.new(SECRET.encode(), message, hashlib.sha256).digest()).decode()


@pytest.mark.parametrize(
    ("scheme", "headers"),
    [
        (UPSKILLING, {"x-sig": f"sha256={hex_mac(BODY)}"}),
        (BENEVITY, {"x-sig": hex_mac(BODY)}),
        (GOODERA, {"x-sig": f"sha256={hex_mac(b'%d.' % T + BODY)}", "x-time": str(T)}),
        (WORKDAY, {"x-sig": base64_mac(b"%d:" % T + BODY), "x-time": str(T)}),
        (TimestampedHex(b"x-sig"), {"x-sig": sign(SECRET.encode(), BODY, timestamp=T)}),
    ],
    ids=["upskilling", "benevity", "goodera", "workday", "kintell"],
)
class TestOtherSchemes:
    def test_the_right_signature_passes_and_names_its_secret(self, scheme: Scheme, headers: dict) -> None:
        assert judged(scheme, headers, secrets=("other", SECRET)) == Judgement(Verdict.VALID, 1)

    def test_another_body_or_secret_does_not(self, scheme: Scheme, headers: dict) -> None:
        assert judged(scheme, headers, BODY + b" ").verdict is Verdict.MISMATCH
        assert judged(scheme, headers, secrets=("other",)).verdict is Verdict.MISMATCH
        assert judged(scheme, headers, secrets=()).verdict is Verdict.MISMATCH

    def test_300_seconds_pass_and_301_do_not(self, scheme: Scheme, headers: dict) -> None:
        for offset in (-TOLERANCE_S, TOLERANCE_S):
            assert judged(scheme, headers, now=T + offset).verdict is Verdict.VALID
        has_time = scheme not in (UPSKILLING, BENEVITY)
        for offset in (-TOLERANCE_S - 1, TOLERANCE_S + 1):
            expected = Verdict.STALE if has_time else Verdict.VALID
            assert judged(scheme, headers, now=T + offset).verdict is expected

    def test_a_signature_in_another_spelling_is_malformed(self, scheme: Scheme, headers: dict) -> None:
        good = headers["x-sig"]
        for bad in ("v0=abc", f"sha1={good}", good[:-1], good + "0", " " + good[2:], "é" * 64):
            assert judged(scheme, {**headers, "x-sig": bad}).verdict is Verdict.MALFORMED
        assert judged(scheme, {**headers, "x-sig": ""}).verdict is Verdict.MISSING


@pytest.mark.parametrize("scheme", [GOODERA, WORKDAY], ids=["goodera", "workday"])
@pytest.mark.parametrize("timestamp", ["1763028000.0", "1e9", "", "soon", "-5"])
def test_a_time_in_a_header_of_its_own_is_a_plain_integer_too(scheme: Scheme, timestamp: str) -> None:
    separator = scheme.separator.decode()
    message = f"{timestamp}{separator}".encode() + BODY
    signature = base64_mac(message) if scheme is WORKDAY else f"sha256={hex_mac(message)}"
    verdict = judged(scheme, {"x-sig": signature, "x-time": timestamp}).verdict
    assert verdict is (Verdict.MALFORMED if timestamp else Verdict.MISSING)


SCHEMES = [scheme for source in SOURCES for scheme in source.schemes]
pieces = st.sampled_from(
    [b"t=", b"v1=", b"v1,", b",", b" ", b"sha256=", str(T).encode(), hex_mac(BODY).encode(),
     base64_mac(BODY).encode(), b"\xff", b"\x00", b"="]
)  # fmt: skip
junk = st.one_of(st.binary(max_size=120), st.lists(pieces, max_size=8).map(b"".join))


@given(
    scheme=st.sampled_from(SCHEMES),
    values=st.lists(junk, min_size=3, max_size=3),
    body=st.binary(max_size=50),
)
def test_junk_never_raises_and_never_passes(scheme: Scheme, values: list[bytes], body: bytes) -> None:
    headers = dict(zip(scheme.headers, values, strict=False))
    claim = scheme.read(headers)
    if not isinstance(claim, Verdict):
        keys = scheme.keys(Keys.of([b"whsec_c2VjcmV0", b"other"]))
        assert judge(claim, body, keys=keys, now=T).verdict in (Verdict.MISMATCH, Verdict.STALE)


def test_keys_do_not_show_themselves() -> None:
    assert "MfKQ" not in repr(Keys.of([SECRET.encode()]))
