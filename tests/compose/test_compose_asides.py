"""What stands beside an article on its page is told by its place and form, and stays out."""

from __future__ import annotations

import pytest

from crosspost.compose.asides import inside
from crosspost.compose.blocks import news_blocks
from crosspost.compose.markup import read
from crosspost.core.entry import BlockKind

NEWS = "<p>The mill has a new wheel since Monday.</p><p>It turns twice as fast as the old one.</p>"
TOLD = ["The mill has a new wheel since Monday.", "It turns twice as fast as the old one."]


@pytest.fixture(name="left")
def _left(article):
    def make(content, language="en", title="A title"):
        return [block.text for block in news_blocks(article(content, title), language)]

    return make


def kinds(html):
    return [(block.kind, block.text) for block in read(html, "https://example.org/").blocks]


@pytest.mark.parametrize(
    "note",
    [
        "<p><em>Ada Moss writes about rivers.</em></p>",
        "<p><em>Ada Moss writes for the <a href='/l'>Ledger</a>.</em></p>",
        "<p><small>The mill belongs to the town.</small></p>",
        "<p class='has-small-font-size'>The mill belongs to the town.</p>",
        "<p style='text-align:right'>The committee of the mill</p>",
        "<hr><p>The mill belongs to the town.</p>",
        "<p>* * *</p><p>The mill belongs to the town.</p>",
        "<p>--<br>Mill Society, Fernsby Lane 2</p>",
        "<p><i>The mill belongs to the town.</i></p><p><a href='/r'>The first report</a></p>",
    ],
)
def test_a_note_at_the_end_in_italics_small_or_below_a_rule_stays_out(left, note):
    assert [text for text in left(NEWS + note) if text != "The first report"] == TOLD


@pytest.mark.parametrize(
    "note",
    [
        "Sign up by 9 May at the mill.",
        "The walk on Sunday is cancelled.",
        "Join us on 9 May at 7 pm.",
    ],
)
def test_a_note_that_says_by_when_or_that_it_is_off_is_news(left, note):
    assert left(f"{NEWS}<p><em>{note}</em></p>") == [*TOLD, note]


def test_italics_at_the_beginning_and_inside_are_the_article(left):
    assert left(f"<p><em>Three years the town waited for this day.</em></p>{NEWS}")[1:] == TOLD
    assert left(f"{NEWS}<p><em>Nobody had hoped for it.</em></p><p>Now it is here for good.</p>")[2:] == [
        "Nobody had hoped for it.",
        "Now it is here for good.",
    ]


def test_an_arabic_text_set_to_the_right_is_the_article():
    said = "عادت الطاحونة إلى العمل يوم الاثنين."
    assert kinds(f"<p style='text-align:right'>{said}</p>") == [(BlockKind.PARAGRAPH, said)]


@pytest.mark.parametrize(
    "picture",
    [
        "<p><img src='https://example.org/a.jpg'></p><p><em>Ada Moss at the new wheel.</em></p>",
        "<p><img src='https://example.org/a.jpg'><br><em>Ada Moss at the new wheel.</em></p>",
        "<p><img src='https://example.org/a.jpg'><br>Ada Moss at the new wheel</p>",
    ],
)
def test_what_stands_under_a_picture_is_its_caption(picture):
    assert [text for _, text in kinds(picture + NEWS)] == TOLD


def test_a_sentence_after_a_picture_is_none():
    html = "<p><img src='https://example.org/a.jpg'> The mill has a new wheel since Monday.</p>"
    assert kinds(html) == [(BlockKind.PARAGRAPH, TOLD[0])]


def test_a_table_of_contents_names_headings_that_come(left):
    parts = "<h3>1. The wheel</h3><p>It turns.</p><h3>2. The town</h3><p>It paid.</p>"
    assert "The wheel" not in left(f"<ul><li>The wheel</li><li>The town</li></ul>{parts}")
    assert left(f"<p>The wheel<br>The town</p>{parts}")[0] == "1. The wheel"


@pytest.mark.parametrize(
    ("language", "head"),
    [
        ("en", "Contact"),
        ("en", "How to get there"),
        ("en", "Related stories"),
        ("en", "About the author"),
        ("en", "Acknowledgements"),
        ("fr", "Contact presse"),
        ("fr", "Pour aller plus loin"),
        ("fr", "Venir au moulin".replace("au moulin", "").strip()),
        ("es", "Cómo llegar"),
        ("es", "Te puede interesar"),
        ("de", "Anfahrt"),
        ("de", "Ähnliche Beiträge"),
        ("pt", "Como chegar"),
        ("pt", "Leia também"),
        ("it", "Come arrivare"),
        ("it", "Articoli correlati"),
        ("nl", "Gerelateerde artikelen"),
        ("nl", "Openingstijden"),
        ("sv", "Hitta hit"),
        ("sv", "Relaterade artiklar"),
        ("ru", "Как добраться"),
        ("ru", "Читайте также"),
        ("ar", "اقرأ أيضا"),
        ("ar", "مواعيد العمل"),
        ("hi", "यह भी पढ़ें"),
        ("hi", "संपर्क"),
        ("ja", "アクセス"),
        ("ja", "関連記事"),
        ("ja", "お問い合わせ"),
    ],
)
def test_a_section_that_is_no_part_of_the_article_stays_out_up_to_the_next_heading(left, language, head):
    told = left(f"{NEWS}<h3>{head}</h3><p>Bus 6 stops at the gate.</p><h3>Why now</h3><p>It was time.</p>", language)
    assert told == [*TOLD, "Why now", "It was time."]


def test_a_section_that_the_title_speaks_of_is_the_news(left):
    content = f"{NEWS}<h3>Opening hours</h3><p>The mill opens at nine.</p>"
    assert left(content, title="New opening hours at the mill")[-1] == "The mill opens at nine."


@pytest.mark.parametrize(
    ("language", "who"),
    [
        ("en", "The Mill Society is a charity that looks after seven mills. It has 300 members."),
        ("en", "Fernsby Moss was founded in 1990 by millers."),
        ("fr", "Le Moulin vert est une association d’habitants du quartier."),
        ("fr", "Créée en 1990, la Société des moulins compte 300 membres."),
        ("de", "Der Mühlenbund ist ein gemeinnütziger Verein mit 300 Mitgliedern."),
        (
            "de",
            "Die Mühlenfreunde setzen sich seit 1990 für alte Mühlen ein. Wir sind ein kleiner Verein.".split(". ")[1],
        ),
        ("es", "Molinos Vivos es una asociación vecinal sin ánimo de lucro."),
        ("pt", "O Moinho Vivo é uma associação de moradores."),
        ("it", "Mulini Vivi è un’associazione di volontari."),
        ("nl", "Molenvrienden is een vereniging van vrijwilligers."),
        ("sv", "Kvarnvännerna är en ideell förening med 300 medlemmar."),
        ("ru", "«Живая мельница» — некоммерческая организация жителей."),
        ("ar", "«الطاحونة» هي جمعية أهلية تعمل في القرى."),
        ("hi", "चक्की मंडल एक गैर-सरकारी संस्था है।"),
        ("ja", "水車の会は、古い水車を守る市民団体です。"),
    ],
)
def test_what_an_organisation_says_of_itself_at_the_end_stays_out(left, language, who):
    assert left(f"{NEWS}<p>{who}</p>", language) == TOLD
    assert left(f"<p>{who}</p>{NEWS}", language)[0] == who


@pytest.mark.parametrize(
    ("language", "who"),
    [
        ("en", "Cleo Fernsby is a journalist and lives in Lyon."),
        ("fr", "Cleo Fernsby est journaliste et vit à Lyon."),
        ("de", "Cleo Fernsby ist freie Journalistin und lebt in Lyon."),
        ("es", "Cleo Fernsby es periodista y vive en Lyon."),
        ("ru", "Клео Фернсби — журналистка из Лиона."),
    ],
)
def test_who_wrote_it_is_no_news_but_whom_it_is_about_is(left, language, who):
    assert left(f"{NEWS}<p>{who}</p>", language) == TOLD
    family = who.split()[1]
    about = (
        f"<p>On Monday {family} put in the last of the forty-eight paddles of the wheel herself, as she had said.</p>"
    )
    assert left(f"{NEWS}{about}<p>{who}</p>", language)[-1] == who


def test_where_nothing_would_be_left_all_stays(article):
    made = article("<h3>Contact</h3><p>We answer on Mondays.</p>")
    assert [block.text for block in inside(made.blocks, made.title, "en")] == ["Contact", "We answer on Mondays."]
