from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.estimate import EXTENTS, MOST_TOKENS, Job, Size, Thing
from bot.domain.job_words import Trouble, Unread, read_job

MILLION = 1_000_000
job = Job


def read(text: str) -> Job | Unread:
    return read_job(text.split())


class TestTokens:
    @pytest.mark.parametrize(
        "text",
        [
            "2M in 300k out",
            "2m input, 300k output",
            "in 2M out 300k",
            "input: 2M; output: 300K",
            "300k out 2M in",
            "2M in / 300k out",
            "2M in/300k out",
            "2M in + 300k out",
            "2 million tokens in and 300 thousand tokens out",
            "2,000,000 in 300,000 out",
            "2.000.000 in 300.000 out",
            "2 000 000 in 300 000 out",
            "2'000'000 in 300'000 out",
            "2 Mio. rein, 300 Tsd. raus",
            "2 Millionen Token Eingabe und 300 Tausend Ausgabe",
            "2 millones de entrada y 300 mil de salida",
            "2 MILLONES de Entrada y 300 MIL de Salida",
        ],
    )
    def test_are_understood_as_people_write_them(self, text):
        assert read(text) == job(input=2 * MILLION, output=300_000)

    @pytest.mark.parametrize(
        ("number", "tokens"),
        [
            ("1.5M", 1_500_000),
            ("1,5M", 1_500_000),
            ("1,50 Mio", 1_500_000),
            ("0.500M", 500_000),
            ("0,500M", 500_000),
            ("1,500", 1_500),
            ("1.500", 1_500),
            ("1.234,5k", 1_234_500),
            ("1,234.5k", 1_234_500),
            ("1.234.567", 1_234_567),
            ("1 500k", 1_500_000),
            ("1.2345k", 1_234),
            ("2bn", 2_000_000_000),
            ("2 Mrd.", 2_000_000_000),
            ("0.5T", 500_000_000_000),
            ("７k", 7_000),  # noqa: RUF001 - typed with an Asian keyboard
        ],
    )
    def test_may_have_either_decimal_mark_where_only_one_makes_sense(self, number, tokens):
        assert read(f"{number} in") == job(input=tokens, output=0)

    @pytest.mark.parametrize("number", ["1.500k", "1,500k", "2.250M", "12,000 Mio"])
    def test_that_two_languages_would_read_differently_are_asked_again(self, number):
        assert read(f"{number} in").trouble is Trouble.TWO_WAYS

    @pytest.mark.parametrize("text", ["80% cached", "80 % aus dem Cache", "80 % en caché", "80%"])
    def test_may_come_from_a_cache(self, text):
        assert read(f"1k in 1k out {text}").cached_share == Decimal("0.8")
        assert read(f"{text}, 1k in, 1k out") == read(f"1k in 1k out {text}")

    @pytest.mark.parametrize("share", ["62.5%", "62,5 %"])
    def test_may_come_from_a_cache_in_part_of_a_percent(self, share):
        assert read(f"1k in {share} cached").cached_share == Decimal("0.625")


class TestRequests:
    @pytest.mark.parametrize(
        "text",
        [
            "500 x 4k in 1k out",
            "500x4k in 1k out",
            "500x 4k in 1k out",
            "500 × 4k in 1k out",  # noqa: RUF001 - as a keyboard with the sign types it
            "500 * 4k in 1k out",
            "500 requests of 4k in and 1k out each",
            "500 Anfragen mit je 4k rein und 1k raus",
            "500 solicitudes de 4k de entrada y 1k de salida",
            "4k in 1k out x 500",
            "4k in 1k out x500",
        ],
    )
    def test_are_each_as_large_as_is_said(self, text):
        assert read(text) == job(input=4_000, output=1_000, times=500)

    def test_that_are_said_after_the_tokens_may_be_each_or_together(self):
        assert read("2M in 300k out 500 requests") == Unread(trouble=Trouble.UNCLEAR)

    def test_of_none_are_no_job(self):
        assert read("0 x 4k in") == Unread(trouble=Trouble.NO_JOB)


class TestSizes:
    @pytest.mark.parametrize(
        ("text", "described"),
        [
            ("small change", (Thing.CHANGE, Size.SMALL)),
            ("change", (Thing.CHANGE, Size.MEDIUM)),
            ("large", (Thing.CHANGE, Size.LARGE)),
            ("a big code base", (Thing.CODE_BASE, Size.LARGE)),
            ("codebase", (Thing.CODE_BASE, Size.MEDIUM)),
            ("eine große Änderung", (Thing.CHANGE, Size.LARGE)),
            ("ein mittleres Dokument", (Thing.DOCUMENT, Size.MEDIUM)),
            ("un cambio pequeño", (Thing.CHANGE, Size.SMALL)),
            ("una base de código grande", (Thing.CODE_BASE, Size.LARGE)),
        ],
    )
    def test_stand_for_tokens(self, text, described):
        extent = EXTENTS[described]

        assert read(text) == job(input=extent.input, output=extent.output, described=described)

    def test_count_as_often_as_is_said(self):
        told = read("20 x small document")

        assert (told.times, told.described) == (20, (Thing.DOCUMENT, Size.SMALL))

    @pytest.mark.parametrize(
        "text", ["small change 2M in", "small large change", "document and code base"]
    )
    def test_are_one_or_the_other(self, text):
        assert read(text) == Unread(trouble=Trouble.UNCLEAR)


class TestModels:
    @pytest.mark.parametrize(
        ("text", "models"),
        [
            ("claude-opus-5", ("claude-opus-5",)),
            ("with Opus and GPT-6-Luna", ("opus", "gpt-6-luna")),
            ("o3, o3", ("o3",)),
            ("anthropic/claude-opus-5", ("anthropic/claude-opus-5",)),
            ("gpt-unheard-of-9", ("gpt-unheard-of-9",)),
        ],
    )
    def test_may_follow(self, text, models):
        assert read(f"1k in {text}").models == models

    def test_are_at_most_as_many_as_fit(self):
        many = " ".join(f"gpt-{number}" for number in range(13))

        assert read(f"1k in {many}") == Unread(trouble=Trouble.TOO_MANY_MODELS)


class TestWhatCannotBeRead:
    @pytest.mark.parametrize("text", ["", "   ", "opus", "80% cached", "0 in 0 out", "?"])
    def test_may_be_no_job(self, text):
        assert read(text) == Unread(trouble=Trouble.NO_JOB)

    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("my thesis", "my"),
            ("-5k in", "-5k"),
            ("1e9 in", "1e9"),
            ("NaN in", "nan"),
            ("Infinity in", "infinity"),
            ("0,5 in", "0,5"),
            ("1.2.3 in", "1.2.3"),
            ("1.23,456,7k in", "1.23,456,7"),
            ("12.34,5k in", "12.34,5"),
            ("٣k in", "٣k"),
        ],
    )
    def test_is_named(self, text, word):
        assert read(text) == Unread(trouble=Trouble.UNKNOWN_WORD, word=word)

    @pytest.mark.parametrize(
        "text", ["2M 300k", "2M", "in out", "2M in 2M in", "in 2M 300k out", "x in", "5% 6% 1k in"]
    )
    def test_may_not_say_which_is_what(self, text):
        assert read(text) == Unread(trouble=Trouble.UNCLEAR)

    @pytest.mark.parametrize("share", ["101%", "100.5 %"])
    def test_may_be_a_share_of_more_than_all(self, share):
        assert read(f"1k in {share} cached") == Unread(trouble=Trouble.SHARE, word=share)

    @pytest.mark.parametrize("text", ["2T in", f"{'9' * 5_000} in", "1M x 2M in", "1T in 1 out"])
    def test_may_be_absurdly_much(self, text):
        assert read(text) == Unread(trouble=Trouble.TOO_MANY)


tokens = st.integers(min_value=0, max_value=10**6)
shapes = st.sampled_from(["{:d}", "{:,d}"])


@given(tokens, st.integers(1, 10**6), st.integers(1, 10**5), shapes)
def test_whatever_is_written_in_digits_is_read_as_it_is(given_in, given_out, times, shape):
    number = shape.format
    told = read(f"{number(times)} x {number(given_in)} in {number(given_out)} out")

    assert told == job(input=given_in, output=given_out, times=times)


@given(st.decimals(min_value="0.1", max_value="999", places=1))
def test_a_decimal_mark_is_a_point_or_a_comma(amount):
    assert read(f"{amount}M in") == read(f"{amount}M in".replace(".", ","))


@given(st.text(max_size=80))
def test_no_text_whatever_is_an_exception(text):
    assert isinstance(read_job(text.split()), Job | Unread)


WORDS = (
    *("2M", "300k", "1.500k", "in", "out", "x", "500", "80%", ",", "and", "%"),
    *("small", "large", "change", "document", "opus", "gpt-6-luna"),
)


@given(st.lists(st.sampled_from(WORDS), max_size=9))
def test_no_order_of_words_is_an_exception_or_more_than_there_may_be(words):
    told = read_job(words)

    if isinstance(told, Job):
        assert 0 < told.all_input + told.all_output <= MOST_TOKENS
