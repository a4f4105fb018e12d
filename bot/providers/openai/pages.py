"""What OpenAI's usage, costs, users, projects and API keys answer with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from bot.reading.counts import Count
from bot.reading.days import require_plausible

R = TypeVar("R")

BY_PERSON = ("user_id", "api_key_id", "model")


class Bucket(msgspec.Struct, Generic[R]):
    start_time: int
    end_time: int
    results: list[R]


class Row(msgspec.Struct, kw_only=True, gc=False):
    """Kinds differ in what they count, and in what their requests are called."""

    requests: Count | None = None
    input_tokens: Count | None = None
    project_id: str | None = None
    user_id: str | None = None
    api_key_id: str | None = None
    model: str | None = None


class Requests(Row, kw_only=True, gc=False):
    requests: Count = msgspec.field(name="num_model_requests")


class TokensIn(Requests, kw_only=True, gc=False):
    input_tokens: Count


class Completions(TokensIn, kw_only=True, gc=False):
    """``input_tokens`` counts what was read from and written to the cache as well."""

    output_tokens: Count
    input_cached_tokens: Count | None = None
    input_cache_write_tokens: Count | None = None
    input_uncached_tokens: Count | None = None
    batch: bool | None = None
    service_tier: str | None = None


class Calls(Row, kw_only=True, gc=False):
    """Calls of a tool, not the requests to a model that made them: those are completions."""

    requests: Count = msgspec.field(name="num_requests")


class Sessions(Row, kw_only=True, gc=False):
    requests: Count = msgspec.field(name="num_sessions")


class Stored(Row, kw_only=True, gc=False):
    usage_bytes: int


class Money(msgspec.Struct, gc=False):
    value: Decimal
    currency: str

    def __post_init__(self) -> None:
        require_plausible(self.value)


class Cost(msgspec.Struct, gc=False):
    amount: Money
    line_item: str | None = None
    quantity_unit: str | None = None
    user_id: str | None = None
    api_key_id: str | None = None


class User(msgspec.Struct, gc=False):
    id: str
    email: str | None = None


class Identified(msgspec.Struct, gc=False):
    id: str


class Owner(msgspec.Struct, gc=False):
    user: User | None = None
    service_account: Identified | None = None


class ApiKey(msgspec.Struct, gc=False):
    id: str
    owner: Owner


class Page(msgspec.Struct, kw_only=True):
    has_more: bool
    next_page: str | None = None

    @property
    def cursor(self) -> str | None:
        return self.next_page


class KindPage(Page, Generic[R]):
    """Usage of one kind, which is the end of its path."""

    kind: ClassVar[str]
    group_by: ClassVar[tuple[str, ...]] = BY_PERSON

    data: list[Bucket[R]]


class UsagePage(KindPage[Completions]):
    kind = "completions"
    group_by = (*BY_PERSON, "batch", "service_tier")


class EmbeddingsPage(KindPage[TokensIn]):
    kind = "embeddings"


class ModerationsPage(KindPage[TokensIn]):
    kind = "moderations"


class ImagesPage(KindPage[Requests]):
    kind = "images"


class SpeechesPage(KindPage[Requests]):
    kind = "audio_speeches"


class TranscriptionsPage(KindPage[Requests]):
    kind = "audio_transcriptions"


class WebSearchesPage(KindPage[Calls]):
    kind = "web_search_calls"


class FileSearchesPage(KindPage[Calls]):
    kind = "file_search_calls"
    group_by = ("user_id", "api_key_id")


class CodeInterpreterPage(KindPage[Sessions]):
    kind = "code_interpreter_sessions"
    group_by = ("project_id",)


class VectorStoresPage(KindPage[Stored]):
    kind = "vector_stores"
    group_by = ("project_id",)


OTHER_KINDS: tuple[type[KindPage[Any]], ...] = (
    EmbeddingsPage,
    ModerationsPage,
    ImagesPage,
    SpeechesPage,
    TranscriptionsPage,
    WebSearchesPage,
    FileSearchesPage,
    CodeInterpreterPage,
    VectorStoresPage,
)


class CostsPage(Page):
    data: list[Bucket[Cost]]


class BillPage(CostsPage):
    """The day's cost as one amount, asked for without groups."""


class ListPage(Page, kw_only=True):
    """Of things with an id, each page asked for with the last one's."""

    last_id: str | None = None

    @property
    def cursor(self) -> str | None:
        return self.last_id


class UsersPage(ListPage, kw_only=True):
    data: list[User]


class ProjectsPage(ListPage, kw_only=True):
    data: list[Identified]


class ApiKeysPage(ListPage, kw_only=True):
    data: list[ApiKey]
