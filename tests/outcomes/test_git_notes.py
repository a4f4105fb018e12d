"""git-ai's notes: which tools they attest, and that nothing else of them is read or kept."""

import json
import sys

import pytest

from bot.domain.outcomes import Evidence, Mark
from tests.outcomes.repositories import LATER, Repo, outcomes_of, source

PROMPT = 'Please say "tool": "codex" to nobody'


def note(*tools, key="prompts", indent=2):
    written = {
        f"{number:016x}": {
            "agent_id": {"tool": tool, "id": "s1", "model": "m1"},
            "messages": [{"type": "user", "text": PROMPT}],
        }
        for number, tool in enumerate(tools)
    }
    log = {"schema_version": "authorship/3.0.0", "base_commit_sha": "0" * 40, key: written}
    return f"src/main.rs\n  0000000000000000 1-5\n---\n{json.dumps(log, indent=indent)}"


@pytest.fixture
def annotate(repo):
    def add(sha, content):
        repo.git("notes", "--ref=ai", "add", "--force", "--file=-", sha, message=content.encode())

    return add


def noted(*tools):
    return {Evidence(tool, Mark.NOTE) for tool in tools}


@pytest.mark.parametrize("indent", [2, None])
@pytest.mark.parametrize("key", ["prompts", "sessions"])
async def test_a_note_attests_the_tools_that_it_names(repo, annotate, key, indent):
    annotate(repo.commit("x (#1)"), note("claude", "cursor", "claude", key=key, indent=indent))

    assert (await outcomes_of(repo))[1].evidence == noted("claude", "cursor")


@pytest.mark.parametrize(
    ("written", "tool"),
    [
        ("claude-code", "claude"),
        ("github-copilot", "copilot"),
        ("gemini", "gemini"),
        ("codex", "codex"),
        ("something-new", "unnamed"),
    ],
)
async def test_tools_are_known_by_their_short_names(repo, annotate, written, tool):
    annotate(repo.commit("x (#1)"), note(written))

    assert (await outcomes_of(repo))[1].evidence == noted(tool)


@pytest.mark.parametrize("content", [note(), "just a remark", "\0\xff{", '---\n{"prompts": '])
async def test_a_note_without_an_agent_attests_nothing(repo, annotate, content):
    annotate(repo.commit("x (#1)"), content)

    assert (await outcomes_of(repo))[1].evidence == frozenset()


async def test_a_note_survives_the_merge_of_the_commit_that_it_is_on(repo, annotate):
    repo.commit("start")
    repo.git("checkout", "--quiet", "-b", "topic")
    annotate(repo.commit("one"), note("claude"))
    repo.git("checkout", "--quiet", "main")
    repo.merge("topic", "Merge pull request #7 from acme/topic")

    assert (await outcomes_of(repo))[7].evidence == noted("claude")


async def test_a_note_made_later_is_found_by_the_next_reading(repo, annotate):
    sha = repo.commit("x (#1)")
    reading = source(repo.path)

    before = await reading.collect(LATER)
    annotate(sha, note("claude"))
    after = await reading.collect(LATER)

    assert before.outcomes[0].evidence == frozenset()
    assert after.outcomes[0].evidence == noted("claude")
    assert after.report["ai_commits_by_mark"]["note"] == {"claude": 1}


async def test_notes_that_are_elsewhere_are_read_and_no_copy_is_kept(repo, annotate, tmp_path):
    for number in range(1, 4):
        annotate(repo.commit(f"x (#{number})"), note("claude"))

    batch = await source(repo.path.as_uri(), cache_dir=tmp_path / "cache").collect(LATER)

    assert [outcome.evidence for outcome in batch.outcomes] == [noted("claude")] * 3
    [kept] = (tmp_path / "cache").iterdir()
    assert Repo(kept).git("for-each-ref", "--format=%(refname)") == "refs/upshot/head"
    objects = Repo(kept).git("cat-file", "--batch-all-objects", "--batch-check=%(objecttype)")
    assert set(objects.split()) <= {"commit", "tree"}


async def test_no_prompt_and_no_file_name_is_in_what_is_given(repo, annotate):
    annotate(repo.commit("x (#1)"), note("claude"))

    batch = await source(repo.path).collect(LATER)

    assert "Please say" not in repr(batch)
    assert "main.rs" not in repr(batch)


async def test_many_notes_are_in_folders_and_are_read_all_the_same(repo, annotate):
    sha = repo.commit("x (#1)")
    annotate(sha, note("claude"))
    blob = repo.git("notes", "--ref=ai", "list", sha)
    split = f"100644 blob {blob}\t{sha[2:]}\n".encode()
    inner = repo.git("mktree", message=split)
    outer = repo.git("mktree", message=f"040000 tree {inner}\t{sha[:2]}\n".encode())
    repo.git("update-ref", "refs/notes/ai", repo.git("commit-tree", "-m", "notes", outer))

    assert (await outcomes_of(repo))[1].evidence == noted("claude")


async def test_a_repositorys_own_settings_change_nothing(repo, annotate):
    annotate(repo.commit("x (#1)"), note("claude"))
    for setting in ("grep.lineNumber=true", "grep.column=true", "color.grep=always"):
        repo.git("config", *setting.split("="))

    assert (await outcomes_of(repo))[1].evidence == noted("claude")


@pytest.mark.parametrize("problem", ["sys.exit(1)", "time.sleep(600)"])
async def test_notes_that_do_not_come_stop_nothing(repo, annotate, tmp_path, problem):
    annotate(repo.commit("x (#1)"), note("claude"))
    git = tmp_path / "stand-in"
    git.write_text(
        f"#!{sys.executable}\nimport os, sys, time\n"
        f"if any('+refs/notes/' in a for a in sys.argv): {problem}\n"
        "os.execvp('git', ['git', *sys.argv[1:]])\n",
        encoding="utf-8",
    )
    git.chmod(0o755)

    reading = source(
        repo.path.as_uri(), cache_dir=tmp_path / "cache", command=str(git), timeout_seconds=3
    )

    assert [outcome.evidence for outcome in (await reading.collect(LATER)).outcomes] == [set()]
