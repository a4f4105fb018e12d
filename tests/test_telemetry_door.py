"""The door for telemetry: what the protocol asks for, and nothing kept but counters."""

from __future__ import annotations

import gzip
import io
import sys
from datetime import timedelta
from decimal import Decimal

import httpx
import psycopg
import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceResponse,
)
from pydantic import ValidationError
from starlette.applications import Starlette

from bot.clock import SetClock
from bot.domain.people import Proof
from bot.errors import BrokenDatabaseError, UnreachableDatabaseError
from bot.logs import configure_logs
from bot.services.receive import Receiver
from bot.telemetry import Config, counting
from bot.telemetry_door import JSON, LARGEST_BODY, LARGEST_SENT, PROTOBUF, TelemetryDoor
from db.health import HealthStore
from db.migrate import driver_url
from db.received import ReceivedStore
from tests.telemetry.sending import (
    ANA,
    CLAUDE,
    CUMULATIVE,
    ENCODINGS,
    NOW,
    claude_call,
    claude_logs,
    codex_call,
    codex_logs,
    cursor_call,
    cursor_logs,
    encoded,
    gemini_call,
    gemini_logs,
    gen_ai_call,
    gen_ai_logs,
    gzipped,
    log,
    metrics,
    point,
    sums,
)

TOKEN = "a-token-that-nobody-guesses"
MEDIA_TYPES = {"json": JSON, "protobuf": PROTOBUF}

every_encoding = pytest.mark.parametrize("encoding", ENCODINGS)


class Heard:
    """Takes whatever gets in, unless it is told to be away."""

    def __init__(self) -> None:
        self.events = []
        self.proofs = []
        self.error = None

    async def count(self, events, *, proof):
        if self.error is not None:
            raise self.error
        self.events += events
        self.proofs.append(proof)


def receiver_of(database):
    return Receiver(
        store=ReceivedStore(database), health=HealthStore(database), clock=SetClock(NOW)
    )


def opened(receiver):
    door = TelemetryDoor(receiver, token=TOKEN, clock=SetClock(NOW))
    transport = httpx.ASGITransport(Starlette(routes=door.routes))
    return httpx.AsyncClient(transport=transport, base_url="http://upshot.example")


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
async def client(heard):
    async with opened(heard) as client:
        yield client


def headers(encoding="json", **changes):
    given = {"authorization": f"Bearer {TOKEN}", "content-type": MEDIA_TYPES[encoding]}
    changes = {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in (given | changes).items() if value is not None}


async def send(client, request, encoding="json"):
    path = "/v1/logs" if "resourceLogs" in request else "/v1/metrics"
    return await client.post(path, content=encoded(request, encoding), headers=headers(encoding))


def cost_metric(**changes):
    return metrics(sums("claude_code.cost.usage", point(ANA, 0.5), **changes), resource=CLAUDE)


@every_encoding
class TestLetIn:
    async def test_are_logs_and_metrics_each_answered_in_its_own_way(self, client, heard, encoding):
        for request in (claude_logs(claude_call()), cost_metric()):
            answer = await send(client, request, encoding)

            assert answer.status_code == 200
            assert answer.headers["content-type"] == MEDIA_TYPES[encoding]
            assert answer.content == (b"{}" if encoding == "json" else b"")
        assert [event.signal for event in heard.events] == ["logs", "metrics"]

    async def test_is_what_it_claims_and_no_more(self, client, heard, encoding):
        await send(client, claude_logs(claude_call()), encoding)

        assert heard.proofs == [Proof.ASSERTED]

    async def test_may_be_gzipped(self, client, heard, encoding):
        body = gzipped(encoded(claude_logs(claude_call()), encoding))

        answer = await client.post(
            "/v1/logs", content=body, headers=headers(encoding, content_encoding="gzip")
        )

        assert (answer.status_code, len(heard.events)) == (200, 1)

    async def test_may_name_its_characters(self, client, encoding):
        media_type = f"{MEDIA_TYPES[encoding].title()}; charset=utf-8"

        answer = await client.post(
            "/v1/logs",
            content=encoded(claude_logs(), encoding),
            headers=headers(content_type=media_type),
        )

        assert answer.status_code == 200

    async def test_is_what_nobody_counts_so_that_it_is_not_sent_again(
        self, client, heard, encoding
    ):
        for request in (
            claude_logs(log({"event.name": "user_prompt", "prompt": "hello"})),
            metrics(
                sums("http.server.requests", point({}, 1), temporality=CUMULATIVE), resource={}
            ),
        ):
            answer = await send(client, request, encoding)

            assert (answer.status_code, len(answer.content)) == (200, 2 * (encoding == "json"))
        assert heard.proofs == []


class TestPartialSuccess:
    async def test_tells_in_json_what_was_refused_and_why(self, client, heard):
        old = claude_call(at=NOW - timedelta(days=50))

        answer = await send(client, claude_logs(old, old, claude_call("req_2")))

        assert answer.json() == {
            "partialSuccess": {
                "rejectedLogRecords": "2",
                "errorMessage": f"2 {counting.ANOTHER_TIME}",
            }
        }
        assert len(heard.events) == 1

    async def test_names_data_points_as_such_and_what_to_set(self, client):
        answer = await send(client, cost_metric(temporality=CUMULATIVE))

        told = answer.json()["partialSuccess"]
        assert told["rejectedDataPoints"] == "1"
        assert "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta" in told["errorMessage"]

    async def test_tells_the_same_in_protobuf(self, client):
        old = claude_call(at=NOW - timedelta(days=50))
        logs = await send(client, claude_logs(*200 * [old]), "protobuf")
        points = await send(client, cost_metric(temporality=CUMULATIVE), "protobuf")

        of_logs = ExportLogsServiceResponse.FromString(logs.content).partial_success
        of_points = ExportMetricsServiceResponse.FromString(points.content).partial_success
        assert of_logs.rejected_log_records == 200
        assert of_logs.error_message == f"200 {counting.ANOTHER_TIME}"
        assert of_points.rejected_data_points == 1
        assert of_points.error_message == f"1 {counting.CUMULATIVE}"


class TestTurnedAway:
    @pytest.mark.parametrize(
        "authorization",
        [None, "", "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é", TOKEN],
    )
    async def test_is_whoever_does_not_know_the_token(self, client, heard, authorization):
        given = headers(authorization=authorization and authorization.encode())

        answer = await client.post(
            "/v1/logs", content=encoded(claude_logs(claude_call())), headers=given
        )

        assert (answer.status_code, heard.events) == (401, [])
        assert answer.headers["www-authenticate"] == "Bearer"

    @pytest.mark.parametrize("media_type", [None, "", "text/plain", "application/grpc", "json"])
    async def test_is_what_is_written_in_another_way(self, client, media_type):
        answer = await client.post("/v1/logs", headers=headers(content_type=media_type))

        assert answer.status_code == 415
        assert PROTOBUF in answer.json()["message"]

    async def test_is_what_is_packed_in_another_way(self, client):
        answer = await client.post("/v1/logs", headers=headers(content_encoding="zstd"))

        assert answer.status_code == 415

    @every_encoding
    async def test_is_what_cannot_be_read(self, client, encoding):
        answer = await client.post("/v1/logs", content=b"\xff", headers=headers(encoding))

        assert answer.status_code == 400
        assert answer.headers["content-type"] == MEDIA_TYPES[encoding]
        assert b"not an OTLP request" in answer.content

    @pytest.mark.parametrize(
        "packed",
        [b"", b"plain", gzipped(b"{}")[:-4], gzipped(b"{}") + b"more", gzipped(b"{}")[:-1] + b"x"],
    )
    async def test_is_what_gzip_did_not_make(self, client, packed):
        answer = await client.post(
            "/v1/logs", content=packed, headers=headers(content_encoding="gzip")
        )

        assert answer.status_code == 400

    async def test_is_what_is_too_large(self, client):
        answer = await client.post("/v1/logs", content=b" " * (LARGEST_SENT + 1), headers=headers())

        assert answer.status_code == 413

    async def test_is_what_would_unpack_to_too_much(self, client):
        bomb = gzip.compress(b" " * (LARGEST_BODY + 1), compresslevel=9)
        assert len(bomb) < 100_000

        answer = await client.post(
            "/v1/logs", content=bomb, headers=headers(content_encoding="gzip")
        )

        assert answer.status_code == 413

    async def test_is_what_is_cut_off_on_its_way(self, heard):
        sent = []

        async def receive():
            return {"type": "http.disconnect"}

        async def answer(message):
            sent.append(message)

        door = TelemetryDoor(heard, token=TOKEN, clock=SetClock(NOW))
        raw = [(name.encode(), value.encode()) for name, value in headers().items()]
        scope = {"type": "http", "method": "POST", "path": "/v1/logs", "headers": raw}
        await Starlette(routes=door.routes)(scope, receive, answer)

        assert sent[0]["status"] == 400

    async def test_is_whoever_only_looks(self, client):
        assert (await client.get("/v1/logs", headers=headers())).status_code == 405

    async def test_leaves_a_line_without_a_word_of_it_in_the_log(self, client):
        written = io.StringIO()
        configure_logs("DEBUG", stream=written)

        await client.post("/v1/logs", content=b'{"a private word', headers=headers())

        [line] = written.getvalue().splitlines()
        assert "telemetry_refused" in line
        assert not any(word in line for word in ("private", TOKEN))


@pytest.mark.parametrize(
    "error", [BrokenDatabaseError("secret"), UnreachableDatabaseError(), ConnectionError("secret")]
)
@every_encoding
async def test_while_the_database_is_away_it_is_to_be_sent_again(client, heard, encoding, error):
    heard.error = error

    answer = await send(client, claude_logs(claude_call()), encoding)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert b"secret" not in answer.content


async def test_where_protobuf_cannot_be_read_the_answer_says_what_is_missing(client, monkeypatch):
    for signal in ("logs", "metrics"):
        module = f"opentelemetry.proto.collector.{signal}.v1.{signal}_service_pb2"
        monkeypatch.setitem(sys.modules, module, None)

    for request in (claude_logs(claude_call()), cost_metric()):
        answer = await send(client, request, "protobuf")

        assert (answer.status_code, answer.headers["content-type"]) == (415, PROTOBUF)
        assert b"requirements-extras.txt" in answer.content
        assert (await send(client, request)).status_code == 200


def test_a_token_that_could_be_guessed_is_no_token():
    assert Config(token=24 * "x").token.get_secret_value() == 24 * "x"
    with pytest.raises(ValidationError):
        Config(token=23 * "x")
    assert TOKEN not in repr(Config(token=TOKEN))


class TestStored:
    @pytest.fixture
    async def client(self, database):
        async with opened(receiver_of(database)) as client:
            yield client

    @pytest.fixture
    def ask(self, urls):
        def ask(question):
            with psycopg.connect(driver_url(urls.superuser)) as connection:
                return connection.execute(question).fetchall()

        return ask

    @every_encoding
    async def test_what_is_sent_twice_counts_once(self, client, ask, encoding):
        request = claude_logs(claude_call("req_1"), claude_call("req_2"))
        for _ in range(3):
            assert (await send(client, request, encoding)).status_code == 200
        await send(client, claude_logs(claude_call("req_3")), encoding)

        assert ask("SELECT requests, input_uncached, cost FROM usage_records") == [
            (3, 36, Decimal("0.0375"))
        ]

    async def test_logs_outdo_metrics_of_the_same_day(self, client, ask):
        await send(client, cost_metric())
        assert ask("SELECT cost FROM usage_records") == [(Decimal("0.5"),)]

        await send(client, claude_logs(claude_call()))
        assert ask("SELECT cost FROM usage_records") == [(Decimal("0.0125"),)]

    @every_encoding
    async def test_no_prompt_reaches_the_database_or_the_log(self, client, ask, encoding):
        written = io.StringIO()
        configure_logs("DEBUG", stream=written)
        planted = {
            name: f"planted {name}: print('hello')"
            for name in (
                *("prompt", "response", "user_prompt", "request_text", "response_text"),
                *("tool_input", "tool_parameters", "function_args", "arguments", "output"),
                *("gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions"),
                *("file_path", "event.name2", "error.message", "user.name", "planted key"),
                *("session.id", "conversation.id", "prompt_id", "prompt.id", "gen_ai.response.id"),
                *("model", "cursor.model.name", "gen_ai.request.model", "gen_ai.response.model"),
                *("enduser.id", "event.kind2", "request_id", "cursor.event.id", "event.sequence"),
            )
        }
        planted |= {"messages": [{"text": "planted list"}], "nested": {"a": "planted map"}}
        counts = {
            "user.email": "ana@example.com",
            "event.kind": "response.completed",
        }
        resource = {"process.command_args": ["planted argument"], "planted": "planted resource"}
        for one, request in (
            (claude_call(told=planted | counts), claude_logs),
            (codex_call(**planted | counts), codex_logs),
            (gemini_call(**planted | counts), gemini_logs),
            (cursor_call(**planted | counts), cursor_logs),
            (gen_ai_call(**planted | counts), gen_ai_logs),
        ):
            said = log({"event.name": "user_prompt", **planted}, body="planted in a body " * 20)
            sent = request(one, said, one | {"body": {"stringValue": "planted in a call"}})
            own = sent["resourceLogs"][0]["resource"]["attributes"]
            own += [{"key": k, "value": {"stringValue": str(v)}} for k, v in resource.items()]
            assert (await send(client, sent, encoding)).status_code == 200
        cost = sums("claude_code.cost.usage", point(planted | counts, 0.5))
        cost["description"] = "planted description"
        assert (await send(client, metrics(cost, resource=resource), encoding)).status_code == 200

        tables = ask(
            "SELECT format('SELECT %I::text FROM %I.%I', relname, nspname, relname) FROM pg_class"
            " JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE relkind = 'r' AND nspname IN ('public', 'procrastinate')"
        )
        rows = [row for (question,) in tables for (row,) in ask(question)]
        for name in ("claude_code", "codex", "gemini_cli", "cursor", "acme_agents", "gen_ai"):
            assert any(f"otlp:{name}," in row for row in rows) is (name != "gen_ai")
        assert [row for row in rows if "planted" in row or "hello" in row] == []
        assert "planted" not in written.getvalue()
