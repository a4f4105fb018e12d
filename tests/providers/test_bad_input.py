"""What a source may tell that is new, wrong or strange: it passes, fails loudly, or is flagged."""

from __future__ import annotations

import json
import shutil
import tracemalloc
import zlib
from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest
from sqlalchemy import text

from bot import errors
from bot.checking import findings
from bot.clock import SetClock
from bot.domain.periods import midnight
from bot.downloads import body_of
from bot.services.handover import understood
from bot.settings import Settings
from db.usage import UsageStore
from tests.providers.case import CASES
from tests.providers.recorded import DAY, FIXTURES, Recorded, load_answer, read_day, reading

NEW = "something-of-2027"
NOW = midnight(DAY) + timedelta(days=2)
FILE_CASES = [case for case in CASES.values() if not case.is_http]

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
every_file_case = pytest.mark.parametrize("case", FILE_CASES, ids=lambda case: case.name)


def rewritten(case, folder, name, old, new, *, times=1):
    """The recorded source, except that in its file *name* something else stands for *old*."""
    if case.is_http:
        answer = load_answer(case.name, name)
        assert old.encode() in answer.content
        content = answer.content.replace(old.encode(), new.encode(), times)
        kind = {"content-type": answer.headers["content-type"]}
        page = httpx.Response(200, content=content, headers=kind)
        return reading(case.provider, Recorded(case.name, **{name: page}))
    place = folder / case.name
    shutil.copytree(FIXTURES / case.name, place)
    [path] = place.rglob(f"{name}.csv")
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, times))
    return reading(case.provider, None, location=str(place))


def recorded(case):
    return reading(case.provider, Recorded(case.name) if case.is_http else None)


NEWS = [
    ("anthropic", "usage_by_actor", '"claude-sonnet-5"', f'"{NEW}"'),
    ("anthropic", "usage_by_actor", '"claude_code"', f'"{NEW}"'),
    ("anthropic", "cost_by_actor", '"web_search"', f'"{NEW}"'),
    ("openai", "completions_by_user_id", '"gpt-5-mini"', f'"{NEW}"'),
    ("openai", "costs_by_user_id", "web search tool calls", NEW),
    ("copilot", "ai_credit", "Claude Sonnet 5", NEW),
    ("copilot", "ai_credit", "copilot_ai_credit", NEW),
    ("copilot", "ai_credit", '"copilot"', f'"{NEW}"'),
    ("cursor", "filtered-usage-events_1", '"gpt-6-astra"', f'"{NEW}"'),
    ("google_cloud", "queries", "Vertex AI", NEW),
    ("google_cloud", "queries", "Gemini 2.5 Pro Text Output", NEW),
    ("langfuse", "metrics_by_user", "house-model-7", NEW),
    ("litellm", "activity_1", '"gpt-6-astra"', f'"{NEW}"'),
    ("openrouter", "activity_user_ben", "openai/gpt-6-astra", NEW),
    ("windsurf", "consumption", "MODEL_FREE", NEW),
    ("bedrock", "acme-00001", "NovaPro", NEW),
    ("focus", "focus-00001", "Acme Assistant", NEW),
    ("focus", "focus-00001", "gpt-6-astra output", f"{NEW} output"),
    (
        "kiro",
        "KIRO_KIRO_CLI_111122223333_user_report_202611200200",
        ",KIRO_CLI,",
        f",{NEW},",
    ),
]


@pytest.mark.parametrize(
    ("name", "page", "old", "new"), NEWS, ids=[f"{n}-{old.strip(',')}" for n, _, old, _ in NEWS]
)
async def test_what_nobody_has_heard_of_passes_and_is_kept_apart(name, page, old, new, tmp_path):
    case = CASES[name]
    known = await read_day(recorded(case))

    day = await read_day(rewritten(case, tmp_path, page, old, new, times=-1))

    [*_, apart] = [r for r in day.records if NEW in f"{r.product} {r.model} {r.cost_type}"]
    assert apart.key not in {record.key for record in known.records}
    assert day.billed == known.billed
    assert day.foreign_billed == known.foreign_billed


LOST_COLUMNS = {
    "kiro": ("KIRO_PLUGIN_111122223333_user_report_202611200200", "Credits_Used,"),
    "bedrock": ("acme-00002", "line_item_unblended_cost"),
    "focus": ("focus-00001", "BilledCost"),
}


def without_a_field(case, folder):
    """It, with the last of its pages lacking something that is needed."""
    if not case.is_http:
        name, column = LOST_COLUMNS[case.name]
        return rewritten(case, folder, name, column, "Something,")
    name, paths = next(reversed(case.required.items()))
    page = load_answer(case.name, name).json()
    inner = page
    for step in paths[-1][:-1]:
        inner = inner[step]
    del inner[paths[-1][-1]]
    return reading(case.provider, Recorded(case.name, **{name: page}))


_KEPT = (
    "SELECT (SELECT json_agg(u ORDER BY u::text) FROM usage_records u)::text,"
    " (SELECT json_agg(d ORDER BY d::text) FROM provider_days d)::text,"
    " (SELECT json_agg(a ORDER BY a::text) FROM accounts a)::text"
)


@every_case
async def test_a_day_that_fails_leaves_the_answer_before_it_whole(case, database, tmp_path):
    usage = UsageStore(database)

    async def collect(adapter, asked_at):
        try:
            await usage.replace_day(await understood(adapter, DAY), asked_at)
        finally:
            await adapter.close()
            async with database.for_jobs() as connection:
                kept.append(tuple((await connection.execute(text(_KEPT))).one()))

    kept = []
    await collect(recorded(case), NOW)
    with pytest.raises(errors.SourceResponseError, match=rf"^{case.name} 2026-11-19: ") as caught:
        await collect(without_a_field(case, tmp_path), NOW + timedelta(days=1))

    assert caught.value.hint
    assert kept[0] == kept[1]
    assert None not in kept[0][:2]


class Refusing:
    """A place that does not let us in."""

    def __init__(self, error):
        self._error = error

    async def list(self, prefix=""):
        raise self._error

    async def folders(self, prefix=""):
        raise self._error

    async def close(self):
        return


@every_file_case
@pytest.mark.parametrize(
    "error",
    [
        errors.SourceUnauthorizedError,
        errors.SourceForbiddenError,
        errors.SourceNotFoundError,
        errors.SourceUnavailableError,
    ],
)
async def test_files_that_may_not_be_read_are_told_with_the_source_and_what_to_do(case, error):
    module = __import__(case.provider.__module__, fromlist=["Config"])
    config = module.Config(**case.config)
    adapter = case.provider.from_config(config, connect=lambda *_, **__: Refusing(error("S3: no")))

    with pytest.raises(error, match=rf"^{case.name} 2026-11-19: S3: no$") as caught:
        await read_day(adapter)

    assert caught.value.hint


@every_file_case
async def test_a_folder_that_is_not_there_is_told_with_the_source(case, tmp_path):
    with pytest.raises(errors.SourceNotFoundError, match=rf"^{case.name} 2026-11-19: "):
        await read_day(reading(case.provider, None, location=str(tmp_path / "nowhere")))


ODD = "over $10,000"
NEGATIVE = "negative amounts of use"
STRANGE = [
    ("anthropic", "cost_by_actor", '"412.803"', '"-412.803"', NEGATIVE),
    ("anthropic", "cost_by_actor", '"412.803"', '"412803000.5"', ODD),
    ("openai", "costs_by_user_id", "0.02,", "-0.02,", NEGATIVE),
    ("openai", "costs_by_user_id", "0.02,", "1e6,", ODD),
    ("chatgpt", "usage", '"credits": 41.5', '"credits": -41.5', NEGATIVE),
    ("chatgpt", "usage", '"cost_usd": 2.5', '"cost_usd": 25000', ODD),
    ("copilot", "ai_credit", '"1.229"', '"-1.529"', NEGATIVE),
    ("copilot", "ai_credit", '"1.229"', '"12290"', ODD),
    ("cursor", "filtered-usage-events_1", "21.36232", "-2136.232", NEGATIVE),
    ("cursor", "filtered-usage-events_1", "21.36232", "2136232000", ODD),
    ("devin", "user-ben", "2.25", "-2.25", NEGATIVE),
    ("devin", "user-ben", "2.25", "2250000", ODD),
    ("google_cloud", "queries", '"12.345678901"', '"-12.345678901"', NEGATIVE),
    ("google_cloud", "queries", '"12.345678901"', '"12345678.901"', ODD),
    ("kiro", "KIRO_KIRO_IDE_111122223333_user_report_202611200200", ",12.5,", ",-12.5,", NEGATIVE),
    ("kiro", "KIRO_KIRO_IDE_111122223333_user_report_202611200200", ",12.5,", ",1e8,", ODD),
    ("langfuse", "metrics_by_user", "0.0125", "-0.0125", NEGATIVE),
    ("langfuse", "metrics_by_user", "0.0125", "12500", ODD),
    ("litellm", "activity_1", '"spend": 0.01,', '"spend": -10.01,', NEGATIVE),
    ("litellm", "activity_1", '"spend": 0.01,', '"spend": 10001,', ODD),
    ("openrouter", "activity_user_ana", '"usage": 0.2', '"usage": -2', NEGATIVE),
    ("openrouter", "activity_user_ana", '"usage": 0.2', '"usage": 20000', ODD),
    ("windsurf", "consumption", "1250", "-1250", NEGATIVE),
    ("bedrock", "acme-00001", "0.003702,USD", "-3.702,USD", NEGATIVE),
    ("bedrock", "acme-00001", "0.003702,USD", "37020.5,USD", ODD),
    ("focus", "focus-00001", "\n1.25,", "\n-1.25,", NEGATIVE),
    ("focus", "focus-00001", "\n1.25,", "\n125000,", ODD),
]


@pytest.mark.parametrize(
    ("name", "page", "old", "new", "said"),
    STRANGE,
    ids=[f"{row[0]}-{'negative' if row[-1] == NEGATIVE else 'absurd'}" for row in STRANGE],
)
async def test_a_strange_amount_is_kept_and_flagged(name, page, old, new, said, tmp_path):
    day = await read_day(rewritten(CASES[name], tmp_path, page, old, new))

    assert any(said in oddity for oddity in day.oddities)
    largest = max(abs(a) for r in day.records for a in (r.cost, r.foreign_cost) if a is not None)
    least = min(a for r in day.records for a in (r.cost, r.foreign_cost) if a is not None)
    assert least < 0 if said == NEGATIVE else largest > 10_000


HUGE = f"{10**25}"
TOO_MANY = [
    ("anthropic", "usage_by_actor", "45230"),
    ("chatgpt", "usage", "220"),
    ("copilot", "part-2", '"user_initiated_interaction_count": 0'),
    ("cursor", "filtered-usage-events_1", "11964"),
    ("langfuse", "metrics_by_user", "11500"),
    ("litellm", "activity_1", "10500"),
    ("openai", "completions_by_user_id", "4300"),
    ("openrouter", "activity_user_ana", "5000"),
    ("windsurf", "consumption", "87"),
    ("kiro", "KIRO_KIRO_CLI_111122223333_user_report_202611200200", "18"),
]


@pytest.mark.parametrize(("name", "page", "count"), TOO_MANY, ids=[row[0] for row in TOO_MANY])
async def test_a_count_that_no_sum_can_bear_fails_the_day(name, page, count, tmp_path):
    new = count.replace(count.rpartition(" ")[2], HUGE)

    with pytest.raises(errors.SourceResponseError, match=rf"^{name} 2026-11-19: ") as caught:
        await read_day(rewritten(CASES[name], tmp_path, page, count, new))

    assert HUGE not in str(caught.value)


async def test_check_tells_what_somebody_should_look_at():
    page = load_answer("cursor", "filtered-usage-events_1").text.replace("21.36232", "-2136.232")
    strange = Recorded("cursor", **{"filtered-usage-events_1": json.loads(page)})
    upshot = SimpleNamespace(
        settings=Settings(),
        administration=SimpleNamespace(agreement=None),
        clock=SetClock(midnight(DAY + timedelta(days=1))),
        database=SimpleNamespace(weaknesses=_none),
        slack=None,
        sources=SimpleNamespace(
            providers=[reading(CASES["cursor"].provider, strange)], outcomes=[]
        ),
    )

    [found] = [f async for f in findings(upshot) if f.what == "cursor"]

    assert found.is_fine
    assert found.said.endswith("look at: negative amounts of use: 1")


async def _none():
    return ()


def packed(megabytes, layers=1):
    """Blanks, packed again and again, in one piece as they come from the network."""
    packer = zlib.compressobj(9, wbits=31)
    content = b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()
    for _ in range(layers - 1):
        packer = zlib.compressobj(9, wbits=31)
        content = packer.compress(content) + packer.flush()
    return content


async def in_one_piece(content):
    yield content


@pytest.mark.parametrize("layers", [1, 2])
async def test_a_bomb_takes_no_more_memory_than_an_answer_may(layers):
    bomb = httpx.Response(
        200,
        content=in_one_piece(packed(256, layers)),
        headers={"content-encoding": "gzip"},
    )
    tracemalloc.start()
    try:
        with pytest.raises(errors.SourceResponseError, match="an answer over 8 MB"):
            await body_of(bomb, most=8 << 20, what="an answer")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 24 << 20


@pytest.mark.parametrize("encoding", ["gzip, gzip", "deflate", "br", "zstd"])
async def test_a_body_packed_as_nobody_asked_for_is_not_unpacked(encoding):
    answer = httpx.Response(200, content=in_one_piece(b"x"))
    answer.headers["content-encoding"] = encoding

    with pytest.raises(errors.SourceResponseError, match="not asked for"):
        await body_of(answer, most=8 << 20, what="an answer")
