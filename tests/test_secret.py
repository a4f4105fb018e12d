"""The secret of an installation: given or made once, never readable by others, never the same."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.secret import FILE, read_key
from bot.settings import Settings


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path / "data")


def test_it_is_made_once_and_read_again(settings):
    assert read_key(settings).tag("a") == read_key(settings).tag("a")


def test_nobody_else_on_the_machine_can_read_it(settings):
    read_key(settings)

    assert stat.S_IMODE((settings.data_dir / FILE).stat().st_mode) == 0o600


def test_processes_that_start_at_once_share_one(settings):
    with ThreadPoolExecutor(8) as pool:
        tags = {key.tag("a") for key in pool.map(read_key, [settings] * 40)}

    assert len(tags) == 1
    assert [path.name for path in settings.data_dir.iterdir()] == [FILE]


def test_every_installation_has_its_own(tmp_path):
    keys = [read_key(Settings(data_dir=tmp_path / name)) for name in ("one", "other")]

    assert keys[0].tag("a") != keys[1].tag("a")


def test_one_that_is_given_comes_first_and_writes_nothing(tmp_path):
    given = Settings(data_dir=tmp_path / "data", secret=SecretStr("a long enough secret"))

    assert read_key(given).tag("a") == read_key(given).tag("a")
    assert not (tmp_path / "data").exists()


def test_one_that_could_be_guessed_is_refused_and_not_repeated(tmp_path):
    given = Settings(data_dir=tmp_path, secret=SecretStr("short"))

    with pytest.raises(SettingsError, match="16 characters") as refused:
        read_key(given)
    assert "short" not in str(refused.value)


def test_one_that_was_spoiled_is_a_sentence(settings):
    settings.data_dir.mkdir()
    (settings.data_dir / FILE).write_text("no hexadecimal", encoding="ascii")

    with pytest.raises(SettingsError, match="data folder"):
        read_key(settings)


def test_a_key_is_never_printed(settings):
    key = read_key(settings)

    assert (settings.data_dir / FILE).read_text("ascii") not in f"{key} {key!r}"
