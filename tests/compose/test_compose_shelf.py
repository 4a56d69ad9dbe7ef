"""Shelf life: a story whose day has gone by is over, and in doubt none is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspost.compose.shelf import days, over
from crosspost.compose.words import words

PARIS = ZoneInfo("Europe/Paris")
OUT = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)
FILLER = "<p>" + "The river runs past the old mill and nobody minds. " * 12 + "</p>"


@pytest.fixture(name="story")
def _story(article):
    def make(content, title="Spring concert at the mill", *, published=OUT, updated=None, language="en"):
        return replace(article(content, title, language=language), published=published, updated=updated)

    return make


EVENT = "<p>The concert takes place on 9 May at 7 pm in the mill.</p>"


@pytest.mark.parametrize(("day", "gone"), [(8, False), (9, False), (10, True), (20, True)])
def test_an_event_is_over_on_the_day_after_it(story, day, gone):
    assert over(story(EVENT + FILLER), datetime(2026, 5, day, 12, 0, tzinfo=UTC), PARIS) is gone


def test_the_day_ends_in_the_zone_and_not_in_utc(story):
    late = datetime(2026, 5, 9, 22, 30, tzinfo=UTC)  # half past midnight in Paris
    assert over(story(EVENT + FILLER), late, PARIS)
    assert not over(story(EVENT + FILLER), late, UTC)


def test_of_several_days_the_last_one_counts(story):
    tour = "<p>The concert takes place on 9 May at 7 pm.</p><p>Second concert: 30 May, 7 pm</p>"
    assert not over(story(tour + FILLER), datetime(2026, 5, 20, tzinfo=UTC), PARIS)


def test_a_postponed_event_is_over_after_its_new_day(story):
    moved = EVENT + FILLER + "<p>" + "It rains. " * 20 + "The concert has been postponed to 20 June.</p>"
    assert not over(story(moved), datetime(2026, 5, 20, tzinfo=UTC), PARIS)
    assert over(story(moved), datetime(2026, 6, 21, tzinfo=UTC), PARIS)


def test_a_call_is_over_after_its_closing_date(story):
    call = FILLER + "<p>Closing date: 12 January 2027</p>"
    story = story(call, "Vacancy: gardener", published=datetime(2026, 12, 1, tzinfo=UTC))
    assert not over(story, datetime(2027, 1, 12, 9, 0, tzinfo=UTC), PARIS)
    assert over(story, datetime(2027, 1, 13, 9, 0, tzinfo=UTC), PARIS)


def test_a_plea_to_sign_is_over_after_its_last_day_and_not_after_another(story):
    plea = "<p>Sign the letter before 17 May.</p><p>The council votes on 9 June.</p>"
    letter = story(plea + FILLER, "Open letter on the old mill")
    assert not over(letter, datetime(2026, 5, 17, 12, 0, tzinfo=UTC), PARIS)
    assert over(letter, datetime(2026, 5, 18, 12, 0, tzinfo=UTC), PARIS)


def test_what_was_past_when_it_came_out_is_a_report_and_never_over(story):
    told = "<p>The concert took place on 9 April at 7 pm in the mill.</p>"
    assert not over(story(told + FILLER), OUT + timedelta(days=90), PARIS)


def test_a_ruling_is_not_over_because_a_day_in_it_has_gone_by(story):
    ruling = "<p>The court ruled that the city has to act before 9 May.</p>"
    assert not over(story(ruling + FILLER, "Court ruling on clean air"), OUT + timedelta(days=90), PARIS)


def test_tomorrow_becomes_yesterday(story):
    news = "<p>The council votes tomorrow on the old mill.</p>" + FILLER
    assert not over(story(news, "The mill"), OUT + timedelta(days=1), PARIS)
    assert over(story(news, "The mill"), OUT + timedelta(days=2), PARIS)
    edited = story(news, "The mill", updated=OUT + timedelta(days=2))
    assert not over(edited, OUT + timedelta(days=2), PARIS)


def test_without_a_date_of_its_own_nothing_is_over(story):
    assert not over(story(EVENT + FILLER, published=None), OUT + timedelta(days=365), PARIS)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "on February 9, 2027", "2027-02-09"),
        ("en", "on 9 February", "2027-02-09"),
        ("fr", "le 1er mars 2026", "2026-03-01"),
        ("es", "el 24 de mayo de 2026", "2026-05-24"),
        ("de", "am 8. März 2026", "2026-03-08"),
        ("de", "am 08.03.2026", "2026-03-08"),
        ("pt", "28 de fevereiro de 2027", "2027-02-28"),
        ("it", "il 3 ottobre 2026", "2026-10-03"),
        ("nl", "op 3 oktober 2026", "2026-10-03"),
        ("ru", "6 февраля 2027 года", "2027-02-06"),
        ("ar", "السبت 12 ديسمبر 2026", "2026-12-12"),
        ("en", "2026-05-24", "2026-05-24"),
        ("en", "31 February 2026", None),
    ],
)
def test_a_day_is_read_in_every_language(language, text, expected):
    found = [day.isoformat() for day in days(text, words(language), OUT.date())]
    assert found == ([expected] if expected else [])
