"""What is shared by the tests of the stand-ins of tools."""

from __future__ import annotations

import pytest

from bot.playground.providers.cursor import cursor_app
from bot.playground.providers.litellm import litellm_app
from tests.playground.tools.asking import COMPANY, CURSOR_AUTH, LITELLM_AUTH, Api, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cursor(clock) -> Api:
    return Api(cursor_app(COMPANY, now=clock.now), CURSOR_AUTH)


@pytest.fixture
def litellm(clock) -> Api:
    return Api(litellm_app(COMPANY, now=clock.now), LITELLM_AUTH)
