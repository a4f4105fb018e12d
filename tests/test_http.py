"""What the HTTP client promises to every source, whichever server answers."""

from __future__ import annotations

import gzip
import logging
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import msgspec
import pytest
import structlog
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot import errors
from bot.http import MAX_BODY_BYTES, Http, Retry
from bot.playground.serving import serving

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
SECRET = "sk-made-up-0123456789"


class _OnePiece(httpx.AsyncByteStream):
    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content


class Answer(msgspec.Struct):
    count: int
    note: str | None = None


def http_answering(*responses: httpx.Response, attempts: int = 1) -> tuple[Http, list]:
    queue, asked = iter(responses), []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return next(queue)

    http = Http(
        "https://api.example.com/base",
        headers={"x-api-key": SECRET},
        retry=Retry(attempts=attempts, first_wait=0, longest_wait=0, jitter=0),
        transport=httpx.MockTransport(answer),
        now=lambda: NOW,
    )
    return http, asked


GOOD = httpx.Response(200, json={"count": 3})


class TestGet:
    async def test_gives_the_answer_as_what_was_asked_for(self):
        http, asked = http_answering(GOOD)

        answer = await http.get("/things", {"kind[]": ["a", "b"], "limit": 2}, into=Answer)

        assert answer == Answer(count=3)
        assert asked[0].url.path == "/base/things"
        assert asked[0].url.params.multi_items() == [
            ("kind[]", "a"),
            ("kind[]", "b"),
            ("limit", "2"),
        ]
        assert asked[0].headers["x-api-key"] == SECRET

    async def test_posts_json(self):
        http, asked = http_answering(GOOD)

        await http.post("/things", {"a": 1}, into=Answer)

        assert (asked[0].method, asked[0].content) == ("POST", b'{"a":1}')

    async def test_names_the_field_that_is_wrong_and_not_its_value(self):
        http, _ = http_answering(httpx.Response(200, json={"count": "a secret"}))

        with pytest.raises(errors.SourceResponseError, match=r"/things: .*\$\.count") as caught:
            await http.get("/things", into=Answer)

        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"<html>", id="html"),
            pytest.param(b'{"count": 3', id="truncated"),
            pytest.param('{"count": 3}'.encode("utf-16"), id="utf-16"),
            pytest.param(b'{"count": 3, "note": "caf\xe9"}', id="latin-1"),
            pytest.param(b'{"count": 3, "unread": "caf\xe9"}', id="latin-1-in-what-is-not-read"),
            pytest.param(b'{"count": 3, "unread": ' + b"[" * 100_000, id="bottomless"),
        ],
    )
    async def test_says_so_where_the_answer_is_not_json(self, content):
        http, _ = http_answering(httpx.Response(200, content=content))

        with pytest.raises(errors.SourceResponseError, match="/things: the answer is not JSON"):
            await http.get("/things", into=Answer)

    async def test_stops_reading_at_the_limit(self):
        http, _ = http_answering(httpx.Response(200, content=b" " * (MAX_BODY_BYTES + 1)))

        with pytest.raises(errors.SourceResponseError, match="over 32 MB"):
            await http.get("/things", into=Answer)

    @pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip", "br"])
    async def test_puts_a_compressed_answer_down_before_it_fills_the_memory(self, encoding):
        packer = zlib.compressobj(9, wbits=31)
        megabyte = bytes(1 << 20)
        bomb = b"".join(packer.compress(megabyte) for _ in range(256)) + packer.flush()
        headers = {"content-encoding": encoding}
        http, _ = http_answering(httpx.Response(200, stream=_OnePiece(bomb), headers=headers))

        tracemalloc.start()
        try:
            with pytest.raises(errors.SourceResponseError, match=r"over 32 MB|not asked for"):
                await http.get("/things", into=Answer)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

        assert peak < 2 * MAX_BODY_BYTES

    async def test_reads_what_is_compressed_as_it_asked(self):
        packed = gzip.compress(b'{"count": 3}')
        headers = {"content-encoding": "gzip"}
        http, asked = http_answering(httpx.Response(200, content=packed, headers=headers))

        assert await http.get("/things", into=Answer) == Answer(count=3)
        assert asked[0].headers["accept-encoding"] == "gzip"

    async def test_says_so_where_there_is_nothing_yet(self):
        http, asked = http_answering(httpx.Response(204), attempts=3)

        with pytest.raises(errors.SourceNotFoundError, match="nothing there yet"):
            await http.get("/things", into=Answer)

        assert len(asked) == 1


class TestRetry:
    @pytest.mark.parametrize(
        "failure",
        [
            pytest.param(httpx.Response(429), id="429"),
            pytest.param(httpx.Response(503), id="503"),
            pytest.param(httpx.Response(200, text="<html>"), id="html"),
            pytest.param(httpx.Response(200, json={}), id="field-missing"),
        ],
    )
    async def test_tries_again_after_what_may_pass(self, failure):
        http, asked = http_answering(failure, GOOD, attempts=2)

        assert await http.get("/things", into=Answer) == Answer(count=3)
        assert len(asked) == 2

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 302])
    async def test_does_not_insist_where_it_was_refused(self, status):
        http, asked = http_answering(httpx.Response(status), GOOD, attempts=2)

        with pytest.raises(errors.SourceError):
            await http.get("/things", into=Answer)

        assert len(asked) == 1

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            pytest.param("7", 7.0, id="seconds"),
            pytest.param("0", 0.0, id="at-once"),
            pytest.param("Fri, 20 Nov 2026 02:01:00 GMT", 60.0, id="date"),
            pytest.param("Fri, 20 Nov 2026 01:00:00 GMT", 0.0, id="past-date"),
            pytest.param("Fri, 20 Nov 2026 02:01:00 -0000", None, id="date-of-no-zone"),
            pytest.param("soon", None, id="words"),
            pytest.param("-5", None, id="negative"),
            pytest.param("²", None, id="a-digit-that-is-no-number"),
            pytest.param("", None, id="empty"),
            pytest.param("9" * 400, float("inf"), id="for-ever"),
            pytest.param("Fri, 20 Nov 99999 02:01:00 GMT", None, id="impossible-date"),
        ],
    )
    async def test_reads_every_spelling_of_how_long_to_wait(self, value, seconds):
        response = httpx.Response(429, headers=[(b"retry-after", value.encode("latin-1"))])
        http, _ = http_answering(response)

        with pytest.raises(errors.SourceRateLimitedError) as caught:
            await http.get("/things", into=Answer)

        assert caught.value.retry_after == seconds

    async def test_a_403_that_says_how_long_is_a_limit_and_no_refusal(self):
        http, _ = http_answering(httpx.Response(403, headers={"retry-after": "600"}))

        with pytest.raises(errors.SourceRateLimitedError) as limited:
            await http.get("/things", into=Answer)

        assert limited.value.retry_after == 600

    async def test_a_connection_that_breaks_is_told_without_its_address(self):
        def broken(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError(f"no route with {SECRET}", request=request)

        http = Http(
            "https://api.example.com",
            headers={},
            retry=Retry(attempts=1),
            transport=httpx.MockTransport(broken),
        )

        with pytest.raises(errors.SourceUnavailableError) as caught:
            await http.get("/things", into=Answer)

        assert str(caught.value) == "ConnectError at /things"


async def test_a_real_server_sees_the_key_and_no_log_does(caplog):
    caplog.set_level(logging.DEBUG)
    seen = []

    async def things(request):
        seen.append(request.headers["x-api-key"])
        return JSONResponse({"count": len(seen)}, status_code=200 if len(seen) > 1 else 500)

    with serving(Starlette(routes=[Route("/things", things)])) as url:
        http = Http(
            url,
            headers={"x-api-key": SECRET},
            retry=Retry(attempts=2, first_wait=0, longest_wait=0, jitter=0),
        )
        with structlog.testing.capture_logs() as logs:
            answer = await http.get("/things", into=Answer)
        await http.close()

    assert answer == Answer(count=2)
    assert seen == [SECRET, SECRET]
    assert SECRET not in f"{caplog.text} {logs}"


async def test_a_cursor_too_long_for_an_address_is_an_odd_answer():
    http, asked = http_answering()

    with pytest.raises(errors.SourceResponseError):
        await http.get("/things", {"page": "x" * 100_000}, into=dict)

    assert asked == []
