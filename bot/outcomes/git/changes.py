"""Merged changes in a history: which commits each one landed, who made it, what became of it.

A squash is its own evidence. A merge commit has the evidence of the commits it brought in (what
its second parent reaches and its first does not), without those that carry a number of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from bot.domain.commits import Signature
from bot.domain.crediting import credits_for
from bot.domain.evidence import Nature, nature_of
from bot.domain.mentions import commit_name, tickets_in
from bot.domain.outcomes import Evidence, Outcome, OutcomeKind
from bot.domain.reverts import Landing, Reverts, Standing, find_reverts
from bot.outcomes.git.home import Home
from bot.outcomes.git.log import Commit
from bot.outcomes.git.notes import Noted
from bot.outcomes.git.people import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One pull- or merge-request number on the default branch.

    *landing* is the commit that landed it first; *commits* are those that say who made it.
    """

    number: int
    landing: Commit
    commits: tuple[Commit, ...]

    @property
    def author(self) -> Signature:
        """Whoever wrote most of it, the first of them where that does not tell."""
        if len(self.commits) == 1:
            return self.commits[0].author
        return Counter(commit.author for commit in self.commits).most_common(1)[0][0]

    @property
    def contributors(self) -> tuple[Signature, ...]:
        """Everybody named in it, the author first."""
        named = (who for commit in self.commits for who in (commit.author, *commit.coauthors))
        return tuple(dict.fromkeys((self.author, *named)))

    @property
    def merger(self) -> Signature | None:
        """Who landed it, where git knows: the forge itself is nobody."""
        is_merge = self.commits != (self.landing,)
        who = self.landing.author if is_merge else self.landing.committer
        return who if nature_of(who) is Nature.HUMAN else None

    def standing(self, reverts: Reverts) -> Standing:
        """It is gone when its landing was taken back, or all that it had brought in."""
        return reverts.standing_of(self.landing.sha, [commit.sha for commit in self.commits])


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The default branch of one repository: *commits* with parents before children.

    *home* is where it is on the web, as far as its address tells; *noted* what git-ai's notes
    attest of its commits.
    """

    name: str
    home: Home | None
    noted: Noted
    commits: tuple[Commit, ...]
    changes: tuple[Change, ...]
    reverts: Reverts


def read_history(
    name: str, commits: Sequence[Commit], *, home: Home | None = None, noted: Noted | None = None
) -> History:
    order = {commit.sha: position for position, commit in enumerate(commits)}
    landed: dict[int, Change] = {}
    within: dict[str, str] = {}
    for commit in commits:
        if commit.number is None:
            continue
        parts = _brought_in(commit, commits, order)
        within.update((part.sha, commit.sha) for part in parts)
        change = Change(number=commit.number, landing=commit, commits=parts or (commit,))
        landed.setdefault(commit.number, change)
    landings = [_landing(commit, within) for commit in commits]
    return History(
        name=name,
        home=home,
        noted=noted or {},
        commits=tuple(commits),
        changes=tuple(landed.values()),
        reverts=find_reverts(landings),
    )


def outcome_of(change: Change, history: History, people: People) -> Outcome | None:
    """The change as finished work; ``None`` where only bots were at work."""
    contributors = {who: nature_of(who) for who in change.contributors}
    if set(contributors.values()) == {Nature.BOT}:
        return None
    humans = [
        people.account(w.email) for w, nature in contributors.items() if nature is Nature.HUMAN
    ]
    by_human = contributors[change.author] is Nature.HUMAN
    merger, landing, home = change.merger, change.landing, history.home
    standing = change.standing(history.reverts)
    return Outcome(
        source="git",
        source_id=f"{history.name}#{change.number}",
        kind=OutcomeKind.MERGED_CHANGE,
        opened_at=None,
        completed_at=landing.at,
        reverted_at=standing.reverted_at,
        restored_at=standing.restored_at,
        evidence=_evidence_of(change, history.noted),
        credits=credits_for(
            humans[0] if by_human else None,
            humans,
            merger=people.account(merger.email) if merger else None,
        ),
        title=landing.title,
        url=home.link_to(change.number) if home else None,
        project=history.name,
        names=frozenset({commit_name(landing.sha), *_names_at(home, change.number)}),
        closes=tickets_in(landing.title, branch=landing.branch),
    )


def _evidence_of(change: Change, noted: Noted) -> frozenset[Evidence]:
    return frozenset().union(
        *(c.evidence | noted.get(c.sha, frozenset()) for c in (change.landing, *change.commits))
    )


def _names_at(home: Home | None, number: int) -> tuple[str, ...]:
    return (home.name_of(number),) if home else ()


def _landing(commit: Commit, within: Mapping[str, str]) -> Landing:
    return Landing(
        sha=commit.sha,
        at=commit.at,
        subject=commit.subject,
        number=commit.number,
        mention=commit.mention,
        within=within.get(commit.sha),
    )


def _brought_in(
    merge: Commit, commits: Sequence[Commit], order: Mapping[str, int]
) -> tuple[Commit, ...]:
    """Commits behind the later parents of *merge* and not behind its first, oldest first.

    Walks back from the newest, so that it ends where the branch began and not at the root.
    """
    if len(merge.parents) < 2:
        return ()
    first, *others = (order[parent] for parent in merge.parents)
    is_mainline = {first: True}
    for other in others:
        is_mainline.setdefault(other, False)
    queue = [-position for position in is_mainline]
    queue.sort()
    open_ends = sum(not mainline for mainline in is_mainline.values())
    found: list[Commit] = []
    while open_ends:
        position = -heappop(queue)
        mainline = is_mainline[position]
        open_ends -= not mainline
        if not mainline and commits[position].number is None:
            found.append(commits[position])
        for parent in (order[sha] for sha in commits[position].parents):
            if parent not in is_mainline:
                heappush(queue, -parent)
                is_mainline[parent] = mainline
                open_ends += not mainline
            elif mainline and not is_mainline[parent]:
                is_mainline[parent] = True
                open_ends -= 1
    return tuple(reversed(found))
