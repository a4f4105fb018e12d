"""Who sends telemetry, and whose it is: what is claimed, in the order in which a tool means it."""

from __future__ import annotations

import pytest

from bot.telemetry import tools
from tests.telemetry.sending import counted, gen_ai_call, gen_ai_logs, only

ID, UUID, MAIL, END, USER = (
    "user.account_id",
    "user.account_uuid",
    "user.email",
    "enduser.id",
    "user.id",
)


@pytest.mark.parametrize(
    ("service", "scope", "tool"),
    [
        ("claude-code", "", "claude_code"),
        ("claude-code-desktop", "", "claude_code"),
        ("renamed", "com.anthropic.claude_code.events", "claude_code"),
        ("codex_cli_rs", "", "codex"),
        ("codex-app-server", "", "codex"),
        ("Codex Desktop", "", "codex"),
        ("gemini-cli", "", "gemini_cli"),
        ("copilot-chat", "", "copilot"),
        ("github-copilot", "", "copilot"),
        ("cursor", "", "cursor"),
        ("", "cursor.telemetry", "cursor"),
        ("cursorscope", "", None),
        ("codexample", "", None),
        ("acme", "", None),
        ("", "", None),
    ],
)
def test_a_tool_is_known_by_its_service_or_else_by_its_scope(service, scope, tool):
    assert tools.tool_of({"service.name": service}, scope) == tool


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("Acme Agents", "otlp:acme_agents"),
        ("../../etc/passwd", "otlp:etc_passwd"),
        ("a" * 500, f"otlp:{'a' * 40}"),
        ("unknown_service:node", "otlp:gen_ai"),
        ("\u0000é", "otlp:gen_ai"),
        (None, "otlp:gen_ai"),
    ],
)
def test_a_sender_that_nobody_knows_has_the_name_of_its_service(service, name):
    request = gen_ai_logs(gen_ai_call(), **{"service.name": service})

    assert only(request).usage.provider == name


@pytest.mark.parametrize(
    ("tool", "told", "account", "email"),
    [
        ("claude_code", {ID: "user_01A", MAIL: "A@Example.com"}, "a@example.com", True),
        ("claude_code", {ID: "user_01A", UUID: "1-2"}, "user_01A", False),
        ("claude_code", {UUID: "1-2"}, "1-2", False),
        ("claude_code", {MAIL: "A@Example.com", USER: "random"}, "a@example.com", True),
        ("claude_code", {END: "A@Example.com", USER: "random"}, "a@example.com", True),
        ("claude_code", {USER: "random", "session.id": "s"}, None, False),
        (
            "claude_code",
            {USER: "okta|7", MAIL: "a@example.com", "identity.source": "gateway-oidc"},
            "a@example.com",
            True,
        ),
        ("codex", {ID: "workspace", MAIL: "A@Example.com"}, "a@example.com", True),
        ("codex", {ID: "workspace", "account.email": "A@Example.com"}, "a@example.com", True),
        ("codex", {ID: "workspace"}, None, False),
        ("gemini_cli", {MAIL: "A@Example.com", "installation.id": "i"}, "a@example.com", True),
        ("copilot", {END: "ana"}, "ana", False),
        ("copilot", {}, None, False),
        ("cursor", {"cursor.user.id": 77}, "77", False),
        (
            "cursor",
            {"cursor.user.account_id": "acc", "cursor.user.email": "A@Example.com"},
            "a@example.com",
            True,
        ),
        ("acme_agents", {USER: "u-1"}, "u-1", False),
        ("acme_agents", {USER: "u-1", MAIL: "A@Example.com"}, "a@example.com", True),
    ],
)
def test_the_account_is_what_the_tool_means_by_it(tool, told, account, email):
    sender = tools.sender(tool, told)

    assert sender.account == account
    assert sender.email == ("a@example.com" if email else None)


def test_what_a_record_says_of_the_person_outdoes_what_its_resource_says():
    request = gen_ai_logs(gen_ai_call(**{END: "ana@example.com"}), **{END: "shared@example.com"})

    assert only(request).usage.account == "ana@example.com"


def test_whoever_is_named_nowhere_is_nobody():
    request = gen_ai_logs(gen_ai_call(), **{END: None})

    assert (only(request).usage.account, only(request).email) == (None, None)


@pytest.mark.parametrize("prompt", ["please fix the login", "line\nline", "x" * 300, "\u0000", ""])
def test_a_text_in_the_wrong_place_is_neither_a_model_nor_an_account(prompt):
    told = {"gen_ai.response.model": prompt, "gen_ai.request.model": prompt, MAIL: prompt}
    request = gen_ai_logs(gen_ai_call(**told), **{END: prompt})

    usage = only(request).usage
    assert (usage.model, usage.account) == (None, None)


def test_an_event_that_two_tools_have_needs_a_sender_that_is_known():
    call = gen_ai_call(**{"event.name": "api_request"})

    assert counted(gen_ai_logs(call)).events == []
