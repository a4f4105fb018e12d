"""Where a repository is on the web, told from the address that it was cloned from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.mentions import Forge, change_name

_PATHS: dict[Forge, str] = {"github": "pull", "gitlab": "-/merge_requests"}
# Anybody's own server may be either forge, or another one: its links would be guesses.
_ADDRESS = re.compile(
    r"(?:(?:https?|ssh)://)?(?:[^/@\s]+@)?(?P<host>(?P<forge>github|gitlab)\.com)(?::\d+/|[:/])/?"
    r"(?P<project>[\w.-]+(?:/[\w.-]+)+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    forge: Forge
    project: str

    @classmethod
    def of(cls, address: str) -> Home | None:
        """The home that *address* is of, if it is on a forge whose links are known."""
        found = _ADDRESS.fullmatch(address.removesuffix("/").removesuffix(".git"))
        if found is None:
            return None
        forge: Forge = "github" if found["forge"] == "github" else "gitlab"
        return cls(forge=forge, project=found["project"])

    def link_to(self, number: int) -> str:
        return f"https://{self.forge}.com/{self.project}/{_PATHS[self.forge]}/{number}"

    def name_of(self, number: int) -> str:
        return change_name(self.forge, self.project, number)
