"""Starts, finds and stops the server process of a cluster."""

from __future__ import annotations

import os
import shlex
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from db.embedded.accounts import Account
from db.embedded.binaries import Binaries
from db.embedded.credentials import PORT
from db.embedded.errors import EmbeddedPostgresError, program_failed
from db.embedded.files import FileLock, open_private
from db.embedded.processes import instance_name, postmaster_pid, server_processes
from db.embedded.programs import run_program
from db.embedded.sockets import server_answers

LONGEST_RECOVERY = 300.0
"""Seconds in which a server that is there has to become ready."""
GRACE = 2.0
"""Seconds in which the children of a dead server have to notice."""
UNREACHABLE = 10.0
"""Seconds after which a server of which no process is to be seen is somewhere else."""
LARGEST_LOG = 10_000_000

_STATUS_LINE = 7
# What the product relies on: given with every start, whatever postgresql.conf says.
_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "fsync": "on",
    "synchronous_commit": "on",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_checkpoints": "off",
    # A statement or a detail line would carry people's addresses into the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmaster:
    """One cluster's server; every method expects that the caller holds the starting lock."""

    account: Account
    binaries: Binaries
    cluster: Path
    log: Path
    alive: Path
    """Locked by the server's own processes, so that the kernel tells whether any of them is left:
    a process id may be another program's by now, or belong to another container."""
    environ: Mapping[str, str]

    def launch(self, alive: FileLock, socket_folder: Path, settings: Mapping[str, str]) -> None:
        """Start the server, which inherits the lock *alive*, and wait until it is ready."""
        self._clear_stale_pid()
        options = {
            **_SETTINGS,
            "cluster_name": instance_name(self.cluster.parent),
            "unix_socket_directories": str(socket_folder),
            **settings,
        }
        command = self.account.command(
            self.binaries.pg_ctl,
            "start",
            "--silent",
            "--wait",
            f"--timeout={LONGEST_RECOVERY:.0f}",
            f"--options={shlex.join(f'--{name}={value}' for name, value in options.items())}",
        )
        log, start_of_ours = self._open_log()
        try:
            done = run_program(
                command,
                environ=self.environ,
                cluster=self.cluster,
                output=log,
                kept_open=[alive.descriptor],
            )
            written = os.pread(log, LARGEST_LOG, start_of_ours)
        finally:
            os.close(log)
        if done.returncode != 0:
            raise program_failed("pg_ctl start", written.decode(errors="replace"), self.log)

    def is_ready(self, socket_folder: Path) -> bool:
        try:
            lines = (self.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        ready = len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"
        return ready and server_answers(socket_folder)

    def wait_for_change(self, waited: float) -> None:
        """Something of a server is there, but does not answer: it comes, goes, or is not ours."""
        pid, processes = postmaster_pid(self.cluster), server_processes(self.cluster)
        if pid not in processes and waited > GRACE:
            for orphan in processes:
                os.kill(orphan, signal.SIGKILL)
        if waited > (LONGEST_RECOVERY if pid in processes else UNREACHABLE):
            raise EmbeddedPostgresError(
                f"A PostgreSQL is using {self.cluster}, but cannot be reached from here.",
                hint="If another container or machine uses this data folder, stop Upshot there. "
                f"Else end the process whose number is in {self.cluster / 'postmaster.pid'}.",
            )
        time.sleep(0.05)

    def stop(self) -> None:
        with FileLock(self.alive) as alive:
            if alive.try_to_own() or not self._is_alive():
                return
        command = self.account.command(
            self.binaries.pg_ctl, "stop", "--silent", "--wait", "--mode=fast", "--timeout=120"
        )
        done = run_program(command, environ=self.environ, cluster=self.cluster)
        if done.returncode != 0 and self._is_alive():
            raise program_failed("pg_ctl stop", done.stdout.decode(errors="replace"), self.log)

    def _is_alive(self) -> bool:
        return postmaster_pid(self.cluster) in server_processes(self.cluster)

    def _clear_stale_pid(self) -> None:
        # PostgreSQL itself would refuse to start if the number were another program's by now.
        if server_processes(self.cluster):
            raise EmbeddedPostgresError(
                f"A PostgreSQL which Upshot did not start is using {self.cluster}.",
                hint="Stop it as it was started, then start Upshot again.",
            )
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _open_log(self) -> tuple[int, int]:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        log = open_private(self.log, os.O_RDWR | os.O_APPEND)
        return log, os.fstat(log).st_size
