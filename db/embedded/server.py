"""The embedded server as its users see it: start or join it, use its addresses, leave it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType

from db.embedded.accounts import account_for
from db.embedded.binaries import binaries_for
from db.embedded.cluster import cluster_major, create_cluster, remove_unfinished
from db.embedded.credentials import Credentials, Urls, load_credentials, store_credentials
from db.embedded.errors import EmbeddedPostgresError, explaining_os_errors
from db.embedded.files import FileLock
from db.embedded.postmaster import Postmaster
from db.embedded.roles import prepare_database
from db.embedded.sockets import choose_socket_folder, prepare_socket_folder, remove_socket_folder

_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class EmbeddedPostgres:
    """One process's use of the server of a data folder; the last user to leave stops it."""

    def __init__(
        self,
        data_dir: Path,
        *,
        settings: Mapping[str, str] = _NO_SETTINGS,
        major: int | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """*settings* and *major* (a version of the wheel's) count for whoever starts the server."""
        self._data_dir = data_dir.absolute()
        self._cluster = self._data_dir / "postgres"
        self._settings = settings
        self._major = major
        self._environ = environ
        self._postmaster: Postmaster | None = None
        self._socket_folder: Path | None = None
        self._users: FileLock | None = None

    def start(self) -> Urls:
        """Start the server or join the running one. Once more, it revives one that has died."""
        with explaining_os_errors(self._data_dir):
            self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self._data_dir / "postgres.start.lock") as starting:
                starting.own()
                try:
                    self._join()
                    return self._running().urls()
                except BaseException:
                    self._leave()
                    raise

    def stop(self) -> None:
        """Leave the server, and stop it if nobody else uses it."""
        if self._users is None:
            return
        with (
            explaining_os_errors(self._data_dir),
            FileLock(self._data_dir / "postgres.start.lock") as starting,
        ):
            starting.own()
            self._leave()

    def __enter__(self) -> Urls:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _join(self) -> None:
        if self._users is None:
            self._users = FileLock(self._data_dir / "postgres.users.lock")
            self._users.share()

    def _leave(self) -> None:
        users, self._users = self._users, None
        if users is None:
            return
        with users:
            if users.try_to_own() and self._postmaster is not None:
                self._postmaster.stop()
                if self._socket_folder is not None:
                    remove_socket_folder(self._socket_folder)

    def _running(self) -> Credentials:
        """Make sure that the server runs, and say how to reach it."""
        credentials = self._credentials()
        socket_folder = choose_socket_folder(self._data_dir, self._environ)
        self._postmaster = postmaster = self._ready_to_run(credentials, socket_folder)
        started = time.monotonic()
        while True:
            with FileLock(postmaster.alive) as alive:
                if alive.try_to_own():
                    credentials = self._launch(postmaster, alive, credentials, socket_folder)
                    break
            listening = credentials.socket_folder
            if listening is not None and postmaster.is_ready(Path(listening)):
                break
            postmaster.wait_for_change(time.monotonic() - started)
        self._socket_folder = Path(credentials.socket_folder or socket_folder)
        prepare_database(self._cluster, credentials)
        return credentials

    def _credentials(self) -> Credentials:
        path = self._data_dir / "postgres.json"
        credentials = load_credentials(path)
        if credentials is None:
            if cluster_major(self._cluster) is not None:
                raise EmbeddedPostgresError(
                    f"{path} with the passwords of the embedded database is missing.",
                    hint="Restore this file from your backup.",
                )
            credentials = Credentials.random()
            store_credentials(path, credentials)
        return credentials

    def _ready_to_run(self, credentials: Credentials, socket_folder: Path) -> Postmaster:
        """The server's programs, account and cluster; the cluster is made if there is none."""
        major = cluster_major(self._cluster)
        binaries = binaries_for(major or self._major)
        account = account_for(
            self._data_dir,
            self._cluster,
            reaching=(self._data_dir, binaries.folder, socket_folder.parent),
        )
        log = self._data_dir / "postgres.log"
        remove_unfinished(self._data_dir)
        if major is None:
            create_cluster(
                self._cluster,
                account=account,
                binaries=binaries,
                password=credentials.superuser,
                environ=self._environ,
                log=log,
            )
        return Postmaster(
            account=account,
            binaries=binaries,
            cluster=self._cluster,
            log=log,
            alive=self._data_dir / "postgres.alive.lock",
            environ=self._environ,
        )

    def _launch(
        self,
        postmaster: Postmaster,
        alive: FileLock,
        credentials: Credentials,
        socket_folder: Path,
    ) -> Credentials:
        prepare_socket_folder(socket_folder, postmaster.account.uid, postmaster.account.gid)
        listening = credentials.listening_in(socket_folder)
        if listening != credentials:
            store_credentials(self._data_dir / "postgres.json", listening)
        postmaster.launch(alive, socket_folder, self._settings)
        return listening
