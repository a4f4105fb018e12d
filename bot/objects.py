"""Files that others write for us to read: in a bucket of S3, or in a folder."""

from __future__ import annotations

import asyncio
import gzip
import os
import re
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.aws import ATTEMPTS, Access, Aws, our_errors
from bot.errors import (
    SettingsError,
    SourceForbiddenError,
    SourceNotFoundError,
    SourceResponseError,
    SourceUnavailableError,
)

CHUNK_BYTES = 1 << 20
MOST_BYTES = 4 << 30
"""Of one object, as it is stored and as it is unpacked."""

MOST_OBJECTS = 100_000
IN_S3 = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>.*))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """A file by its *key*, relative to where we look; the *etag* changes with its content."""

    key: str
    etag: str
    modified: datetime
    size: int


class Objects(Protocol):
    """Read only, and never above the place that it was opened for. Raises ``SourceError``."""

    async def list(self, prefix: str = "") -> Sequence[StoredObject]:
        """Everything whose key begins with *prefix*, by key."""
        ...

    async def folders(self, prefix: str = "") -> Sequence[str]:
        """The names that *prefix*, which ends with a slash or is empty, is divided into."""
        ...

    def read(self, key: str, *, etag: str | None = None) -> AsyncIterator[bytes]:
        """Its content in chunks; given an *etag*, only if it is still that content."""
        ...

    async def close(self) -> None: ...


class Place(BaseModel):
    """Where the files of a source lie, as its settings tell."""

    model_config = ConfigDict(frozen=True)

    location: str = Field(description="where the files lie: s3://BUCKET/PREFIX, or a folder")
    region: str | None = Field(default=None, description="the AWS region")
    endpoint_url: str | None = Field(
        default=None, description="the address of a service that speaks like S3"
    )
    profile: str | None = Field(
        default=None, description="a profile of the AWS configuration, which may assume a role"
    )
    access_key_id: SecretStr | None = Field(
        default=None, description="an AWS access key; empty: what AWS's own tools would use"
    )
    secret_access_key: SecretStr | None = Field(default=None, description="its secret")

    def access(self, *, attempts: int | None = None) -> Access:
        key, secret = self.access_key_id, self.secret_access_key
        return Access(
            region=self.region,
            endpoint_url=self.endpoint_url,
            profile=self.profile,
            access_key=key.get_secret_value() if key else None,
            secret_key=secret.get_secret_value() if secret else None,
            attempts=attempts or ATTEMPTS,
        )


def open_place(place: Place, *, attempts: int | None = None) -> Objects:
    return open_objects(place.location, place.access(attempts=attempts))


def open_objects(location: str, access: Access | None = None) -> Objects:
    """The files at *location*; raises ``SettingsError`` where it cannot be one."""
    if match := IN_S3.fullmatch(location):
        prefix = (match["prefix"] or "").strip("/")
        return Bucket(Aws(access or Access()), match["bucket"], f"{prefix}/" if prefix else "")
    if "://" in location:
        raise SettingsError(f"{location.partition('://')[0]}: give s3://BUCKET/PREFIX or a folder")
    return Folder(Path(location))


class Folder:
    """A folder and those in it; what leads out of it, by a link or a name, is refused."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    async def list(self, prefix: str = "") -> Sequence[StoredObject]:
        return await asyncio.to_thread(self._list, prefix)

    async def folders(self, prefix: str = "") -> Sequence[str]:
        return await asyncio.to_thread(self._folders, prefix)

    async def read(self, key: str, *, etag: str | None = None) -> AsyncIterator[bytes]:
        file = await asyncio.to_thread(self._open, key, etag)
        try:
            while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
                yield chunk
        finally:
            file.close()

    async def close(self) -> None:
        return

    def _list(self, prefix: str) -> Sequence[StoredObject]:
        with _reading_files():
            start = self._inside(prefix.rpartition("/")[0])
            found = sorted((self._key(path), path) for path in self._files(start))
            return tuple(_stored(key, path) for key, path in found if key.startswith(prefix))

    def _folders(self, prefix: str) -> Sequence[str]:
        with _reading_files():
            start = self._inside(prefix)
            if not start.is_dir():
                return ()
            return tuple(sorted(path.name for path in start.iterdir() if path.is_dir()))

    def _files(self, start: Path) -> Iterator[Path]:
        for folder, folders, names in os.walk(start):
            for path in (Path(folder, name) for name in (*folders, *names)):
                if path.is_symlink():
                    self._inside(self._key(path))
                if path.is_file():
                    yield path

    def _open(self, key: str, etag: str | None) -> IO[bytes]:
        with _reading_files():
            file = self._inside(key).open("rb")
            if etag is not None and _etag(os.fstat(file.fileno())) != etag:
                file.close()
                raise SourceUnavailableError("a file was replaced while it was read")
            return file

    def _inside(self, key: str) -> Path:
        root = self._root.resolve(strict=True)
        path = (root / key).resolve()
        if not path.is_relative_to(root):
            raise SourceForbiddenError("a file or a link leads out of the folder")
        return path

    def _key(self, path: Path) -> str:
        return path.relative_to(self._root.resolve()).as_posix()


class Bucket:
    """What lies under *prefix* in a bucket of S3."""

    def __init__(self, aws: Aws, bucket: str, prefix: str) -> None:
        self._aws = aws
        self._bucket = bucket
        self._prefix = prefix

    async def list(self, prefix: str = "") -> Sequence[StoredObject]:
        pages = await asyncio.to_thread(self._pages, prefix, "")
        return tuple(
            StoredObject(
                key=each["Key"].removeprefix(self._prefix),
                etag=each["ETag"],
                modified=each["LastModified"].astimezone(UTC),
                size=each["Size"],
            )
            for page in pages
            for each in page.get("Contents", [])
            if not each["Key"].endswith("/")
        )

    async def folders(self, prefix: str = "") -> Sequence[str]:
        pages = await asyncio.to_thread(self._pages, prefix, "/")
        start = len(self._prefix + prefix)
        found = (each["Prefix"] for page in pages for each in page.get("CommonPrefixes", []))
        return tuple(name[start:].rstrip("/") for name in found)

    async def read(self, key: str, *, etag: str | None = None) -> AsyncIterator[bytes]:
        """Where the connection breaks, the rest is asked for, as long as some of it comes."""
        offset, began_at = 0, -1
        while True:
            try:
                body, etag = await asyncio.to_thread(self._open, key, etag, offset)
                try:
                    while chunk := await asyncio.to_thread(_read, body):
                        offset += len(chunk)
                        yield chunk
                finally:
                    body.close()
            except SourceUnavailableError:
                if offset in {0, began_at}:
                    raise
                began_at = offset
            else:
                return

    async def close(self) -> None:
        await asyncio.to_thread(self._aws.close)

    def _pages(self, prefix: str, delimiter: str) -> Sequence[dict[str, Any]]:
        with our_errors("S3"):
            pages, seen = [], 0
            paginator = self._aws.client("s3").get_paginator("list_objects_v2")
            for page in paginator.paginate(
                Bucket=self._bucket, Prefix=self._prefix + prefix, Delimiter=delimiter
            ):
                pages.append(page)
                if (seen := seen + page.get("KeyCount", 0)) > MOST_OBJECTS:
                    raise SourceResponseError(f"S3: more than {MOST_OBJECTS:,} files in one place")
            return pages

    def _open(self, key: str, etag: str | None, offset: int) -> tuple[Any, str]:
        wanted = {"IfMatch": etag} if etag else {}
        if offset:
            wanted["Range"] = f"bytes={offset}-"
        with our_errors("S3"):
            client = self._aws.client("s3")
            answer = client.get_object(Bucket=self._bucket, Key=self._prefix + key, **wanted)
        return answer["Body"], answer["ETag"]


def _read(body: Any) -> bytes:
    with our_errors("S3"):
        chunk: bytes = body.read(CHUNK_BYTES)
        return chunk


async def read_whole(objects: Objects, stored: StoredObject, *, most: int) -> bytes:
    """A small file at once; one of more than *most* bytes is refused."""
    content = bytearray()
    async for chunk in objects.read(stored.key, etag=stored.etag):
        content += chunk
        if len(content) > most:
            raise SourceResponseError(f"{name_of(stored)}: a file over {most >> 20} MB")
    return bytes(content)


async def save(objects: Objects, stored: StoredObject, path: Path) -> None:
    """Copy a file of any size to *path*, up to ``MOST_BYTES``."""
    left = MOST_BYTES
    with path.open("wb") as file:
        async for chunk in objects.read(stored.key, etag=stored.etag):
            if (left := left - len(chunk)) < 0:
                raise SourceResponseError(f"{name_of(stored)}: over {MOST_BYTES >> 30} GB")
            await asyncio.to_thread(file.write, chunk)


def name_of(stored: StoredObject) -> str:
    """What to call it in an error: the folders above it tell accounts."""
    return stored.key.rpartition("/")[2]


def unpacked(path: Path, name: str, *, most: int = MOST_BYTES) -> Iterator[bytes]:
    """The content of a file in chunks; gzip is known by *name*, and unpacked up to *most* bytes."""
    left = most
    with gzip.open(path) if name.endswith(".gz") else path.open("rb") as file:
        while chunk := _unpacked_chunk(file, name):
            if (left := left - len(chunk)) < 0:
                raise SourceResponseError(f"{name}: unpacks to over {most >> 20:,} MB")
            yield chunk


def _unpacked_chunk(file: IO[bytes] | gzip.GzipFile, name: str) -> bytes:
    try:
        return file.read(CHUNK_BYTES)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise SourceResponseError(f"{name}: cut short, or not gzip") from None


def _stored(key: str, path: Path) -> StoredObject:
    stat = path.stat()
    modified = datetime.fromtimestamp(stat.st_mtime, UTC)
    return StoredObject(key=key, etag=_etag(stat), modified=modified, size=stat.st_size)


def _etag(stat: os.stat_result) -> str:
    return f"{stat.st_mtime_ns:x}-{stat.st_size:x}-{stat.st_ino:x}"


@contextmanager
def _reading_files() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise SourceNotFoundError("the folder or a file in it is not there") from None
    except PermissionError:
        raise SourceForbiddenError("the folder or a file in it may not be read") from None
    except OSError as error:
        raise SourceUnavailableError(f"the folder: {type(error).__name__}") from None
