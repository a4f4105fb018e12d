"""A link in an answer is somebody else's word: what is followed, what is not, and what is told."""

from __future__ import annotations

import gzip
import logging
import zlib

import httpx
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot import errors
from bot.downloads import MAX_DOWNLOAD_BYTES, is_public, resolve_host
from bot.http import Http, Retry
from bot.playground.serving import serving

SECRET = "sk-made-up-0123456789"
SIGNATURE = "sig=a%2Bsecret%3D"
LINK = f"https://files.example.com/reports/part%2F1.ndjson?{SIGNATURE}"
HOSTS = ("files.example.com", ".cdn.example.com", "reports-*.fd.example.net")
PUBLIC = "93.184.215.14"
OTHER = "2606:2800:220:1:248:1893:25c8:1946"
CONTENT = b'{"day":"2026-11-19"}\n'


def downloads_of(answer, *, addresses=(PUBLIC,), attempts=1, base="https://api.example.com/v1"):
    """Downloads whose requests *answer* gets, and the list of them and of resolved names."""
    asked, resolved = [], []

    async def resolve(host):
        resolved.append(host)
        if not addresses:
            raise OSError
        return addresses

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer(request) if callable(answer) else answer

    http = Http(
        base,
        headers={"authorization": f"Bearer {SECRET}"},
        retry=Retry(attempts=attempts, first_wait=0, longest_wait=0, jitter=0),
        transport=httpx.MockTransport(respond),
        resolve=resolve,
    )
    return http.downloads(HOSTS), asked, resolved


def good() -> httpx.Response:
    return httpx.Response(200, content=CONTENT)


class TestRead:
    async def test_goes_to_the_address_that_was_checked_and_proves_the_name(self):
        downloads, asked, resolved = downloads_of(good())

        assert await downloads.read(LINK, bytes) == CONTENT

        [request] = asked
        assert str(request.url) == LINK.replace("files.example.com", PUBLIC)
        assert request.headers["host"] == "files.example.com"
        assert request.extensions["sni_hostname"] == "files.example.com"
        assert resolved == ["files.example.com"]

    async def test_reaches_addresses_of_version_6(self):
        downloads, asked, _ = downloads_of(good(), addresses=(OTHER,))

        await downloads.read(LINK, bytes)

        assert asked[0].url.host == OTHER

    async def test_tries_the_next_address_where_one_does_not_answer(self):
        def answer(request):
            if request.url.host == OTHER:
                raise httpx.ConnectError("unreachable")
            return good()

        downloads, asked, _ = downloads_of(answer, addresses=(OTHER, PUBLIC))

        assert await downloads.read(LINK, bytes) == CONTENT
        assert [request.url.host for request in asked] == [OTHER, PUBLIC]

    async def test_takes_no_credentials_and_no_cookies_along(self):
        downloads, asked, _ = downloads_of(
            lambda _: httpx.Response(200, headers={"set-cookie": "a=b; Domain=example.com"})
        )

        for _ in range(2):
            await downloads.read(LINK, bytes)

        for request in asked:
            assert set(request.headers) == {"host", "user-agent", "accept-encoding"}
            assert SECRET not in str(request.headers.raw)

    @pytest.mark.parametrize(
        "host",
        [
            "FILES.example.com",
            "a.cdn.example.com",
            "a.b.cdn.example.com",
            "Reports-Q1.fd.example.net",
        ],
    )
    async def test_is_allowed_from_the_hosts_named(self, host):
        downloads, _, resolved = downloads_of(good())

        assert await downloads.read(f"https://{host}:443/x", bytes) == CONTENT
        assert resolved == [host.lower()]

    @pytest.mark.parametrize("base", ["http://127.0.0.1:8080/v1", "https://github.internal"])
    async def test_is_allowed_from_the_server_that_the_operator_named(self, base):
        downloads, asked, resolved = downloads_of(good(), base=base)
        link = f"{httpx.URL(base).join('/files/1')}?{SIGNATURE}"

        assert await downloads.read(link, bytes) == CONTENT
        assert (str(asked[0].url), resolved) == (link, [])
        assert "authorization" not in asked[0].headers

    async def test_understanding_is_tried_again_as_one_with_reading(self):
        answers = iter([httpx.Response(200, content=CONTENT[:-9]), good()])

        def whole(content: bytes) -> int:
            if not content.endswith(b"\n"):
                raise errors.SourceResponseError("cut short")
            return len(content)

        downloads, asked, _ = downloads_of(lambda _: next(answers), attempts=2)

        assert await downloads.read(LINK, whole) == len(CONTENT)
        assert len(asked) == 2

    @pytest.mark.parametrize(
        "failure",
        [
            httpx.Response(429, headers={"retry-after": "0"}),
            httpx.Response(503),
            httpx.ReadTimeout("slow"),
        ],
        ids=["429", "503", "timeout"],
    )
    async def test_what_may_pass_is_tried_again(self, failure):
        answers = iter([failure, good()])

        def answer(_):
            if isinstance(following := next(answers), Exception):
                raise following
            return following

        downloads, _, _ = downloads_of(answer, attempts=2)

        assert await downloads.read(LINK, bytes) == CONTENT


ODD = [
    "http://files.example.com/x",
    "ftp://files.example.com/x",
    "file:///etc/passwd",
    "//files.example.com/x",
    "https:files.example.com/x",
    "files.example.com/x",
    "",
    "https://",
    "https:///x",
    "https://files.example.com:8443/x",
    "https://files.example.com:0/x",
    "https://files.example.com:99999/x",
    "https://files.example.com./x",
    "https://user:pw@files.example.com/x",
    "https://@files.example.com/x",
    "https://files.example.com@evil.example.org/x",
    "https://evil.example.org\\@files.example.com/x",
    "https://evil.example.org#@files.example.com/x",
    "https://evil.example.org?@files.example.com/x",
    "https://files.example.com.evil.example.org/x",
    "https://evilfiles.example.com/x",
    "https://cdn.example.com/x",
    "https://evilcdn.example.com/x",
    "https://reports-.evil.fd.example.net/x",
    "https://reports-a.b.fd.example.net/x",
    "https://api.example.com:444/x",
    "http://api.example.com/x",
    "https://127.0.0.1/x",
    "https://127.1/x",
    "https://2130706433/x",
    "https://0x7f000001/x",
    "https://0x7f.1/x",
    "https://0177.0.0.1/x",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://[::1%25lo]/x",
    "https://[files.example.com]/x",
    "https://93.184.215.14/x",
    "https://localhost/x",
    "https://f\N{LATIN SMALL LETTER DOTLESS I}lès.example.com/x",
    "https://\N{FULLWIDTH LATIN SMALL LETTER F}iles.example.com/x",
    "https://files。example.com/x",
    "https://files%2eexample.com/x",
    "https://files.example.com\t/x",
    "https://files.example.com/x\r\nhost: evil",
    " https://files.example.com/x",
    "https://" + "a" * 64 + ".cdn.example.com/x",
    "https://" + "a." * 200 + "cdn.example.com/x",
    "https://files.example.com/" + "x" * 100_000,
]


@pytest.mark.parametrize("link", ODD, ids=lambda link: link[:50] or "empty")
async def test_a_link_to_elsewhere_or_written_oddly_is_not_followed(link):
    downloads, asked, resolved = downloads_of(good(), attempts=3)

    with pytest.raises(errors.SourceUnsafeLinkError) as caught:
        await downloads.read(link, bytes)

    assert (asked, resolved) == ([], [])
    assert caught.value.hint
    assert "/x" not in str(caught.value)


NOT_PUBLIC = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.215.14",
    "::127.0.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "2001::7f00:1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "not-an-address",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
async def test_a_name_that_leads_into_a_network_is_not_followed(address):
    downloads, asked, _ = downloads_of(good(), addresses=(PUBLIC, address), attempts=3)

    with pytest.raises(errors.SourceUnsafeLinkError, match=r"^files\.example\.com leads to"):
        await downloads.read(LINK, bytes)

    assert asked == []


@pytest.mark.parametrize("address", [PUBLIC, OTHER, "64:ff9b::5db8:d70e", "2002:5db8:d70e::1"])
def test_an_address_that_anybody_reaches_is_public(address):
    assert is_public(address)


async def test_a_name_that_moves_after_the_check_is_of_no_use():
    names = iter([(PUBLIC,), ("127.0.0.1",)])
    asked = []

    async def moving(host):
        return next(names)

    http = Http(
        "https://api.example.com",
        headers={},
        retry=Retry(attempts=1),
        transport=httpx.MockTransport(lambda request: asked.append(request) or good()),
        resolve=moving,
    )

    await http.downloads(HOSTS).read(LINK, bytes)

    assert [request.url.host for request in asked] == [PUBLIC]


async def test_a_name_that_nobody_knows_is_tried_again():
    downloads, _, resolved = downloads_of(good(), addresses=(), attempts=2)

    with pytest.raises(errors.SourceUnavailableError, match=r"files\.example\.com was not found"):
        await downloads.read(LINK, bytes)

    assert len(resolved) == 2


async def test_the_machine_is_asked_for_addresses():
    assert "127.0.0.1" in await resolve_host("127.0.0.1")


class TestAnswers:
    @pytest.mark.parametrize("status", [401, 403, 404, 410])
    async def test_of_an_expired_link_say_so(self, status):
        downloads, asked, _ = downloads_of(httpx.Response(status, text=SECRET), attempts=3)

        with pytest.raises(errors.SourceExpiredLinkError, match="has expired") as caught:
            await downloads.read(LINK, bytes)

        assert len(asked) == 1
        assert isinstance(caught.value, errors.SourceNotFoundError)
        assert "by itself" in caught.value.hint

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304])
    async def test_that_lead_elsewhere_are_not_followed(self, status):
        downloads, asked, _ = downloads_of(
            httpx.Response(status, headers={"location": "http://169.254.169.254/"}), attempts=3
        )

        with pytest.raises(errors.SourceUnsafeLinkError, match="leads on to elsewhere"):
            await downloads.read(LINK, bytes)

        assert len(asked) == 1

    @pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip"])
    async def test_compressed_in_other_ways_are_not_read(self, encoding):
        response = httpx.Response(
            200, stream=chunks(CONTENT), headers={"content-encoding": encoding}
        )

        with pytest.raises(errors.SourceResponseError, match="compresses in a way"):
            await downloads_of(response)[0].read(LINK, bytes)

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(403),
            httpx.Response(500),
            httpx.Response(302, headers={"location": LINK}),
            httpx.Response(418),
            httpx.Response(204),
            lambda request: (_ for _ in ()).throw(
                httpx.ConnectError(f"no route to {request.url}", request=request)
            ),
        ],
        ids=["expired", "500", "redirect", "418", "204", "broken"],
    )
    async def test_that_fail_keep_the_link_to_themselves(self, answer, caplog):
        caplog.set_level(logging.DEBUG)
        downloads, _, _ = downloads_of(answer, attempts=2)

        with structlog.testing.capture_logs() as logs, pytest.raises(errors.SourceError) as caught:
            await downloads.read(LINK, bytes)

        told = f"{caught.value} {caught.getrepr(style='value')} {caplog.text} {logs}"
        assert "secret" not in told
        assert "part%2F1" not in told


def chunks(*pieces: bytes) -> httpx.AsyncByteStream:
    class Chunks(httpx.AsyncByteStream):
        async def __aiter__(self):
            for piece in pieces:
                yield piece

    return Chunks()


class TestCompression:
    @pytest.mark.parametrize(
        ("content", "encoding"),
        [
            pytest.param(gzip.compress(CONTENT), "gzip", id="sent-compressed"),
            pytest.param(gzip.compress(CONTENT), None, id="a-gz-file"),
            pytest.param(gzip.compress(gzip.compress(CONTENT)), "gzip", id="a-gz-file-compressed"),
            pytest.param(CONTENT, "gzip", id="said-but-not-done"),
            pytest.param(gzip.compress(CONTENT[:5]) + gzip.compress(CONTENT[5:]), None, id="two"),
        ],
    )
    @pytest.mark.parametrize("size", [1, 7, 1000])
    async def test_is_undone(self, content, encoding, size):
        parts = [content[i : i + size] for i in range(0, len(content), size)]
        headers = {"content-encoding": encoding} if encoding else {}
        response = httpx.Response(200, stream=chunks(*parts), headers=headers)

        assert await downloads_of(response)[0].read(LINK, bytes) == CONTENT

    @given(st.binary(max_size=200), st.integers(0, 3_000_000))
    async def test_of_any_content_is_undone(self, start, zeros):
        content = start.replace(b"\x1f\x8b", b"") + bytes(zeros)
        response = httpx.Response(200, stream=chunks(gzip.compress(content, 1)))

        assert await downloads_of(response)[0].read(LINK, bytes) == content

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            pytest.param(gzip.compress(CONTENT)[:-3], "cut short", id="without-its-end"),
            pytest.param(gzip.compress(CONTENT)[:12], "cut short", id="its-head-alone"),
            pytest.param(gzip.compress(CONTENT) + b"more", "broken gzip", id="with-more-after-it"),
            pytest.param(b"\x1f\x8b" + CONTENT, "broken gzip", id="named-so-and-plain"),
        ],
    )
    async def test_that_is_broken_is_an_error(self, content, problem):
        response = httpx.Response(200, stream=chunks(content))

        with pytest.raises(errors.SourceResponseError, match=problem):
            await downloads_of(response)[0].read(LINK, bytes)

    @pytest.mark.parametrize("layers", [1, 2])
    @pytest.mark.parametrize("encoding", ["gzip", "identity"])
    async def test_bombs_are_put_down_before_they_go_off(self, layers, encoding):
        sent = 0
        squeeze = zlib.compressobj(9, wbits=31)
        megabytes = bytes(1024 * 1024)

        class Bomb(httpx.AsyncByteStream):
            async def __aiter__(self):
                nonlocal sent
                for _ in range(1024):
                    sent += 1
                    yield squeeze.compress(megabytes) + squeeze.flush(zlib.Z_FULL_FLUSH)

        bomb = Bomb() if layers == 1 else chunks(gzip.compress(gzip.compress(bytes(80 << 20), 1)))
        response = httpx.Response(200, stream=bomb, headers={"content-encoding": encoding})

        with pytest.raises(errors.SourceResponseError, match="over 64 MB"):
            await downloads_of(response)[0].read(LINK, bytes)

        assert sent <= 66

    async def test_that_never_gives_anything_ends_too(self):
        """Empty blocks of deflate: bytes go in for ever, and none comes out."""
        empty = b"\x00\x00\x00\xff\xff" * 200_000
        head = gzip.compress(b"")[:10]

        class Endless(httpx.AsyncByteStream):
            async def __aiter__(self):
                yield head
                while True:
                    yield empty

        response = httpx.Response(200, stream=Endless())

        with pytest.raises(errors.SourceResponseError, match="over 64 MB"):
            await downloads_of(response)[0].read(LINK, bytes)


async def test_a_download_of_64_mb_is_put_down_half_way():
    response = httpx.Response(200, stream=chunks(*[bytes(1 << 20)] * 100))

    with pytest.raises(errors.SourceResponseError, match="a download over 64 MB"):
        await downloads_of(response)[0].read(LINK, bytes)

    whole = httpx.Response(200, stream=chunks(bytes(MAX_DOWNLOAD_BYTES)))
    assert await downloads_of(whole)[0].read(LINK, len) == MAX_DOWNLOAD_BYTES


async def test_a_real_server_gets_no_key_and_no_log_gets_the_link(caplog):
    caplog.set_level(logging.DEBUG)
    seen = []

    async def file(request):
        seen.append(dict(request.headers))
        return Response(gzip.compress(CONTENT), headers={"content-encoding": "gzip"})

    async def away(request):
        return RedirectResponse("/file")

    with serving(Starlette(routes=[Route("/file", file), Route("/away", away)])) as url:
        http = Http(url, headers={"authorization": f"Bearer {SECRET}"}, retry=Retry(attempts=1))
        downloads = http.downloads(())
        with structlog.testing.capture_logs() as logs:
            content = await downloads.read(f"{url}/file?{SIGNATURE}", bytes)
            with pytest.raises(errors.SourceUnsafeLinkError):
                await downloads.read(f"{url}/away?{SIGNATURE}", bytes)
        await downloads.close()
        await http.close()

    assert content == CONTENT
    assert [set(headers) for headers in seen] == [{"host", "user-agent", "accept-encoding"}]
    quiet = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("uvicorn"))
    assert "secret" not in f"{quiet} {logs}"


def test_a_real_connection_proves_the_name_and_is_used_for_one_link_only():
    http = Http("https://api.example.com", headers={}, retry=Retry(attempts=1))

    pool = http.downloads(())._transport._pool

    assert pool._ssl_context.check_hostname
    assert pool._max_keepalive_connections == 0
