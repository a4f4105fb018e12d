"""Reads which tools git-ai's notes attest, and nothing else of them.

Such a note is on a commit, by people's hands alone too. It lists files and lines, and then, as
JSON, the agents that wrote them; it may hold their prompts. So git is made to look for the agents'
names, and of what is elsewhere no copy is kept.

Format: https://github.com/git-ai-project/git-ai, "Git AI Standard" 3.0.0
"""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.domain.evidence import evidence_in_note
from bot.domain.outcomes import Evidence
from bot.outcomes.git.command import Git
from bot.outcomes.git.problems import GitSlowError

NOTES = "refs/notes/ai"

Noted = Mapping[str, frozenset[Evidence]]
"""What notes attest, by the ids of the commits that they are on."""

# In the text of a prompt the quotation marks would be escaped.
_AGENT = '"tool": *"[^"\\]{1,40}"'
_SEARCH = ("grep", "-a", "-o", "-E", "--no-color", "--no-line-number", "--no-column", "-e", _AGENT)
# Large trees of notes are split into folders.
_FOUND = re.compile(NOTES + r':(?P<sha>[0-9a-f/]{40,99}):"tool": *"(?P<tool>[^"]*)"')


async def read_notes(git: Git) -> Noted:
    """What the notes in a repository attest; broken ones attest nothing, as if there were none."""
    there = await git.run("rev-parse", "--verify", "--quiet", f"{NOTES}^{{tree}}")
    if not there.ok:
        return {}
    tools: defaultdict[str, set[str]] = defaultdict(set)
    # Finding none is an error to git too.
    with contextlib.suppress(OSError):
        async for line in git.fields(*_SEARCH, NOTES, end=b"\n"):
            if found := _FOUND.fullmatch(line):
                tools[found["sha"].replace("/", "")].add(found["tool"])
    return {sha: evidence_in_note(named) for sha, named in tools.items()}


async def fetch_notes(git: Git, environ: Mapping[str, str]) -> Noted:
    """What the notes at *git*'s remote attest: fetched without their history, read, forgotten."""
    with tempfile.TemporaryDirectory(dir=git.folder.parent, prefix="notes-") as folder:
        passing = replace(git, folder=Path(folder))
        arguments = ("--quiet", "--no-tags", "--depth=1", "--end-of-options", "origin")
        try:
            created = await passing.run("init", "--quiet", "--bare")
            fetched = await passing.run("fetch", *arguments, f"+{NOTES}:{NOTES}", also=environ)
        except GitSlowError:
            return {}
        return await read_notes(passing) if created.ok and fetched.ok else {}
