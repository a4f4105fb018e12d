"""A service account's token, from a token endpoint that is a real server on this machine."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import ValidationError

from bot import errors
from bot.google_token import GoogleApi, GoogleCredentials, ServiceAccount
from bot.http import Http

SCOPE = "https://www.googleapis.com/auth/logging.read"
BODY = "the-body-of-an-answer"


@dataclass
class TokenEndpoint:
    """Hands out ``token-1``, ``token-2``, …, each for as long as it is told."""

    url: str = ""
    status: int = 200
    seconds: int = 3600
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def answer(self, body: bytes) -> bytes:
        self.asked.append(parse_qs(body.decode()))
        if self.status != 200:
            return json.dumps({"error": "invalid_grant", "error_description": BODY}).encode()
        token = {"access_token": f"token-{len(self.asked)}", "expires_in": self.seconds}
        return json.dumps({**token, "token_type": "Bearer"}).encode()


@pytest.fixture
def endpoint() -> Iterator[TokenEndpoint]:
    told = TokenEndpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = told.answer(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(told.status)
            if told.status == 302:
                self.send_header("location", f"{told.url}/elsewhere")
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}/token"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def private_key() -> str:
    return (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


@pytest.fixture
def key_file(endpoint: TokenEndpoint, private_key: str, tmp_path: Path) -> Path:
    path = tmp_path / "key.json"
    key = {
        "type": "service_account",
        "client_email": "upshot@acme.iam.gserviceaccount.com",
        "private_key_id": "key-1",
        "private_key": private_key,
        "token_uri": endpoint.url,
    }
    path.write_text(json.dumps(key))
    return path


class TestServiceAccount:
    async def test_asks_the_key_file_s_endpoint_for_a_token(self, endpoint, key_file):
        assert await ServiceAccount(key_file, [SCOPE]).token() == "token-1"

        [asked] = endpoint.asked
        assert asked["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        assert asked["assertion"][0].count(".") == 2

    async def test_keeps_the_token_while_it_is_valid(self, endpoint, key_file):
        account = ServiceAccount(key_file, [SCOPE])

        assert [await account.token() for _ in range(3)] == ["token-1"] * 3
        assert len(endpoint.asked) == 1

    async def test_asks_anew_shortly_before_it_expires(self, endpoint, key_file):
        endpoint.seconds = 120
        account = ServiceAccount(key_file, [SCOPE])

        assert [await account.token() for _ in range(2)] == ["token-1", "token-2"]

    async def test_asks_once_for_many_who_need_it_at_the_same_time(self, endpoint, key_file):
        account = ServiceAccount(key_file, [SCOPE])

        tokens = await asyncio.gather(*(account.token() for _ in range(20)))

        assert set(tokens) == {"token-1"}
        assert len(endpoint.asked) == 1

    @pytest.mark.parametrize("status", [400, 401])
    async def test_that_is_refused_is_unauthorized(self, endpoint, key_file, status):
        endpoint.status = status

        with pytest.raises(errors.SourceUnauthorizedError, match="refused the service account"):
            await ServiceAccount(key_file, [SCOPE]).token()

    async def test_is_tried_again_later_where_the_endpoint_is_out_of_reach(self, key_file):
        key = json.loads(key_file.read_text()) | {"token_uri": "http://127.0.0.1:1/token"}
        key_file.write_text(json.dumps(key))

        with pytest.raises(errors.SourceUnavailableError, match="not reached"):
            await ServiceAccount(key_file, [SCOPE]).token()

    async def test_does_not_follow_the_endpoint_elsewhere(self, endpoint, key_file):
        endpoint.status = 302

        with pytest.raises(errors.SourceError):
            await ServiceAccount(key_file, [SCOPE]).token()

        assert len(endpoint.asked) == 1

    @pytest.mark.parametrize("status", [200, 400])
    async def test_says_neither_key_nor_token_nor_body(
        self, endpoint, key_file, private_key, status, caplog, capsys
    ):
        caplog.set_level(logging.DEBUG)
        endpoint.status = status
        told = ""

        try:
            await ServiceAccount(key_file, [SCOPE]).token()
        except errors.SourceError as error:
            told = f"{error!r} {error.__cause__!r}"

        told += caplog.text + "".join(capsys.readouterr())
        [assertion] = endpoint.asked[0]["assertion"]
        secrets = [private_key[100:160], assertion, assertion[-40:], "token-1", BODY]
        assert [secret for secret in secrets if secret in told] == []


class TestKeyFile:
    def test_that_is_missing_is_a_setting_to_correct(self, tmp_path):
        with pytest.raises(errors.SettingsError, match=r"key\.json cannot be read: No such file"):
            ServiceAccount(tmp_path / "key.json", [SCOPE])

    @pytest.mark.parametrize(
        "content",
        [
            "BEGIN PRIVATE KEY: not-even-json",
            "[]",
            '{"private_key": "BEGIN PRIVATE KEY: half"}',
            '{"client_email": "a", "token_uri": "b", "private_key": "BEGIN PRIVATE KEY: broken"}',
        ],
    )
    def test_that_holds_no_key_is_never_quoted(self, tmp_path, content):
        path = tmp_path / "key.json"
        path.write_text(content)

        with pytest.raises(errors.SettingsError, match="is not the key of a Google") as caught:
            ServiceAccount(path, [SCOPE])

        assert "PRIVATE KEY" not in f"{caught.value} {caught.value.__cause__}"

    @pytest.mark.parametrize("module", ["google.oauth2", "google.oauth2.service_account"])
    def test_needs_the_extra_and_says_so(self, key_file, monkeypatch, module):
        monkeypatch.setitem(sys.modules, module, None)
        monkeypatch.delattr("google.oauth2.service_account", raising=False)

        with pytest.raises(errors.SettingsError, match=r"requirements-extras"):
            ServiceAccount(key_file, [SCOPE])

    async def test_needs_the_extra_s_requests_too(self, key_file, monkeypatch):
        monkeypatch.setitem(sys.modules, "requests", None)
        account = ServiceAccount(key_file, [SCOPE])

        with pytest.raises(errors.SettingsError, match=r"requirements-extras"):
            await account.token()


class TestConfiguration:
    @pytest.mark.parametrize("given", [{}, {"credentials_file": "k", "access_token": "t"}])
    def test_names_either_a_file_or_a_token(self, given):
        with pytest.raises(ValidationError, match="either credentials_file or access_token"):
            GoogleCredentials(**given)

    async def test_with_a_token_needs_no_google(self):
        assert await GoogleCredentials(access_token="given").token(SCOPE)() == "given"

    async def test_with_a_file_asks_for_a_token(self, endpoint, key_file):
        assert await GoogleCredentials(credentials_file=key_file).token(SCOPE)() == "token-1"


class TestConnection:
    @staticmethod
    def api_with(*tokens: str) -> tuple[GoogleApi, list[Http]]:
        coming, made = iter(tokens), []

        async def token() -> str:
            return next(coming)

        def connect(token: str) -> Http:
            transport = httpx.MockTransport(lambda request: httpx.Response(200, json={}))
            made.append(Http(f"https://{token}.example.com", headers={}, transport=transport))
            return made[-1]

        return GoogleApi(token, connect), made

    async def test_is_kept_while_the_token_stays(self):
        api, made = self.api_with("one", "one")

        assert await api.http() is await api.http()
        assert len(made) == 1

    async def test_is_made_anew_for_a_new_token_and_the_last_one_may_still_answer(self):
        api, made = self.api_with("one", "two", "three")

        for _ in range(3):
            await api.http()

        assert [http._client.is_closed for http in made] == [True, False, False]

    async def test_closes_all_that_it_made(self):
        api, made = self.api_with("one", "two")
        await api.http()
        await api.http()

        await api.close()

        assert all(http._client.is_closed for http in made)
