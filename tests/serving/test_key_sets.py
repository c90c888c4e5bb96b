"""Access tokens of an issuer with a key set: whose count, whose do not, and how keys come and go."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from pydantic import ValidationError

from serving.credentials import InvalidCredentialError, TokenVerifier
from serving.key_sets import REFRESH_S, RETRY_S, STALE_S, KeySet, KeySetAwayError
from serving.settings import ServingSettings
from tests.serving.running import OURS
from tests.serving.tokens import signed

ISSUER, AUDIENCE = "https://login.example", "impact"
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "userId": "u-1", "role": "company_user", "companyId": str(OURS)}
RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
NEXT = ed25519.Ed25519PrivateKey.generate()


def public(algorithm: Any, key: Any, key_id: str, **members: str) -> dict[str, Any]:
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": key_id, **members}


RSA_KEY = public(RSAAlgorithm, RSA, "rsa", alg="RS256", use="sig")
EC_KEY = public(ECAlgorithm, EC, "ec", alg="ES256")
ED_KEY = public(OKPAlgorithm, ED, "ed")
NEXT_KEY = public(OKPAlgorithm, NEXT, "next")


class Issuer:
    """An issuer's address, with the keys it has now; counts who asks."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = [RSA_KEY, EC_KEY, ED_KEY]
        self.status, self.asked = 200, 0
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked += 1
                self.send_response(issuer.status)
                self.end_headers()
                self.wfile.write(json.dumps({"keys": issuer.keys}).encode())

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks.json"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(issuer: Issuer, clock: Clock) -> TokenVerifier:
    keys = KeySet(jwt.PyJWKClient(issuer.url, cache_jwk_set=False).fetch_data, clock=clock)
    return TokenVerifier("s" * 32, 1000, keys=keys, issuer=ISSUER, audience=AUDIENCE)


@pytest.mark.parametrize(
    ("key", "algorithm", "key_id"), [(RSA, "RS256", "rsa"), (EC, "ES256", "ec"), (ED, "EdDSA", "ed")]
)
async def test_each_kind_of_signature_counts(
    verifier: TokenVerifier, key: Any, algorithm: str, key_id: str
) -> None:
    caller = await verifier.verify(signed(key, algorithm, key_id, **CLAIMS))
    assert (caller.caller_id, caller.role, caller.company_id) == ("user:u-1", "company_user", OURS)


def forged(make: Callable[[], str]) -> Any:
    return pytest.param(make, id=make.__name__)


def by_the_shared_secret() -> str:
    return signed("s" * 32, key_id="rsa", **CLAIMS)


def by_a_public_key_as_a_secret() -> str:
    pem = RSA.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    # By hand: the library refuses to sign like this.
    head, claims = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "kid": "rsa"}, CLAIMS | {"exp": 1 << 33})
    )
    mark = hmac.digest(pem, head + b"." + claims, "sha256")
    return b".".join((head, claims, base64.urlsafe_b64encode(mark).rstrip(b"="))).decode()


def unsigned() -> str:
    return jwt.encode(CLAIMS | {"exp": 1 << 33}, None, "none", headers={"kid": "rsa"})


def by_another_key() -> str:
    return signed(NEXT, "EdDSA", "ed", **CLAIMS)


def by_another_algorithm_of_the_key() -> str:
    return signed(RSA, "PS256", "rsa", **CLAIMS)


def without_a_key_id() -> str:
    return signed(ED, "EdDSA", **CLAIMS)


def of_another_issuer() -> str:
    return signed(ED, "EdDSA", "ed", **CLAIMS | {"iss": "https://elsewhere.example"})


def for_another_audience() -> str:
    return signed(ED, "EdDSA", "ed", **CLAIMS | {"aud": "payroll"})


def without_an_issuer() -> str:
    return signed(ED, "EdDSA", "ed", **CLAIMS | {"iss": None})


def without_an_audience() -> str:
    return signed(ED, "EdDSA", "ed", **CLAIMS | {"aud": None})


def without_an_end() -> str:
    return signed(ED, "EdDSA", "ed", **CLAIMS, exp=None)


@pytest.mark.parametrize(
    "make",
    [forged(make) for make in (
        by_the_shared_secret, by_a_public_key_as_a_secret, unsigned, by_another_key,
        by_another_algorithm_of_the_key, without_a_key_id, of_another_issuer, for_another_audience,
        without_an_issuer, without_an_audience, without_an_end,
    )],
)  # fmt: skip
async def test_a_token_that_is_not_the_issuers_for_us_is_refused(
    verifier: TokenVerifier, make: Callable[[], str]
) -> None:
    with pytest.raises(InvalidCredentialError):
        await verifier.verify(make())


async def test_keys_for_other_uses_are_passed_over(verifier: TokenVerifier, issuer: Issuer) -> None:
    shared = b"a secret of thirty-two characters"
    secret = {"kty": "oct", "kid": "shared", "k": base64.urlsafe_b64encode(shared).rstrip(b"=").decode()}
    issuer.keys = [secret, {**ED_KEY, "use": "enc"}, RSA_KEY]
    with pytest.raises(InvalidCredentialError):
        await verifier.verify(signed(shared, key_id="shared", **CLAIMS))
    with pytest.raises(InvalidCredentialError):
        await verifier.verify(signed(ED, "EdDSA", "ed", **CLAIMS))


async def test_a_new_key_counts_and_unknown_ones_cost_one_look_a_minute(
    verifier: TokenVerifier, issuer: Issuer, clock: Clock
) -> None:
    await verifier.verify(signed(ED, "EdDSA", "ed", **CLAIMS))
    issuer.keys.append(NEXT_KEY)
    new = signed(NEXT, "EdDSA", "next", **CLAIMS)
    for _ in range(20):
        with pytest.raises(InvalidCredentialError):
            await verifier.verify(new)
    assert issuer.asked == 1
    clock.now += RETRY_S
    await verifier.verify(new)
    for number in range(20):
        with pytest.raises(InvalidCredentialError):
            await verifier.verify(signed(NEXT, "EdDSA", f"made-up-{number}", **CLAIMS))
    assert issuer.asked == 2


async def test_a_key_taken_back_ends_the_tokens_it_has_signed(
    verifier: TokenVerifier, issuer: Issuer, clock: Clock
) -> None:
    token = signed(ED, "EdDSA", "ed", **CLAIMS)
    await verifier.verify(token)
    issuer.keys = [RSA_KEY, NEXT_KEY]
    clock.now += REFRESH_S + 1
    await verifier.verify(signed(RSA, "RS256", "rsa", **CLAIMS))  # has the set read, and does not wait for it
    keys = verifier._keys
    assert keys is not None
    assert keys._loading is not None
    await keys._loading
    with pytest.raises(InvalidCredentialError):
        await verifier.verify(token)


async def test_the_last_keys_count_while_the_issuer_is_away_for_an_hour(
    verifier: TokenVerifier, issuer: Issuer, clock: Clock
) -> None:
    await verifier.verify(signed(ED, "EdDSA", "ed", **CLAIMS))
    issuer.status = 503
    clock.now += STALE_S - 1
    await verifier.verify(signed(RSA, "RS256", "rsa", **CLAIMS))
    clock.now += RETRY_S
    with pytest.raises(KeySetAwayError):
        await verifier.verify(signed(EC, "ES256", "ec", **CLAIMS))
    issuer.status = 200
    clock.now += RETRY_S
    await verifier.verify(signed(EC, "ES256", "ec", **CLAIMS))


async def test_a_file_is_a_key_set_too(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [ED_KEY]}))
    verifier = TokenVerifier("s" * 32, 1, keys=KeySet.of(file, None), issuer=ISSUER, audience=AUDIENCE)
    assert (await verifier.verify(signed(ED, "EdDSA", "ed", **CLAIMS))).caller_id == "user:u-1"


@pytest.mark.parametrize(
    "settings",
    [
        {"impact_jwt_jwks_url": "https://login.example/keys"},
        {"impact_jwt_jwks_url": "https://login.example/keys", "impact_jwt_issuer": ISSUER},
        {
            "impact_jwt_jwks_url": "file:///etc/passwd", "impact_jwt_issuer": ISSUER,
            "impact_jwt_audience": "impact",
        },
        {
            "impact_jwt_jwks_url": "https://login.example/keys", "impact_jwt_jwks_file": "keys.json",
            "impact_jwt_issuer": ISSUER, "impact_jwt_audience": "impact",
        },
    ],
)  # fmt: skip
def test_a_key_set_without_issuer_and_audience_does_not_start(settings: dict[str, str]) -> None:
    known = ServingSettings.for_documentation().model_dump()
    with pytest.raises(ValidationError):
        ServingSettings(_env_file=None, **known | settings)  # type: ignore[call-arg]
