import os
import sys

import pytest

from bot import errors
from bot.domain.outcomes import Credit, Role
from tests.outcomes.repositories import LATER, Repo, outcomes_of, source


async def problem_with(repository, **config):
    with pytest.raises(errors.SourceError) as raised:
        await source(repository, **config).collect(LATER)
    return raised.value


def program(folder, body):
    """A stand-in for the git command."""
    path = folder / "stand-in"
    path.write_text(f"#!{sys.executable}\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


class TestRepositoriesThatCannotBeRead:
    async def test_one_that_is_not_there(self, tmp_path):
        problem = await problem_with(tmp_path / "nowhere")

        assert isinstance(problem, errors.SourceNotFoundError)
        assert "nowhere: there is no git repository here" in str(problem)

    async def test_one_elsewhere_that_is_not_there(self, tmp_path):
        address = (tmp_path / "nowhere").as_uri()

        problem = await problem_with(address, cache_dir=tmp_path / "cache")

        assert isinstance(problem, errors.SourceNotFoundError)
        assert str(problem).startswith(address)

    async def test_a_folder_in_somebody_elses_repository(self, repo):
        repo.commit("one (#1)")
        (repo.path / "sub").mkdir()

        assert isinstance(await problem_with(repo.path / "sub"), errors.SourceNotFoundError)

    async def test_an_empty_one(self, repo, tmp_path):
        here = await problem_with(repo.path)
        elsewhere = await problem_with(repo.path.as_uri(), cache_dir=tmp_path / "cache")

        assert "has no commits on its default branch" in str(here)
        assert "has no commits on its default branch" in str(elsewhere)

    async def test_a_shallow_one(self, repo, tmp_path):
        repo.commit("one (#1)")
        repo.commit("two (#2)")
        shallow = tmp_path / "shallow"
        repo.git("clone", "--quiet", "--depth=1", repo.path.as_uri(), str(shallow))

        here = await problem_with(shallow)
        elsewhere = await problem_with(shallow.as_uri(), cache_dir=tmp_path / "cache")

        assert "git fetch --unshallow" in str(here)
        assert "git fetch --unshallow" in str(elsewhere)

    async def test_one_with_commits_missing(self, repo):
        first = repo.commit("one (#1)")
        repo.commit("two (#2)")
        repo.path.joinpath(".git/objects", first[:2], first[2:]).unlink()

        assert "git fsck" in str(await problem_with(repo.path))

    async def test_one_over_a_protocol_that_runs_programs(self, tmp_path):
        address = f"ext::touch {tmp_path / 'pwned'}"

        await problem_with(address, cache_dir=tmp_path / "cache")
        await problem_with(f"ext://{address}", cache_dir=tmp_path / "cache")

        assert not (tmp_path / "pwned").exists()

    @pytest.mark.parametrize("step", ["ls-remote", "fetch"])
    @pytest.mark.parametrize(
        ("complaint", "kind"),
        [
            ("fatal: Authentication failed for 'https://x'", errors.SourceUnauthorizedError),
            ("fatal: could not read Username", errors.SourceUnauthorizedError),
            ("fatal: repository 'https://x' not found", errors.SourceNotFoundError),
            ("fatal: Could not resolve host: x", errors.SourceUnavailableError),
        ],
    )
    async def test_one_that_the_server_keeps_back(self, tmp_path, step, complaint, kind):
        command = program(
            tmp_path,
            "import sys\nassert 'secret' not in ' '.join(sys.argv)\n"
            f"if {step!r} in sys.argv: sys.exit({complaint!r})",
        )

        problem = await problem_with(
            "https://ada:secret@git.example.com/acme/app",
            command=command,
            cache_dir=tmp_path / "cache",
        )

        assert isinstance(problem, kind)
        assert str(problem).startswith("https://git.example.com/acme/app: ")
        assert "secret" not in str(problem)

    async def test_a_cache_that_cannot_be_made(self, tmp_path):
        command = program(tmp_path, "import sys\nsys.exit(1)")

        problem = await problem_with(
            "https://git.example.com/acme/app", command=command, cache_dir=tmp_path / "cache"
        )

        assert isinstance(problem, errors.SourceUnavailableError)

    async def test_one_that_vanished_since_it_was_cloned(self, repo, tmp_path):
        repo.commit("one (#1)")
        elsewhere = source(repo.path.as_uri(), cache_dir=tmp_path / "cache")
        await elsewhere.collect(LATER)
        repo.path.rename(tmp_path / "moved")

        with pytest.raises(errors.SourceNotFoundError):
            await elsewhere.collect(LATER)


class TestTheCommand:
    async def test_a_missing_one_is_named(self, repo):
        problem = await problem_with(repo.path, command="no-such-git")

        assert "'no-such-git' was not found" in str(problem)
        assert "install git" in str(problem)

    async def test_one_that_hangs_is_stopped(self, tmp_path):
        command = program(tmp_path, "import time\ntime.sleep(60)")

        problem = await problem_with(tmp_path, command=command, timeout_seconds=0.2)

        assert "took too long" in str(problem)

    @pytest.mark.parametrize("output", ["no log at all\\0" * 8, "a" * 40 + "\\0", "die"])
    async def test_one_that_answers_nonsense_is_not_believed(self, tmp_path, output):
        command = program(
            tmp_path,
            "import sys\n"
            f"if 'log' in sys.argv and '{output}' == 'die': sys.exit(1)\n"
            f"elif 'log' in sys.argv: sys.stdout.write('{output}')\n"
            "elif '--is-shallow-repository' in sys.argv: print('false')\n"
            "else: print('a' * 40)",
        )

        assert "git fsck" in str(await problem_with(tmp_path, command=command))

    async def test_one_that_cannot_walk_the_branch_is_not_believed(self, tmp_path):
        command = program(
            tmp_path,
            "import sys\n"
            "if 'rev-list' in sys.argv: sys.exit(1)\n"
            "print('false' if '--is-shallow-repository' in sys.argv else 'a' * 40)",
        )

        assert "git fsck" in str(await problem_with(tmp_path, command=command))


class TestHostileContent:
    async def test_messages_in_other_encodings_are_read(self, repo):
        repo.commit(b"caf\xe9 (#1)\n\nCo-authored-by: Ren\xe9 <rene@example.com>")

        [outcome] = (await outcomes_of(repo)).values()

        assert outcome.credits == (
            Credit("ada@example.com", Role.AUTHOR),
            Credit("rene@example.com", Role.COAUTHOR),
        )

    async def test_a_huge_message_is_cut_and_the_next_is_whole(self, repo):
        repo.commit("x (#1)\n\n" + "Co-authored-by: \n" * 200_000)
        repo.commit("y (#2)")

        assert set(await outcomes_of(repo)) == {1, 2}

    async def test_trailers_cannot_make_up_records(self, repo):
        repo.commit(
            "x (#1)\n\nCo-authored-by: <>\nCo-authored-by: a <b\x1f\x1e@c>\n"
            "Co-authored-by: ${IFS} <$(id)@example.com>\nCo-authored-by: x <x@y> <z@example.com>"
        )

        assert set(await outcomes_of(repo)) == {1}

    async def test_the_configuration_of_a_repository_runs_nothing(self, repo, tmp_path):
        repo.commit("x (#1)")
        touch = f"touch {tmp_path / 'pwned'}"
        hook = repo.path / ".git/hooks/post-checkout"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{touch}\n", encoding="utf-8")
        hook.chmod(0o755)
        for setting in ("core.fsmonitor", "core.pager", "pager.log", "gpg.program"):
            repo.git("config", setting, touch)
        repo.git("config", "log.showSignature", "true")
        repo.git("config", "alias.log", f"!{touch}")

        assert set(await outcomes_of(repo)) == {1}
        assert not (tmp_path / "pwned").exists()

    async def test_a_replaced_commit_is_read_as_it_was(self, repo):
        original = repo.commit("x (#1)")
        repo.git("checkout", "--quiet", "--orphan", "other")
        other = repo.commit("y (#2)")
        repo.git("checkout", "--quiet", "main")
        repo.git("replace", original, other)

        assert set(await outcomes_of(repo)) == {1}

    async def test_the_machines_own_configuration_does_not_matter(self, repo, monkeypatch):
        monkeypatch.setenv("GIT_DIR", os.devnull)
        repo_there = Repo(repo.path)
        monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
        monkeypatch.setenv("GIT_CONFIG_KEY_0", "log.date")
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", "nonsense")
        repo_there.commit("x (#1)")

        assert set(await outcomes_of(repo)) == {1}
