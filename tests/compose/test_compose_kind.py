"""What kind of story it is: by title, terms, beginning and shape."""

from __future__ import annotations

import pytest

from crosspost.compose.kind import Kind, kind_of
from crosspost.compose.pool import pool

FILLER = "<p>" + "The river runs past the old mill and nobody minds. " * 12 + "</p>"
FLEUVE = "<p>" + "La rivière passe devant le moulin et cela ne gêne personne. " * 12 + "</p>"


@pytest.mark.parametrize(
    ("language", "title", "content", "kind"),
    [
        ("en", "Vacancy: gardener", FILLER, Kind.CALL),
        ("en", "Open letter to the mayor", FILLER, Kind.LETTER),
        ("en", "Thank you!", FILLER, Kind.THANKS),
        ("en", "Ada Moss, 1931–2026", FILLER, Kind.OBITUARY),
        ("en", "Spring concert", "<p>The concert takes place on 9 May at 7 pm.</p>" + FILLER, Kind.EVENT),
        ("en", "A new podcast episode", FILLER, Kind.VIDEO),
        ("en", "The river and the mill", FILLER, Kind.NEWS),
        ("en", "Closed on Monday", "<p>We are closed on Monday.</p>", Kind.NOTE),
        ("fr", "Lettre ouverte aux députés", FLEUVE, Kind.LETTER),
        ("fr", "Retour sur nos journées", FLEUVE, Kind.RECAP),
    ],
)
def test_title_and_beginning_tell_the_kind(article, language, title, content, kind):
    assert kind_of(article(content, title), language).kind is kind


def test_questions_between_answers_make_an_interview(article):
    turns = "".join(
        f"<p>Why does number {n} matter to you?</p><p>Because of {n} reasons.</p>" for n in ("one", "two", "three")
    )
    assert kind_of(article(f"<p>We talked about the mill.</p>{turns}{FILLER}", "The miller"), "en").kind is (
        Kind.INTERVIEW
    )


def test_questions_at_the_end_are_no_interview(article):
    body = FILLER + "".join(f"<p>Paragraph {n} stands here.</p>" for n in range(12))
    asked = "<p>Can I come?</p><p>Yes.</p><p>Is it free?</p><p>Yes.</p><p>May I bring a dog?</p><p>No.</p>"
    assert kind_of(article(body + asked, "The mill"), "en").kind is Kind.NEWS


def test_mostly_items_make_a_list(article):
    items = "<ul>" + "".join(f"<li>Thing {n} to bring along</li>" for n in range(6)) + "</ul>"
    assert kind_of(article(f"<p>Bring these.</p>{items}{FILLER}", "Six things"), "en").kind is Kind.LIST


def test_a_language_without_words_is_news(article):
    assert kind_of(article("<p>" + "Pohjoinen tuuli puhaltaa kylmästi tänään. " * 12 + "</p>", "Tuuli"), "fi").kind is (
        Kind.NEWS
    )


def test_an_invitation_with_a_row_of_speakers_is_no_list(article):
    speakers = "<ul>" + "".join(f"<li>{name} Moss, miller</li>" for name in ("Ada", "Ben", "Cleo", "Dan")) + "</ul>"
    lead = "<p>On Thursday 3 December 2026, from 15:00 to 16:30 (CET), the mill invites you to an online webinar.</p>"
    told = article(lead + "<p>With:</p>" + speakers, "Webinar: What millers need")
    assert kind_of(told, "en").kind is Kind.EVENT


def test_an_embargo_with_day_and_hour_makes_no_event(article):
    body = "<p>Embargoed until 10 am on Thursday 12 March 2027</p><p>The old mill keeps its wheel.</p>"
    assert kind_of(article(body + "<p>It is made of oak. </p>" * 30, "The mill keeps its wheel"), "en").kind == "news"


def test_a_letter_is_told_by_whom_it_addresses_and_that_people_sign(article):
    body = (
        "<p>To the Board of the Mill Trust</p><p>From 1 May you plan to stop the wheel.</p>"
        "<p>So far 312 people have signed it.</p><p>Open until midnight on Friday 11 December 2026, 7 pm</p>"
    )
    assert kind_of(article(body, "Keep the wheel turning"), "en").kind is Kind.LETTER


def test_a_death_in_passing_makes_no_obituary(article):
    body = (
        "<p>The film on the mill can be seen from today. It lasts 42 minutes and has subtitles.</p>"
        "<p>Nineteen millers speak; six of them have passed away since.</p><p>One.</p><p>Two.</p><p>Three.</p><p>Four.</p>"
    )
    assert kind_of(article(body, "Now to be seen"), "en").kind is not Kind.OBITUARY
    told = "<p>Ada Moss, miller of Fernsby, passed away on Sunday. She was 81.</p>" + body
    assert kind_of(article(told, "Ada"), "en").kind is Kind.OBITUARY


def test_what_took_place_on_a_day_is_no_event_to_come(article):
    body = (
        "<p>The mill conference was held from 12 to 14 May with 164 millers.</p>" + "<p>It was good, all said.</p>" * 6
    )
    assert kind_of(article(body, "Three days at the mill conference"), "en").kind is Kind.RECAP


def test_questions_that_are_labels_make_no_interview_and_stay_with_their_answers(article):
    body = "".join(
        f"<p>{question}</p><p>{answer}</p>"
        for question, answer in (
            ("Who can apply?", "Every rowing club on the river. Clubs from the coast are welcome too."),
            ("How much?", "Up to 900 euros for each boat."),
            ("By when?", "Friday 9 May, at noon."),
        )
    )
    story = article(f"<p>The second round of the boat fund is open to every club.</p>{body}", "Grants for boats")
    assert kind_of(story, "en").kind is not Kind.INTERVIEW
    assert "By when? Friday 9 May, at noon" in [piece.text for piece in pool(story, "en", str)[0]]


def test_questions_with_a_speaker_before_them_make_an_interview(article):
    asked = "".join(f"<p>P. ¿Qué pasó el día {one}?</p><p>R. Nada nuevo, la rueda giraba.</p>" for one in (1, 2, 3))
    assert kind_of(article(f"<p>La molinera habla.</p>{asked}", "La molinera"), "es").kind is Kind.INTERVIEW
