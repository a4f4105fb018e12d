"""The made-up company that the demo and the tests are about."""

from bot.playground.company.charges import UnattributedCharge
from bot.playground.company.company import Company, make_company
from bot.playground.company.history import Repository, write_repository
from bot.playground.company.pages import Page
from bot.playground.company.people import DirectoryEntry, Employee, ProviderAccount
from bot.playground.company.runaways import Runaway
from bot.playground.company.tasks import Task
from bot.playground.company.teams import Team
from bot.playground.company.tickets import Ticket
from bot.playground.company.tools import OFFERS, TOOLS, Tool, ToolFact, ToolUser
from bot.playground.company.usage import UsageFact
from bot.playground.company.work import MergedChange

__all__ = [
    "OFFERS",
    "TOOLS",
    "Company",
    "DirectoryEntry",
    "Employee",
    "MergedChange",
    "Page",
    "ProviderAccount",
    "Repository",
    "Runaway",
    "Task",
    "Team",
    "Ticket",
    "Tool",
    "ToolFact",
    "ToolUser",
    "UnattributedCharge",
    "UsageFact",
    "make_company",
    "write_repository",
]
