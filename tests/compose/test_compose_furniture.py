"""Lines that sites put around their news stay out, and sentences that look like them come, in twelve languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosspost.compose.pool import pool

HERE = Path(__file__).parent
NEWS = {
    "en": ("The mill of Fernsby has a new wheel since Monday.", "It was built by 40 people in three years."),
    "fr": ("Le moulin de Fernsby a une nouvelle roue depuis lundi.", "Elle a été construite par 40 personnes."),
    "es": ("El molino de Fernsby tiene una rueda nueva desde el lunes.", "La han hecho 40 personas en tres años."),
    "de": ("Die Mühle von Fernsby hat seit Montag ein neues Rad.", "Gebaut haben es 40 Menschen in drei Jahren."),
    "pt": ("O moinho de Fernsby tem uma roda nova desde segunda-feira.", "Foi feita por 40 pessoas em três anos."),
    "it": ("Il mulino di Fernsby ha una nuova ruota da lunedì.", "È stata costruita da 40 persone in tre anni."),
    "nl": ("De molen van Fernsby heeft sinds maandag een nieuw rad.", "Het is door 40 mensen in drie jaar gebouwd."),
    "sv": ("Kvarnen i Fernsby har ett nytt hjul sedan i måndags.", "Det byggdes av 40 personer på tre år."),
    "ru": ("У мельницы в Фернсби с понедельника новое колесо.", "Его построили 40 человек за три года."),
    "ar": ("صار لطاحونة الوادي دولاب جديد منذ يوم الاثنين.", "بناه 40 شخصاً في ثلاث سنوات."),
    "hi": ("सोनपुर की चक्की में सोमवार से नया पहिया लगा है।", "इसे 40 लोगों ने तीन साल में बनाया।"),
    "ja": ("緑川町の水車に、月曜日から新しい輪がつきました。", "40人が三年かけて作りました。"),
}


def lines(name):
    return [line.split("|", 1) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(name="told")
def _told(article):
    def make(language, line):
        body = "".join(f"<p>{text}</p>" for text in (*NEWS[language], line))
        pieces, _ = pool(article(body, title="", language=language), language, str)
        return [piece.text for piece in pieces]

    return make


@pytest.mark.parametrize(("language", "line"), lines("furniture.txt"))
def test_a_line_around_the_news_is_no_news(told, language, line):
    assert set(told(language, line)) <= set(told(language, NEWS[language][0])) | set(NEWS[language])


@pytest.mark.parametrize(("language", "line"), lines("news.txt"))
def test_a_sentence_that_looks_like_one_is_news(told, language, line):
    assert any(text in line for text in told(language, line)[2:])


def test_a_long_sentence_that_begins_the_article_is_the_news_wherever_it_points_at_its_end(article):
    said = "You have asked for it, and here it is: “The Wheel”, our film on the mill, can be seen on our website."
    assert [piece.text for piece in pool(article(f"<p>{said}</p><p>It lasts long.</p>"), "en", str)[0]][0] == said
    assert not pool(
        article(
            f"<p>{NEWS['en'][0]}</p>{'<p>The wheel turns well.</p>' * 3}<p>The film can be found on our website.</p>"
        ),
        "en",
        str,
    )[0][4:]
