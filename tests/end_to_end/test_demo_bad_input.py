"""``upshot demo`` that cannot be had: a sentence that says what to do, and nothing is started."""

from __future__ import annotations

import socket

import pytest

from bot.playground.errors import PortForbiddenError
from bot.playground.wishes import listener_at
from tests.end_to_end.demo_command import (
    SMALLEST,
    address_of,
    demo,
    press_ctrl_c,
    processes_of,
    refused,
)


def test_a_port_in_use_is_told_of_before_anything_is_started(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused("--port", str(port), folder=tmp_path)

    assert said.startswith(f"Port {port} is in use")
    assert "Choose another with --port" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "wrong", "instead"),
    [
        (("--people", "3"), "--people 3", "from 23 to 5,000"),
        (("--weeks", "0"), "--weeks 0", "from 1 to 104"),
        (("--port", "70000"), "no port 70000", "from 1 to 65535"),
        (("--port", "-1"), "no port -1", "from 1 to 65535"),
        (("--sources", "anthropic,abacus"), "no source abacus", "anthropic, openai"),
        (("--sources", "git,jira"), "tells of AI use", "anthropic, openai"),
    ],
)
def test_what_is_out_of_bounds_is_named_with_its_bounds(arguments, wrong, instead, tmp_path):
    said = refused(*arguments, folder=tmp_path)

    assert wrong in said
    assert instead in said
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_kept_for_others_is_told_of():
    def bind(_: tuple[str, int]) -> socket.socket:
        raise PermissionError

    with pytest.raises(PortForbiddenError, match="You may not open port 80") as refusal:
        listener_at(80, bind)

    assert "from 1024 on" in refusal.value.hint


def test_only_this_machine_is_listened_to():
    with listener_at(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize("wrong", ["a file", "nowhere", "read-only"])
def test_a_folder_that_cannot_be_written_to_is_named(wrong, tmp_path):
    file = tmp_path / "file"
    file.touch()
    place = {"a file": file, "nowhere": tmp_path / "nowhere", "read-only": "/proc"}[wrong]

    said = refused(folder=tmp_path, environ={"TMPDIR": str(place)})

    assert f"cannot keep its files in {place}" in said
    assert "TMPDIR" in said


def test_the_page_s_library_is_asked_for_where_it_is_missing(tmp_path):
    (tmp_path / "jinja2.py").write_text("raise ImportError\n", encoding="utf-8")

    said = refused(folder=tmp_path, environ={"PYTHONPATH": str(tmp_path)})

    assert said == ("The playground's page needs jinja2: install requirements-extras.txt")


def test_a_second_demo_runs_beside_the_first_but_not_at_its_port(tmp_path):
    first_folder, second_folder = tmp_path / "first", tmp_path / "second"
    first_folder.mkdir()
    second_folder.mkdir()
    with (
        demo(*SMALLEST, folder=first_folder) as first,
        demo(*SMALLEST, folder=second_folder) as second,
    ):
        addresses = {address_of(first), address_of(second)}
        port = addresses.copy().pop().rpartition(":")[2]
        said = refused(*SMALLEST, "--port", port, folder=tmp_path / "nowhere")
        for process in (first, second):
            press_ctrl_c(process)
            process.communicate(timeout=60)

    assert len(addresses) == 2
    assert said.startswith(f"Port {port} is in use")
    assert (first.returncode, second.returncode) == (0, 0)
    assert list(processes_of(tmp_path)) == []
    assert [*first_folder.iterdir(), *second_folder.iterdir()] == []
