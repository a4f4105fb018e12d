"""What a whole company reads in its weeks: nobody is ranked, and nobody reads of anybody else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import zip_longest

import pytest

from bot.blocks.digest import render_digest
from bot.domain.cadences import period_of
from bot.domain.coaching.tips import RULES
from bot.domain.digest import Digest, SpendLine, build_digest
from bot.domain.history import USUAL_WEEKS, total_cost
from bot.domain.messages import Message
from bot.domain.people import Person as Member
from bot.domain.people import PersonId
from bot.domain.periods import IsoWeek, Period
from bot.domain.preferences import Cadence
from bot.domain.ratios import RATIO_WEEKS
from bot.domain.usage import CostBasis
from bot.domain.usual import FEWEST_USUAL_WEEKS
from bot.language import Language
from bot.language.catalogues import language_of
from bot.playground.company import Company, Employee, make_company
from tests.blocks.words import NEVER_SAID
from tests.end_to_end.figures import figures_of, roughly, strange
from tests.end_to_end.lived import ENDS, PEOPLE, Town
from tests.end_to_end.readings import (
    ADMINS_QUESTIONS,
    AtKeyboard,
    Read,
    planned,
    posted,
    sent,
    sent_again,
)
from tests.end_to_end.released_figures import read_ledger

pytestmark = pytest.mark.no_cover  # tracing would double what these weeks take

ASKING = 10
LOCALES_ALONE = ("en-US", "de-DE", "es-ES")
NAMES_ADMINS = frozenset({"/myusage privacy", "home", "pressed digest_privacy"})
ANNOUNCED = "A setting that guards your privacy changes."
"""By whom is part of it."""
SAID_OF_SETTINGS = frozenset({Decimal(7), Decimal(FEWEST_USUAL_WEEKS), Decimal(USUAL_WEEKS)})
"""Days until work is settled, weeks that tell what is usual, weeks of a ratio."""


@dataclass(frozen=True, kw_only=True)
class Everything:
    """What people read, and what some would read if nobody else had ever been there."""

    town: Town
    sent: Sequence[Read]
    posted: Sequence[Read]
    asked: Mapping[str, Sequence[Read]]
    of_admins: Sequence[Read]
    of_teams: Sequence[Read]
    alone: Mapping[str, Sequence[Read]]
    numbers: Mapping[str, int]

    @property
    def all(self) -> list[Read]:
        own = [read for reads in self.asked.values() for read in reads]
        return [*self.sent, *self.posted, *own, *self.of_admins, *self.of_teams]

    def say(self, reader: str) -> Language:
        person = self.town.company.people[reader]
        return language_of(person.locale, person.time_zone)


async def everything_read(town: Town) -> Everything:
    numbers = await town.numbers_of_people()
    came, posts = sent(town), posted(town)
    few = await some_of_each_locale(town)
    askers = dict.fromkeys([*few, *list(numbers)[:: len(numbers) // ASKING]])
    town.kept.set_back()
    town.kept.forget_what_was_said()
    again = await sent_again(town, list(numbers.values()))
    asked = {
        who: [*again[numbers[who]], *await AtKeyboard(town=town, user=who).ask(again[numbers[who]])]
        for who in askers
    }
    of_teams = await asked_of_teams(town)
    of_admins = await typed(town, town.world.admin, "/usageadmin", ADMINS_QUESTIONS)
    alone = {}
    for who in few:
        town.kept.set_back()
        town.kept.forget_what_was_said()
        town.kept.forget_all_but(numbers[who])
        told = (await sent_again(town, [numbers[who]]))[numbers[who]]
        alone[who] = [*told, *await AtKeyboard(town=town, user=who).ask(told)]
    town.kept.set_back()
    return Everything(
        town=town,
        sent=[*came, *(read for reads in again.values() for read in reads)],
        posted=posts,
        asked=asked,
        of_admins=of_admins,
        of_teams=of_teams,
        alone=alone,
        numbers=numbers,
    )


async def some_of_each_locale(town: Town) -> list[str]:
    """With somebody who was nudged among them."""
    query = "SELECT p.slack_user_id FROM nudges JOIN people p ON p.id = person_id ORDER BY p.id"
    nudged = [who for (who,) in await town.rows(query)]
    with_accounts = [person.slack_id for person in town.company.employees if person.accounts]
    found: dict[str, str] = {}
    for who in (*nudged, *with_accounts):
        found.setdefault(town.company.people[who].locale, who)
    return list(dict.fromkeys((nudged[0], *(found[locale] for locale in LOCALES_ALONE))))


async def asked_of_teams(town: Town) -> list[Read]:
    """What a member and the manager of each team may see of it; ``what`` is the team."""
    answers = []
    for team in town.company.teams:
        for who in (team.manager, team.members[-1]):
            read = await typed(town, who, "/teamusage", (team.name,))
            answers += [replace(answer, what=team.name) for answer in read]
    return answers


async def typed(town: Town, who: str, command: str, questions: Sequence[str]) -> list[Read]:
    acks = [await town.person.command(command, words, user_id=who) for words in questions]
    return [Read(reader=who, what=command, payload=ack.body) for ack in acks]


@pytest.mark.asyncio(loop_scope="session")
async def test_nobody_is_ranked_or_reads_of_anybody_else(lived_town, subtests):
    read = await everything_read(lived_town)
    with subtests.test("there is something of every kind to read"):
        await everything_was_there(read)
    with subtests.test("no word ranks, praises volume, judges or compares"):
        assert judging(read.all) == []
    with subtests.test("nobody is named to anybody else"):
        assert naming_others(read.all, lived_town.company, lived_town.world.admin) == []
    with subtests.test("everything one reads is the same if nobody else had ever been there"):
        for who, reads in read.alone.items():
            assert differing(read.asked[who], reads) == []
    with subtests.test("every figure of a digest is one of its reader's own"):
        for who in read.alone:
            assert await not_own(read, who, read.asked[who]) == []
    with subtests.test("every figure of a team is in the ledger"):
        assert await not_in_the_ledger([*read.posted, *read.of_teams], read) == []
    with subtests.test("and what a digest would tell of a colleague is found out"):
        await a_leak_is_found(read, next(iter(read.alone)))


async def a_leak_is_found(read: Everything, reader: str) -> None:
    """By both nets: it is not the reader's own, and it goes when the colleague does."""
    town, owner = read.town, read.numbers[reader]
    monday = IsoWeek.last_closed(town.clock.now()).monday
    [(colleague,), *_] = await town.rows(
        "SELECT person_id FROM usage_records WHERE person_id <> :owner AND day >= :monday"
        " GROUP BY person_id ORDER BY sum(cost) DESC",
        owner=owner,
        monday=monday,
    )
    town.kept.forget_what_was_said()
    together = await leaking(town, owner, colleague)
    assert len(await not_own(read, reader, together)) > 0
    town.kept.forget_what_was_said()
    town.kept.forget_all_but(owner)
    assert len(differing(together, await leaking(town, owner, colleague))) > 0
    town.kept.set_back()


async def leaking(town: Town, reader: int, colleague: int) -> list[Read]:
    """*reader*'s digest with a line of what a *colleague* spent."""
    digests, week = town.upshot.digests, IsoWeek.last_closed(town.clock.now())
    [other] = await digests.personal.histories_of(
        [PersonId(colleague)], week.monday, week.period.last_day
    )

    def render(owner: Member, digest: Digest) -> Message:
        line = SpendLine(
            provider="cursor",
            cost=total_cost(other.use),
            bases=frozenset({CostBasis.BILLED}),
            has_unpriced=False,
        )
        say = language_of(owner.locale, owner.time_zone)
        return render_digest(say, replace(digest, spend=(*digest.spend, line)))

    await digests.plan_period(Cadence.WEEKLY, week.period, [PersonId(reader)], render)
    return (await planned(town, [reader]))[reader]


async def everything_was_there(read: Everything) -> None:
    kinds = {kind for (kind,) in await read.town.rows("SELECT DISTINCT kind FROM deliveries")}
    assert kinds >= {"welcome", "digest", "nudge", "budget", "team_summary"}
    languages = {read.say(who).locale.language for who in read.alone}
    assert languages == {"en", "de", "es"}
    pressed = {one.what for reads in read.asked.values() for one in reads}
    teams = {one.reader for one in read.posted} & {one.what for one in read.of_teams}
    assert teams == {team.name for team in read.town.company.teams}
    assert pressed >= {"home", "pressed tip_not_useful", "pressed nudge_check", "settings 70"}


def judging(reads: Sequence[Read]) -> list[str]:
    found = ((read, NEVER_SAID.search(read.shown)) for read in reads)
    return [f"{read.what} to {read.reader}: {word[0]}" for read, word in found if word]


def naming_others(reads: Sequence[Read], company: Company, admin: str) -> list[str]:
    """Where a name, a handle, an address or an id stands that is not the reader's own."""
    owners = {name: p.slack_id for p in company.employees for name in _names(p)}
    longest_first = sorted(owners, key=len, reverse=True)
    anybody = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    found = []
    for read in reads:
        own = _names(company.people[read.reader]) if read.reader in company.people else set()
        fine = own | ({admin} if read.what in NAMES_ADMINS else set())
        is_announced = read.what == "posted" and ANNOUNCED in read.shown
        fine |= {admin} if is_announced or read.what == "/usageadmin" else set()
        named = {name for name in anybody.findall(read.raw) if name not in fine}
        found += [f"{read.what} to {read.reader}: {name}" for name in sorted(named)]
    return found


def _names(person: Employee) -> set[str]:
    accounts = {text for a in person.accounts for text in (a.id, a.email, a.api_key) if text}
    given = {person.name, person.handle, person.email, person.slack_id}
    return given | accounts | set(person.commit_emails)


def differing(together: Sequence[Read], alone: Sequence[Read]) -> list[str]:
    """Word for word, with all that a device gets; nothing may differ."""
    return [
        f"{one and one.what}: {one and one.raw}\n{other and other.raw}"
        for one, other in zip_longest(together, alone)
        if one is None or other is None or (one.what, one.raw) != (other.what, other.raw)
    ]


async def not_own(read: Everything, who: str, reads: Sequence[Read]) -> list[str]:
    """Figures of *who*'s digests that do not come from *who*'s rows."""
    found = []
    for one in reads:
        if ":digest:" in one.what:
            _, _, first_day, *topic = one.what.split(":")
            cadence = Cadence(topic[0]) if topic else Cadence.WEEKLY
            period = period_of(cadence, date.fromisoformat(first_day))
            known = await own_figures(read.town, PersonId(read.numbers[who]), period)
            odd = strange(one.payload["text"], read.say(who), known, ENDS)
            found += [f"{one.what}: {figure}" for figure in odd]
    return found


async def own_figures(town: Town, person: PersonId, period: Period) -> set[Decimal]:
    """What the domain makes of rows that are *person*'s: asked in person, so that the database
    itself gives no others.
    """
    digests, coach = town.upshot.digests, town.upshot.digests.coach
    week = IsoWeek.of(period.last_day)
    first = week.back(RATIO_WEEKS - 1).monday
    history = await digests.personal.history_of(person, first, period.last_day)
    await _adds_up(town, person, first, period.last_day, total_cost(history.use))
    digest = build_digest(history, period, is_closed=True, minimum_outcomes=5)
    rates = coach.rates_of(town.clock.now().date())
    facts = await coach.facts.own_facts(history, week, rates)
    tips = [rule.find(facts) for rule in RULES.values()]
    shown = await coach.tips.own_shown(person)
    counts = {Decimal(line.finished) for line in digest.outcomes}
    told = {*figures_of(tips), *figures_of(shown)}
    totals = figures_of([digest.total])
    return {*figures_of(digest), *counts, *totals, *roughly(told), *SAID_OF_SETTINGS}


async def _adds_up(
    town: Town, person: PersonId, first: date, last: date, total: Decimal | None
) -> None:
    [(kept,)] = await town.rows(
        "SELECT sum(cost) FROM usage_records WHERE person_id = :person"
        " AND day BETWEEN :first AND :last",
        person=person,
        first=first,
        last=last,
    )
    assert kept == total


async def not_in_the_ledger(reads: Sequence[Read], read: Everything) -> list[str]:
    """Figures of a team, in its channel or for its people, that were never released of it."""
    found, ledger = [], await read_ledger(read.town)
    for one in reads:
        is_post = one.what == "posted"
        say = language_of(None) if is_post else read.say(one.reader)
        known = ledger.of_post(one) if is_post else ledger.of_usage(one.what)
        odd = strange(one.payload["text"], say, known, ENDS)
        found += [f"{one.what} to {one.reader}: {figure}" for figure in odd]
    return found


class TestWhatIsPlantedIsFound:
    """The nets themselves: each lets its own catch slip through nowhere."""

    COMPANY = make_company(people=PEOPLE, weeks=1, ends=ENDS)
    READER, COLLEAGUE, ADMIN = COMPANY.employees[1:4]

    def read(self, text: str, what: str = "sent", **hidden: str) -> list[Read]:
        return [Read(reader=self.READER.slack_id, what=what, payload={"text": text, **hidden})]

    @pytest.mark.parametrize(
        "text",
        [
            "Your rank this week is better.",
            "You spent more than your colleagues.",
            "Du gibst weniger aus als deine Kolleginnen.",
            "Gastas menos que los demás.",
            "Great: you used 3 million tokens, keep it up!",
        ],
    )
    def test_words_that_rank_praise_or_compare(self, text):
        assert len(judging(self.read(text))) == 1

    def test_a_colleague_by_whatever_name(self):
        for name in _names(self.COLLEAGUE):
            assert self.named(f"Ask {name}.") == [f"sent to {self.READER.slack_id}: {name}"]

    def test_a_colleague_in_what_only_a_device_sees(self):
        hidden = self.read("A button", value=f"person:{self.COLLEAGUE.slack_id}")
        assert len(naming_others(hidden, self.COMPANY, self.ADMIN.slack_id)) == 1

    def test_an_admin_but_where_admins_are_named(self):
        mention = f"Admins: <@{self.ADMIN.slack_id}>."
        assert len(self.named(mention)) == 1
        assert self.named(mention, "/myusage privacy") == self.named(self.READER.name) == []

    def named(self, text: str, what: str = "sent") -> list[str]:
        return naming_others(self.read(text, what), self.COMPANY, self.ADMIN.slack_id)

    def test_a_message_that_differs_or_is_missing(self):
        one, other = self.read("Spent: $4"), self.read("Spent: $5")
        assert differing(one, one) == []
        assert len(differing(one, other)) == len(differing(one, [])) == 1

    @pytest.mark.parametrize(
        ("locale", "text"),
        [
            ("en-US", "Nov 9 \u2013 15: $1,234.50 of $1,300, 25% in October 2026, gpt-6 and $17"),
            (
                "de-DE",
                "9.\u201315. Nov.: 1.234,50 $ von 1.300 $, 25 % im Oktober 2026, gpt-6 und 17 $",
            ),
            (
                "es-ES",
                "9\u201315 nov: 1234,50 US$ de 1300 US$, 25 % en octubre de 2026, gpt-6 y 17 US$",
            ),
        ],
    )
    def test_a_figure_that_is_not_known_among_dates_names_and_known_ones(self, locale, text):
        known = {Decimal("1234.499"), Decimal(1300), Decimal("0.2511")}
        assert strange(text, language_of(locale), known, ENDS) == ["17"]
