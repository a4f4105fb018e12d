"""The embedded PostgreSQL, started for real."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from db.embedded import EmbeddedPostgres, EmbeddedPostgresError, Urls
from db.embedded.accounts import (
    CAP_DAC_OVERRIDE,
    CAP_DAC_READ_SEARCH,
    Account,
    capability_to_pass,
    closed_folders,
)
from db.embedded.binaries import installed_binaries
from db.embedded.errors import FREE_SPACE, program_failed
from db.embedded.files import FileLock
from db.embedded.postmaster import UNREACHABLE, Postmaster
from db.embedded.processes import postmaster_pid, server_processes
from db.embedded.sockets import (
    LONGEST_SOCKET_PATH,
    SOCKET_NAME,
    choose_socket_folder,
    prepare_socket_folder,
)

QUICK = {"fsync": "off"}
USER_PROCESS = """
import sys
from pathlib import Path
from db.embedded import EmbeddedPostgres

with EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off"}) as urls:
    print(urls.worker, flush=True)
    sys.stdin.readline()
"""
REPOSITORY = Path(__file__).parents[1]


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True, connect_timeout=5)


def ask(url: str, query: str) -> object:
    with connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def is_reachable(url: str) -> bool:
    try:
        return ask(url, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def eventually(condition: Callable[[], object], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def server_has_ended(data_dir: Path) -> bool:
    with FileLock(data_dir / "postgres.alive.lock") as alive:
        return alive.try_to_own()


def kill_postmaster(data_dir: Path) -> int:
    pid = postmaster_pid(data_dir / "postgres")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    for pid in server_processes(folder / "postgres"):  # where a test failed halfway
        os.kill(pid, signal.SIGKILL)


@contextmanager
def user_process(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", USER_PROCESS, str(data_dir)],
        cwd=REPOSITORY,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def url_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=30)
    assert process.returncode == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("one server") / "it's $HOME"


@pytest.fixture(scope="module")
def urls(folder: Path) -> Iterator[Urls]:
    with EmbeddedPostgres(folder) as urls:
        yield urls


class TestOneServer:
    @pytest.mark.parametrize("role", ["owner", "worker"])
    def test_neither_role_can_skip_row_level_security(self, urls: Urls, role: str) -> None:
        may_skip = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        url = getattr(urls, role)

        assert ask(url, "SELECT current_user::text") == f"upshot_{role}"
        assert ask(url, may_skip) is False

    def test_the_worker_works_in_schemas_that_the_owner_makes(self, urls: Urls) -> None:
        with connect(urls.owner) as owner, connect(urls.worker) as worker:
            owner.execute("CREATE SCHEMA queue")
            owner.execute("CREATE TABLE queue.jobs (id serial, name text)")
            worker.execute("INSERT INTO queue.jobs (name) VALUES ('collect'), ('settle')")
            worker.execute("UPDATE queue.jobs SET name = 'deliver' WHERE name = 'settle'")
            worker.execute("DELETE FROM queue.jobs WHERE name = 'collect'")

            assert worker.execute("SELECT id, name FROM queue.jobs").fetchall() == [(2, "deliver")]

    def test_the_worker_may_make_temporary_tables_and_no_others(self, urls: Urls) -> None:
        with connect(urls.worker) as worker:
            worker.execute("CREATE TEMPORARY TABLE staging (day date)")

            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                worker.execute("CREATE TABLE public.kept (day date)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                worker.execute("CREATE SCHEMA mine")

    def test_nobody_gets_in_without_the_password(self, urls: Urls, folder: Path) -> None:
        password = json.loads((folder / "postgres.json").read_text())["superuser"]

        assert is_reachable(urls.superuser)
        assert not is_reachable(urls.superuser.replace(password, "guessed"))

    @pytest.mark.parametrize(
        ("setting", "value"),
        [
            ("listen_addresses", ""),
            ("server_encoding", "UTF8"),
            ("timezone", "UTC"),
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("password_encryption", "scram-sha-256"),
        ],
    )
    def test_it_is_set_up_as_promised(self, urls: Urls, setting: str, value: str) -> None:
        assert ask(urls.worker, f"SHOW {setting}") == value

    def test_upper_and_lower_case_are_known_beyond_ascii(self, urls: Urls) -> None:
        assert ask(urls.worker, "SELECT lower('ÉÄ')") == "éä"

    @pytest.mark.parametrize("name", ["postgres.json", "postgres.log", "postgres.users.lock"])
    def test_its_files_are_private(self, urls: Urls, folder: Path, name: str) -> None:
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600

    def test_what_people_store_does_not_get_into_the_log(self, urls: Urls, folder: Path) -> None:
        with connect(urls.worker) as worker:
            worker.execute("CREATE TEMPORARY TABLE people (email text UNIQUE)")
            add = "INSERT INTO people VALUES ('ada@example.com')"
            worker.execute(add)
            with pytest.raises(psycopg.errors.UniqueViolation):
                worker.execute(add)

        log = (folder / "postgres.log").read_text()
        assert "duplicate key" in log
        assert "ada" not in log

    def test_the_addresses_are_not_shown(self, urls: Urls) -> None:
        assert repr(urls) == "Urls()"

    def test_it_outlives_ctrl_c_at_our_terminal(self, urls: Urls, folder: Path) -> None:
        pid = postmaster_pid(folder / "postgres")

        assert pid is not None
        assert os.getsid(pid) != os.getsid(0)

    def test_starting_again_is_harmless(self, urls: Urls, folder: Path) -> None:
        with EmbeddedPostgres(folder) as same:
            assert same == urls
        assert is_reachable(urls.worker)


class TestSeveralProcesses:
    def test_the_last_one_to_leave_stops_the_server(self, data_dir: Path) -> None:
        with user_process(data_dir) as first:
            url = url_of(first)
            with EmbeddedPostgres(data_dir, settings=QUICK) as urls:
                assert urls.worker == url
                leave(first)
                assert is_reachable(url)

        assert not is_reachable(url)
        assert server_has_ended(data_dir)

    def test_they_may_start_it_at_the_same_moment(self, data_dir: Path) -> None:
        with ExitStack() as stack:
            processes = [stack.enter_context(user_process(data_dir)) for _ in range(3)]
            urls = {url_of(process) for process in processes}
            assert len(urls) == 1
            for process in processes:
                leave(process)

        assert server_has_ended(data_dir)

    def test_after_kill_9_of_its_user_the_next_clean_stop_stops_it(self, data_dir: Path) -> None:
        with user_process(data_dir) as killed:
            url = url_of(killed)
            killed.kill()
            killed.wait()
        assert is_reachable(url)
        pid = postmaster_pid(data_dir / "postgres")

        with EmbeddedPostgres(data_dir) as urls:
            assert urls.worker == url
            assert postmaster_pid(data_dir / "postgres") == pid

        assert server_has_ended(data_dir)

    def test_they_find_it_whatever_their_environment_says(
        self, data_dir: Path, tmp_path: Path
    ) -> None:
        runtime = tmp_path / "run"
        runtime.mkdir(mode=0o700)
        with (
            EmbeddedPostgres(data_dir, settings=QUICK, environ={}) as urls,
            EmbeddedPostgres(data_dir, environ={"XDG_RUNTIME_DIR": str(runtime)}) as same,
        ):
            assert same == urls


class TestRecovery:
    def test_after_kill_9_of_the_server_the_next_start_loses_nothing(self, data_dir: Path) -> None:
        server = EmbeddedPostgres(data_dir)
        with connect(server.start().owner) as owner:
            owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        killed = kill_postmaster(data_dir)
        assert (data_dir / "postgres" / "postmaster.pid").exists()

        with EmbeddedPostgres(data_dir) as urls:
            assert ask(urls.owner, "SELECT answer FROM kept") == 42
            assert postmaster_pid(data_dir / "postgres") != killed
            server.stop()
            assert is_reachable(urls.worker)
        assert server_has_ended(data_dir)

    def test_a_user_of_a_dead_server_revives_it_by_starting_again(self, data_dir: Path) -> None:
        server = EmbeddedPostgres(data_dir, settings=QUICK)
        server.start()
        kill_postmaster(data_dir)

        assert is_reachable(server.start().worker)
        server.stop()

    def test_a_busy_process_of_a_dead_server_is_not_in_the_way(self, data_dir: Path) -> None:
        server = EmbeddedPostgres(data_dir, settings=QUICK)
        busy = connect(server.start().worker)
        busy.pgconn.send_query(b"DO 'BEGIN LOOP END LOOP; END'")
        kill_postmaster(data_dir)

        assert is_reachable(server.start().worker)
        server.stop()
        busy.close()

    def test_the_old_process_number_may_be_another_programs_by_now(self, data_dir: Path) -> None:
        with EmbeddedPostgres(data_dir, settings=QUICK):
            pid_file = data_dir / "postgres" / "postmaster.pid"
            lines = pid_file.read_text().splitlines()
        # One of the same user, which PostgreSQL by itself takes for its own.
        with subprocess.Popen(
            ["/bin/sleep", "60"], user=pid_file.parent.stat().st_uid if os.geteuid() == 0 else None
        ) as other:
            pid_file.write_text("\n".join([str(other.pid), *lines[1:]]))

            with EmbeddedPostgres(data_dir, settings=QUICK) as urls:
                assert is_reachable(urls.worker)
            other.kill()

    def test_kill_9_during_the_first_start_leaves_nothing_half_made(self, data_dir: Path) -> None:
        with user_process(data_dir) as killed:
            assert eventually(lambda: list(data_dir.glob("postgres.new-*/cluster/base")))
            killed.kill()
            killed.wait()
        assert not (data_dir / "postgres").exists()

        with EmbeddedPostgres(data_dir, settings=QUICK) as urls:
            assert is_reachable(urls.worker)

            def nothing_is_left() -> bool:
                with EmbeddedPostgres(data_dir):
                    return not list(data_dir.glob("postgres.new-*"))

            assert eventually(nothing_is_left)


class TestBelowClosedFolders:
    @pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
    def test_root_runs_it_as_nobody_with_the_right_to_pass_and_no_other(
        self, tmp_path: Path
    ) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        data_dir = closed / "data"
        with EmbeddedPostgres(data_dir, settings=QUICK) as urls:
            assert is_reachable(urls.worker)
            status = Path(f"/proc/{postmaster_pid(data_dir / 'postgres')}/status").read_text()

        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert "0" not in fields["Uid"].split()
        assert int(fields["CapEff"], 16).bit_count() == 1
        assert fields["CapEff"] == fields["CapPrm"] == fields["CapAmb"]
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert closed.stat().st_uid == data_dir.stat().st_uid == 0

    def test_the_right_to_read_is_preferred_to_the_right_to_write(self, tmp_path: Path) -> None:
        both = 1 << CAP_DAC_READ_SEARCH | 1 << CAP_DAC_OVERRIDE

        assert capability_to_pass(tmp_path, both) == CAP_DAC_READ_SEARCH
        assert capability_to_pass(tmp_path, 1 << CAP_DAC_OVERRIDE) == CAP_DAC_OVERRIDE

    def test_without_either_right_it_is_said_which_folder_to_open(self, tmp_path: Path) -> None:
        with pytest.raises(EmbeddedPostgresError, match="refuses to run as root") as refusal:
            capability_to_pass(tmp_path, 0)
        assert f"chmod o+x {tmp_path}" in refusal.value.hint

    def test_only_folders_that_keep_the_user_out_count(self, tmp_path: Path) -> None:
        outer, inner = tmp_path / "outer", tmp_path / "outer" / "inner"
        inner.mkdir(parents=True)
        inner.chmod(0o711)
        outer.chmod(0o750)
        owner = outer.stat()
        stranger = owner.st_uid + 1

        assert outer in closed_folders(inner / "missing", stranger, owner.st_gid + 1)
        assert inner not in closed_folders(inner / "missing", stranger, owner.st_gid + 1)
        assert outer not in closed_folders(inner, stranger, owner.st_gid)
        assert outer not in closed_folders(inner, owner.st_uid, owner.st_gid)


class TestSocketFolder:
    def test_its_path_is_short_however_long_the_data_folders_is(self, tmp_path: Path) -> None:
        data_dir = tmp_path.joinpath(*["a-rather-long-name"] * 12)
        environ = {"TMPDIR": str(data_dir)}

        folder = choose_socket_folder(data_dir, environ)

        assert len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
        assert folder == choose_socket_folder(data_dir, environ)
        assert folder != choose_socket_folder(tmp_path, environ)

    def test_a_runtime_folder_counts_if_it_is_ours(self, tmp_path: Path) -> None:
        with tempfile.TemporaryDirectory(dir="/tmp") as runtime:
            mine = choose_socket_folder(tmp_path, {"XDG_RUNTIME_DIR": runtime})
        missing = choose_socket_folder(tmp_path, {"XDG_RUNTIME_DIR": runtime})

        assert mine.parent == Path(runtime)
        assert missing.parent == Path("/tmp").resolve()

    def test_it_is_private(self, urls: Urls, folder: Path) -> None:
        socket_folder = choose_socket_folder(folder, os.environ)

        assert (socket_folder / SOCKET_NAME).is_socket()
        assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700

    def test_a_planted_link_is_refused(self, tmp_path: Path) -> None:
        planted = tmp_path / "planted"
        planted.symlink_to(tmp_path)

        with pytest.raises(EmbeddedPostgresError, match="is a link") as refusal:
            prepare_socket_folder(planted, os.geteuid(), os.getegid())
        assert "XDG_RUNTIME_DIR" in refusal.value.hint


class TestTrouble:
    def test_nothing_is_printed(self, data_dir: Path, capfd: pytest.CaptureFixture[str]) -> None:
        with EmbeddedPostgres(data_dir, settings=QUICK, environ={}):
            pass

        assert capfd.readouterr() == ("", "")

    def test_a_file_in_place_of_the_data_folder(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()

        with pytest.raises(EmbeddedPostgresError) as refusal:
            EmbeddedPostgres(tmp_path / "file").start()
        assert "UPSHOT_DATA_DIR" in refusal.value.hint

    def test_a_cluster_of_another_major_version(self, data_dir: Path) -> None:
        (data_dir / "postgres").mkdir(parents=True)
        (data_dir / "postgres" / "PG_VERSION").write_text("12\n")
        passwords = dict.fromkeys(["superuser", "owner", "worker", "socket_folder"], "x")
        (data_dir / "postgres.json").write_text(json.dumps(passwords))

        with pytest.raises(EmbeddedPostgresError, match="PostgreSQL 12") as refusal:
            EmbeddedPostgres(data_dir).start()
        assert "pg_dump" in refusal.value.hint
        assert "pg_restore" in refusal.value.hint

    def test_a_folder_of_something_else_is_left_alone(self, data_dir: Path) -> None:
        (data_dir / "postgres").mkdir(parents=True)
        (data_dir / "postgres" / "holiday.jpg").touch()

        with pytest.raises(EmbeddedPostgresError, match="not a folder of PostgreSQL"):
            EmbeddedPostgres(data_dir).start()
        assert (data_dir / "postgres" / "holiday.jpg").exists()

    @pytest.mark.parametrize("content", [None, "{", "[]", '{"superuser": "hidden"}'])
    def test_lost_or_damaged_passwords(self, data_dir: Path, content: str | None) -> None:
        (data_dir / "postgres").mkdir(parents=True)
        (data_dir / "postgres" / "PG_VERSION").write_text("18\n")
        if content is not None:
            (data_dir / "postgres.json").write_text(content)

        with pytest.raises(EmbeddedPostgresError, match=r"postgres\.json") as refusal:
            EmbeddedPostgres(data_dir).start()
        assert "backup" in refusal.value.hint
        assert "hidden" not in str(refusal.value)

    def test_passwords_of_another_data_folder(self, data_dir: Path) -> None:
        with EmbeddedPostgres(data_dir, settings=QUICK):
            (data_dir / "postgres" / "upshot.prepared").unlink()
            fields = json.loads((data_dir / "postgres.json").read_text())
            (data_dir / "postgres.json").write_text(json.dumps(fields | {"superuser": "other"}))

            with pytest.raises(EmbeddedPostgresError, match="administrator") as refusal:
                EmbeddedPostgres(data_dir).start()
        assert "backup" in refusal.value.hint

    def test_a_server_in_another_container(self, tmp_path: Path) -> None:
        binaries = installed_binaries()
        elsewhere = Postmaster(
            account=Account(uid=os.geteuid(), gid=os.getegid()),
            binaries=binaries[max(binaries)],
            cluster=tmp_path / "postgres",
            log=tmp_path / "postgres.log",
            alive=tmp_path / "postgres.alive.lock",
            environ={},
        )

        with pytest.raises(EmbeddedPostgresError, match="cannot be reached") as refusal:
            elsewhere.wait_for_change(UNREACHABLE + 1)
        assert "another container" in refusal.value.hint

    def test_a_damaged_version_file(self, data_dir: Path) -> None:
        (data_dir / "postgres").mkdir(parents=True)
        (data_dir / "postgres" / "PG_VERSION").write_text("")

        with pytest.raises(EmbeddedPostgresError, match="damaged"):
            EmbeddedPostgres(data_dir).start()

    def test_a_setting_that_postgresql_refuses(self, data_dir: Path) -> None:
        with pytest.raises(EmbeddedPostgresError, match="shared_buffers"):
            EmbeddedPostgres(data_dir, settings={"shared_buffers": "plenty"}).start()
        assert server_has_ended(data_dir)

    def test_a_full_disk(self, tmp_path: Path) -> None:
        said = "FATAL:  could not write lock file: No space left on device"

        failure = program_failed("pg_ctl start", said, tmp_path / "postgres.log")

        assert failure.hint == FREE_SPACE
        assert "could not write lock file" in str(failure)

    def test_stopping_what_was_not_started_is_harmless(self, data_dir: Path) -> None:
        EmbeddedPostgres(data_dir).stop()

        assert not data_dir.exists()


def test_a_cluster_keeps_the_version_that_wrote_it(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, settings=QUICK, major=16) as urls:
        assert str(ask(urls.worker, "SHOW server_version")).startswith("16.")
    with EmbeddedPostgres(data_dir, settings=QUICK) as urls:
        assert str(ask(urls.worker, "SHOW server_version")).startswith("16.")
