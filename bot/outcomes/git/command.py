"""Runs the git command, cut off from the machine's configuration and from hostile repositories."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.outcomes.git.problems import GitMissingError, GitSlowError

CHUNK_BYTES = 256 * 1024
LONGEST_FIELD_BYTES = 1024 * 1024
"""What a field has beyond this is not read: nobody writes such a message by hand."""

# A repository's own configuration may name programs to run; these settings win over it.
SAFE_SETTINGS = {
    "safe.directory": "*",
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.pager": "cat",
    "core.askPass": "",
    "log.showSignature": "false",
    "log.mailmap": "false",
    "log.showRoot": "true",
    "log.follow": "false",
    "i18n.logOutputEncoding": "UTF-8",
    "color.ui": "false",
    "protocol.ext.allow": "never",
    "protocol.file.allow": "always",
    "fetch.recurseSubmodules": "false",
    "submodule.recurse": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
}
_KEPT_VARIABLES = (
    "PATH",
    "HOME",
    "TMPDIR",
    "SSH_AUTH_SOCK",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "GIT_SSL_CAINFO",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "https_proxy",
    "http_proxy",
    "no_proxy",
)
OFFLINE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
ONLINE = {"GIT_ALLOW_PROTOCOL": "file:http:https:ssh"}


@dataclass(frozen=True, slots=True)
class Answer:
    """How a git command ended; *complaint* is for telling errors apart, never for showing."""

    code: int
    output: str
    complaint: str

    @property
    def ok(self) -> bool:
        return self.code == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Git:
    """The git command in a folder; *environ* is the environment to pick what it needs from."""

    folder: Path
    environ: Mapping[str, str]
    command: str = "git"
    timeout: float = 900.0
    settings: Mapping[str, str] = field(default_factory=dict)

    async def run(self, *arguments: str, also: Mapping[str, str] | None = None) -> Answer:
        """Run to the end and keep what it says; *also* adds to the environment."""
        process = await self._start(arguments, also or OFFLINE)
        try:
            async with asyncio.timeout(self.timeout):
                output, complaint = await process.communicate()
        except TimeoutError:
            raise GitSlowError(self.folder.name, arguments[0]) from None
        finally:
            await _end(process)
        return Answer(process.returncode or 0, _text(output).strip(), _text(complaint))

    async def fields(self, *arguments: str, end: bytes = b"\0") -> AsyncIterator[str]:
        """The fields of what it prints, each with its *end*, as they come; raises ``OSError``."""
        process = await self._start(arguments, OFFLINE, complain=False)
        assert process.stdout is not None
        try:
            async for found in _split(process.stdout, end):
                yield _text(found)
            if await process.wait():
                raise OSError(f"git {arguments[0]} ended with {process.returncode}")
        finally:
            await _end(process)

    async def _start(
        self, arguments: tuple[str, ...], also: Mapping[str, str], *, complain: bool = True
    ) -> Process:
        settings = [
            f"{key}={value}" for key, value in (SAFE_SETTINGS | dict(self.settings)).items()
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        try:
            return await asyncio.create_subprocess_exec(
                self.command,
                "--no-pager",
                "-C",
                str(self.folder),
                *options,
                *arguments,
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=PIPE if complain else DEVNULL,
                start_new_session=True,
                env=self._environment() | dict(also),
            )
        except (FileNotFoundError, PermissionError):
            raise GitMissingError(self.command) from None

    def _environment(self) -> dict[str, str]:
        kept = {name: self.environ[name] for name in _KEPT_VARIABLES if name in self.environ}
        return kept | {
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "true",
            "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
            "GIT_PAGER": "cat",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_REPLACE_OBJECTS": "1",
            # A folder inside somebody else's repository is not that repository.
            "GIT_CEILING_DIRECTORIES": str(self.folder.parent),
        }


async def _split(stream: asyncio.StreamReader, end: bytes) -> AsyncIterator[bytes]:
    pending = bytearray()
    while chunk := await stream.read(CHUNK_BYTES):
        *whole, rest = chunk.split(end)
        for part in whole:
            pending += part[: LONGEST_FIELD_BYTES - len(pending)]
            yield bytes(pending)
            pending.clear()
        pending += rest[: LONGEST_FIELD_BYTES - len(pending)]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")


async def _end(process: Process) -> None:
    """Stop it with all that it started: helpers of a transport outlive git otherwise."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
