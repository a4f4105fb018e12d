"""Files in a bucket, over a real HTTP server that speaks like S3, and in a folder."""

from __future__ import annotations

import gzip
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from bot import errors
from bot.objects import Bucket, Folder, Place, open_objects, open_place, read_whole, save, unpacked

SECRET = "made-up-secret-0123456789"
PACKED = gzip.compress(b"a,b\n1,2\n" * 1000, mtime=0)
FILES = {
    "one.csv": b"a,b\n1,2\n",
    "month/2026-11/part 1.csv": b"x" * 3_000_000,
    "month/2026-11/part 2.csv": b"",
    "month/2026-12/part 1.csv": b"z",
    "prompts/1.json": b"{}",
}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def bucket(s3) -> str:
    client = client_of("s3", s3)
    client.create_bucket(Bucket="reports")
    for key, content in FILES.items():
        client.put_object(Bucket="reports", Key=f"acme/{key}", Body=content)
    client.put_object(Bucket="reports", Key="acme-of-others/secret.csv", Body=b"not ours")
    client.put_object(Bucket="reports", Key="acme/month/", Body=b"")
    client.close()
    return "s3://reports/acme"


def client_of(service: str, url: str):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="made-up",
        aws_secret_access_key=SECRET,
    )


def place(location: str, url: str | None = None, **changes) -> Place:
    given = {
        "location": location,
        "endpoint_url": url,
        "region": "us-east-1",
        "access_key_id": "made-up",
        "secret_access_key": SECRET,
    }
    return Place(**(given | changes))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "acme"
    for key, content in FILES.items():
        (root / key).parent.mkdir(parents=True, exist_ok=True)
        (root / key).write_bytes(content)
    (tmp_path / "acme-of-others").mkdir()
    (tmp_path / "acme-of-others" / "secret.csv").write_bytes(b"not ours")
    return root


@pytest.fixture(params=["bucket", "folder"])
async def objects(request, s3):
    location = request.getfixturevalue(request.param)
    opened = open_place(place(str(location), s3))
    yield opened
    await opened.close()


async def content_of(objects, key: str, etag: str | None = None) -> bytes:
    return b"".join([chunk async for chunk in objects.read(key, etag=etag)])


class TestBothKinds:
    async def test_list_everything_below_their_place_by_key(self, objects):
        listed = await objects.list()

        assert {stored.key: stored.size for stored in listed} == {
            key: len(content) for key, content in FILES.items()
        }
        assert [stored.key for stored in listed] == sorted(FILES)
        assert all(stored.modified.tzinfo is not None for stored in listed)

    @pytest.mark.parametrize("prefix", ["month/2026-11/", "month/2026-11", "month/2026-11/part"])
    async def test_list_what_begins_with_a_prefix(self, objects, prefix):
        listed = await objects.list(prefix)

        assert [s.key for s in listed] == ["month/2026-11/part 1.csv", "month/2026-11/part 2.csv"]

    async def test_list_nothing_where_nothing_is(self, objects):
        assert list(await objects.list("month/2027-01/")) == []
        assert list(await objects.folders("month/2027-01/")) == []

    async def test_name_folders_without_listing_what_is_in_them(self, objects):
        assert list(await objects.folders()) == ["month", "prompts"]
        assert list(await objects.folders("month/")) == ["2026-11", "2026-12"]

    async def test_read_in_chunks(self, objects):
        chunks = [chunk async for chunk in objects.read("month/2026-11/part 1.csv")]

        assert len(chunks) == 3
        assert b"".join(chunks) == FILES["month/2026-11/part 1.csv"]

    async def test_read_what_was_listed_as_long_as_it_is_the_same(self, objects):
        listed = {stored.key: stored for stored in await objects.list()}

        assert await content_of(objects, "one.csv", listed["one.csv"].etag) == FILES["one.csv"]
        with pytest.raises(errors.SourceUnavailableError, match="replaced while it was read"):
            await content_of(objects, "one.csv", listed["prompts/1.json"].etag)

    async def test_say_that_a_file_is_not_there(self, objects):
        with pytest.raises(errors.SourceNotFoundError) as caught:
            await content_of(objects, "two.csv")

        assert "two.csv" not in str(caught.value)

    async def test_give_an_etag_that_changes_with_the_content(self, objects, tmp_path):
        listed = await objects.list()

        assert len({stored.etag for stored in listed}) == len(FILES)

    async def test_save_to_a_file(self, objects, tmp_path):
        [stored] = await objects.list("one.csv")

        await save(objects, stored, tmp_path / "copy")

        assert (tmp_path / "copy").read_bytes() == FILES["one.csv"]

    async def test_refuse_a_small_file_that_is_large(self, objects):
        [stored] = await objects.list("month/2026-11/part 1")

        with pytest.raises(errors.SourceResponseError, match=r"^part 1\.csv: a file over 2 MB"):
            await read_whole(objects, stored, most=2 << 20)


class TestFolder:
    @pytest.mark.parametrize("key", ["../acme-of-others/secret.csv", "/etc/hostname", "a/../../x"])
    async def test_is_not_left_by_a_name(self, folder, key):
        with pytest.raises(errors.SourceForbiddenError, match="leads out of the folder"):
            await content_of(Folder(folder), key)

    async def test_is_not_left_by_a_link_to_a_file(self, folder):
        (folder / "month" / "link.csv").symlink_to(folder.parent / "acme-of-others" / "secret.csv")

        for attempt in (Folder(folder).list(), content_of(Folder(folder), "month/link.csv")):
            with pytest.raises(errors.SourceForbiddenError, match="leads out of the folder"):
                await attempt

    async def test_is_not_left_by_a_link_to_a_folder(self, folder):
        (folder / "month" / "link").symlink_to(folder.parent / "acme-of-others")

        for attempt in (Folder(folder).list("month/"), Folder(folder).folders("month/link/")):
            with pytest.raises(errors.SourceForbiddenError, match="leads out of the folder"):
                await attempt

    async def test_may_itself_be_a_link(self, folder, tmp_path):
        (tmp_path / "link").symlink_to(folder)

        assert len(await Folder(tmp_path / "link").list()) == len(FILES)

    async def test_holds_nothing_but_files(self, folder):
        os.mkfifo(folder / "pipe.csv")

        assert len(await Folder(folder).list()) == len(FILES)

    async def test_that_is_not_there_is_told(self, tmp_path):
        with pytest.raises(errors.SourceNotFoundError, match="is not there"):
            await Folder(tmp_path / "nowhere").list()

    async def test_has_another_etag_after_a_change(self, folder):
        [before] = await Folder(folder).list("one.csv")
        (folder / "one.csv").write_bytes(b"a,b\n3,4\n")
        os.utime(folder / "one.csv", ns=(0, 1))

        [after] = await Folder(folder).list("one.csv")

        assert after.etag != before.etag


class TestBucket:
    async def test_lists_more_than_one_page(self, s3, bucket, monkeypatch):
        monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
        objects = open_place(place(bucket, s3))

        assert [stored.key for stored in await objects.list()] == sorted(FILES)
        assert list(await objects.folders()) == ["month", "prompts"]
        await objects.close()

    async def test_of_nobody_is_not_found(self, s3):
        objects = open_place(place("s3://nobodys", s3))

        with pytest.raises(errors.SourceNotFoundError, match="S3: HTTP 404"):
            await objects.list()
        await objects.close()

    async def test_out_of_reach_is_unavailable_and_neither_url_nor_key_is_told(self, caplog):
        caplog.set_level(logging.DEBUG)
        objects = open_place(place("s3://reports", "http://127.0.0.1:9/hidden"), attempts=1)

        with pytest.raises(errors.SourceUnavailableError) as caught:
            await objects.list()

        told = f"{caught.getrepr(style='value')} {caplog.text}"
        assert not [word for word in ("hidden", "reports", SECRET) if word in told]
        await objects.close()

    async def test_without_credentials_is_unauthorized(self, s3, monkeypatch, tmp_path):
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
        given = place("s3://reports", s3, access_key_id=None, secret_access_key=None)

        with pytest.raises(errors.SourceUnauthorizedError, match="no usable AWS credentials"):
            await open_place(given).list()

    async def test_with_an_unknown_profile_is_unauthorized(self, s3):
        given = place("s3://reports", s3, profile="nobodys")

        with pytest.raises(errors.SourceUnauthorizedError, match="ProfileNotFound"):
            await open_place(given).list()

    async def test_that_breaks_off_is_read_on_from_there(self):
        aws = BreaksOff(b"0123456789", at_once=4, breaks=2)

        content = await content_of(Bucket(aws, "reports", ""), "one.csv")

        assert content == b"0123456789"
        assert [a.get("Range") for a in aws.asked] == [None, "bytes=4-", "bytes=8-"]
        assert [a.get("IfMatch") for a in aws.asked] == [None, "tag", "tag"]

    async def test_that_breaks_off_for_ever_is_unavailable(self):
        aws = BreaksOff(b"0123456789", at_once=0, breaks=100)

        with pytest.raises(errors.SourceUnavailableError, match="S3: IncompleteReadError"):
            await content_of(Bucket(aws, "reports", ""), "one.csv")

        assert len(aws.asked) == 1


class BreaksOff:
    """An S3 whose connections end after some bytes, a number of times."""

    def __init__(self, content: bytes, *, at_once: int, breaks: int) -> None:
        self.content = content
        self.at_once = at_once
        self.breaks = breaks
        self.asked = []

    def client(self, service: str):
        return self

    def get_object(self, **asked):
        self.asked.append(asked)
        start = int(asked.get("Range", "bytes=0-")[6:-1])
        whole = len(self.asked) > self.breaks
        end = len(self.content) if whole else start + self.at_once
        return {"Body": Body(self.content[start:end], is_whole=whole), "ETag": "tag"}


class Body:
    def __init__(self, content: bytes, *, is_whole: bool) -> None:
        self.chunks = iter([content] if content else [])
        self.is_whole = is_whole

    def read(self, size: int) -> bytes:
        from botocore.exceptions import IncompleteReadError  # noqa: PLC0415

        chunk = next(self.chunks, b"")
        if not chunk and not self.is_whole:
            raise IncompleteReadError(actual_bytes=4, expected_bytes=10)
        return chunk

    def close(self) -> None:
        return


class TestErrors:
    @pytest.mark.parametrize(
        ("status", "code", "expected"),
        [
            (403, "AccessDenied", errors.SourceForbiddenError),
            (400, "AccessDeniedException", errors.SourceForbiddenError),
            (403, "InvalidAccessKeyId", errors.SourceUnauthorizedError),
            (403, "SignatureDoesNotMatch", errors.SourceUnauthorizedError),
            (400, "ExpiredToken", errors.SourceUnauthorizedError),
            (404, "NoSuchBucket", errors.SourceNotFoundError),
            (503, "SlowDown", errors.SourceRateLimitedError),
            (400, "ThrottlingException", errors.SourceRateLimitedError),
            (500, "InternalError", errors.SourceUnavailableError),
            (412, "PreconditionFailed", errors.SourceUnavailableError),
            (301, "PermanentRedirect", errors.SourceRefusedError),
            (400, "AuthorizationHeaderMalformed", errors.SourceRefusedError),
        ],
    )
    async def test_say_what_to_do_and_quote_nothing(self, status, code, expected):
        with pytest.raises(expected) as caught:
            await Bucket(Refuses(status, code), "reports", "").list()

        assert str(caught.value).startswith("S3: ")
        assert caught.value.hint
        assert "somebody" not in caught.getrepr(style="value").__str__()


class Refuses:
    def __init__(self, status: int, code: str) -> None:
        self.status = status
        self.code = code

    def client(self, service: str):
        return self

    def get_paginator(self, operation: str):
        return self

    def paginate(self, **asked):
        from botocore.exceptions import ClientError  # noqa: PLC0415

        answer = {
            "Error": {"Code": self.code, "Message": "the key of somebody"},
            "ResponseMetadata": {"HTTPStatusCode": self.status},
        }
        raise ClientError(answer, "ListObjectsV2")


class TestLocations:
    @pytest.mark.parametrize("location", ["s3://", "s3://A_B/x", "gs://reports", "https://x/y"])
    def test_that_are_no_bucket_are_refused(self, location):
        with pytest.raises(errors.SettingsError, match="s3://BUCKET/PREFIX or a folder"):
            open_objects(location)

    def test_keep_their_secrets_out_of_text(self):
        given = place("s3://reports")

        assert SECRET not in f"{given} {given.access()} {given.access()!r}"


class TestUnpacking:
    def test_gives_the_content_of_a_plain_file(self, tmp_path):
        (tmp_path / "x").write_bytes(b"a,b\n")

        assert b"".join(unpacked(tmp_path / "x", "x.csv")) == b"a,b\n"

    def test_reads_gzip_of_several_members(self, tmp_path):
        (tmp_path / "x").write_bytes(gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n"))

        assert b"".join(unpacked(tmp_path / "x", "x.csv.gz")) == b"a,b\n1,2\n"

    def test_puts_a_decompression_bomb_down_half_way(self, tmp_path):
        (tmp_path / "x").write_bytes(gzip.compress(b"\0" * (64 << 20)))
        seen: list[int] = []
        chunks = unpacked(tmp_path / "x", "x.csv.gz", most=8 << 20)

        with pytest.raises(errors.SourceResponseError, match=r"x\.csv\.gz: unpacks to over 8 MB"):
            seen.extend(len(chunk) for chunk in chunks)

        assert sum(seen) <= 8 << 20

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(PACKED[:-9], id="without-its-end"),
            pytest.param(PACKED[:30], id="half"),
            pytest.param(PACKED[:20] + b"\xff\xff" + PACKED[22:], id="damaged"),
            pytest.param(b"a,b\n", id="plain"),
        ],
    )
    def test_tells_of_what_is_cut_short_or_not_gzip(self, tmp_path, content):
        (tmp_path / "x").write_bytes(content)

        with pytest.raises(errors.SourceResponseError, match=r"x\.csv\.gz: cut short, or not gzip"):
            list(unpacked(tmp_path / "x", "x.csv.gz"))
