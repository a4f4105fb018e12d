"""What GitHub's pages say of one day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.domain.periods import midnight
from bot.domain.usage import (
    ChargeCategory,
    CostBasis,
    ProviderDay,
    SessionCount,
    UsageRecord,
    combine_sessions,
)
from bot.errors import SourceResponseError
from bot.providers.copilot.identities import Identities
from bot.providers.copilot.pages import (
    Bill,
    BillPage,
    Charges,
    ExportFile,
    Line,
    Meter,
    Reported,
    ReportFile,
    Seat,
    SeatsPage,
    Terms,
)
from bot.reading.days import in_order, share_of_month, total

Page = Terms | SeatsPage | Reported | ReportFile | BillPage | ExportFile | Identities

PRODUCT = "copilot"


def parse(day: date, pages: Iterable[Page]) -> ProviderDay:
    told = Answers(day)
    for page in pages:
        told.add(page)
    if not told.is_there:
        return ProviderDay(
            provider=PRODUCT, day=day, records=(), billed=None, data_through=midnight(day)
        )
    seats = [*_seat_records(day, told)]
    charges = [*_charge_records(day, told)]
    return ProviderDay(
        provider=PRODUCT,
        day=day,
        records=in_order([*_use_records(day, told), *charges, *seats]),
        billed=_billed(told, charges, seats),
        data_through=midnight(day + timedelta(days=1)),
        emails=told.emails,
        sessions=combine_sessions(_suggestions(told)),
    )


class Answers:
    """What the pages of a day say, each thing as it was said last."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.terms = Terms("none", None)
        self.is_there = False
        self.seats: dict[tuple[str | None, datetime], Seat] = {}
        self.lines: dict[int, Line] = {}
        self.bills: dict[str | None, Bill] = {}
        self.exported: dict[int, Charges] = {}
        self.emails: dict[str, str] = {}

    def add(self, page: Page) -> None:
        match page:
            case ReportFile(lines=lines):
                self._require(all(line.day == self.day for line in lines))
                self.lines |= {line.user_id: line for line in lines if line.user_id is not None}
            case SeatsPage(seats=seats):
                self.seats |= {(seat.account, seat.created_at): seat for seat in seats}
            case Terms():
                self.terms = page
            case Reported(day=day):
                self._require(day == self.day)
                self.is_there = True
            case BillPage(bill=bill, login=login):
                self._require(bill.is_about(self.day))
                self.bills[login and login.casefold()] = bill
            case ExportFile(days=days, charges=charges, part=part):
                self._require(days <= {self.day})
                self.exported[part] = charges
            case Identities(nodes=nodes):
                self.emails |= dict(filter(None, (node.account_and_address for node in nodes)))

    @staticmethod
    def _require(is_about_the_day: bool) -> None:  # noqa: FBT001
        if not is_about_the_day:
            raise SourceResponseError("the answer is about another day")

    @property
    def total(self) -> Bill | None:
        """What all users together are charged."""
        return self.bills.get(None)

    def charges(self) -> Iterator[tuple[str | None, Meter, Decimal]]:
        """Login, meter and net amount: what is charged beyond what the plan includes."""
        for charges in self.exported.values():
            for (login, meter), amount in charges.items():
                yield login, meter, amount
        for login, bill in self.bills.items():
            for item in bill.usage_items if login is not None else ():
                yield login, (item.product, item.sku, item.model), item.net_amount

    def is_billed(self, login: str) -> bool:
        """Whether it was read what this user is charged, be it nothing."""
        if None in self.bills and self.bills[None].usage_items:
            return login.casefold() in self.bills
        return self.terms.billing != "none"

    def accounts(self) -> Mapping[str, str]:
        """By login in lower case: as they are now, and as they were on that day."""
        held = [seat.assignee for seat in self.seats.values() if seat.assignee]
        known = {user.login.casefold(): str(user.id) for user in held}
        for line in self.lines.values():
            known[(line.user_login or "").casefold()] = str(line.user_id)
        return known


def _billed(
    told: Answers, charges: Iterable[UsageRecord], seats: Iterable[UsageRecord]
) -> Decimal | None:
    """Seats are on the bill where their price is known; what users are charged always is."""
    if told.terms.billing == "none" and told.terms.seat_price is None:
        return None
    shares = total(seat.cost for seat in seats)
    if told.total is not None:
        return total([shares, *(item.net_amount for item in told.total.usage_items)])
    return total([shares, *(record.cost for record in charges)])


def _use_records(day: date, told: Answers) -> Iterator[UsageRecord]:
    for user_id, line in told.lines.items():
        credits_used = line.ai_credits_used
        if credits_used is not None and told.is_billed(line.user_login or ""):
            credits_used = None
        yield UsageRecord(
            provider=PRODUCT,
            account=str(user_id),
            day=day,
            product=PRODUCT,
            requests=line.user_initiated_interaction_count,
            # A credit is a cent.
            cost=None if credits_used is None else credits_used.scaleb(-2),
            cost_basis=None if credits_used is None else CostBasis.PROVIDER_ESTIMATE,
        )


def _suggestions(told: Answers) -> Iterator[SessionCount]:
    """Code that was offered, in whatever way, and of it what was accepted."""
    for user_id, line in told.lines.items():
        yield SessionCount(
            account=str(user_id),
            tool=PRODUCT,
            offered=line.code_generation_activity_count,
            accepted=line.code_acceptance_activity_count,
        )


def _charge_records(day: date, told: Answers) -> Iterator[UsageRecord]:
    accounts = told.accounts() if told.exported or told.bills else {}
    for login, (product, sku, model), amount in told.charges():
        name = login and login.casefold()
        yield UsageRecord(
            provider=PRODUCT,
            account=name and (accounts.get(name) or f"login:{name}"),
            day=day,
            product=(product or PRODUCT).lower(),
            model=model,
            cost_type=sku or "ai_credit",
            cost=amount,
            cost_basis=CostBasis.BILLED,
        )


def _seat_records(day: date, told: Answers) -> Iterator[UsageRecord]:
    """One a user, however many organizations give a seat to the same one."""
    held = {
        (account, None if account else since)
        for (account, since), seat in told.seats.items()
        if seat.is_held_on(day)
    }
    price = told.terms.seat_price
    share = None if price is None else share_of_month(price, day)
    for account, _ in held:
        yield UsageRecord(
            provider=PRODUCT,
            account=account,
            day=day,
            product=PRODUCT,
            cost_type="seat",
            charge_category=ChargeCategory.PURCHASE,
            cost=share,
            cost_basis=None if share is None else CostBasis.BILLED,
        )
