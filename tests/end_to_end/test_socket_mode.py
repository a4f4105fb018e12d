"""Socket Mode: where no URL can be opened, Slack is heard by a socket of ours."""

from __future__ import annotations

from bot.listening import socket_mode
from bot.playground.slack.socket_mode import SocketMode
from tests.end_to_end.world import ADA, make_slack, upshot_for


async def test_a_command_that_comes_by_socket_is_answered_in_its_acknowledgement(urls, tmp_path):
    slack = make_slack()
    with slack.serving():
        async with (
            SocketMode(slack) as socket,
            upshot_for(slack, urls, tmp_path, by_socket=True) as upshot,
        ):
            await upshot.slack.sync_directory()
            async with socket_mode(upshot):
                await socket.connected()
                answer = await socket.command("/myusage", "help", user_id=ADA)

    assert "/myusage" in str(answer)
    assert "ephemeral" in str(answer)


async def test_without_an_app_token_there_is_no_socket(urls, tmp_path):
    slack = make_slack()
    with slack.serving():
        async with upshot_for(slack, urls, tmp_path) as upshot, socket_mode(upshot):
            pass

    assert slack.call_count("apps.connections.open") == 0
