"""On Facebook: a short article goes whole, and what belongs together stays together."""

from __future__ import annotations

from crosspost.compose import compose
from crosspost.compose.pool import pool

WALK = (
    "<p>Sunday's walk to Harl Point is off, because the path has slipped.</p><p>Cubs: the picnic is NOT called off! It"
    " moves to the hall. Bring a mug.</p><p>We walk again on 14 June, unless it rains. Ask Ines on the day.</p>"
)
SCENE = "<p>The quay of Brannock lay empty for eleven years. Nobody came. Gulls did.</p>"
ASKED = (
    "<h2>Who may row with us?</h2><p>Anyone over twelve who can swim, but not without a form from home.</p>"
    "<h2>Our boats</h2><p>The club has bought two wide boats that hardly tip, so that beginners dare to get in.</p>"
)
LONG = (
    "<p>" + " ".join(f"In harbour number {n} a crew of {n} mends nets for the museum." for n in range(20, 45)) + "</p>"
)


def test_a_short_article_goes_whole_in_its_order_under_a_title_that_tells(article, target, facebook):
    text = compose(article(WALK, "No walk this Sunday"), target(facebook, max=1), facebook).text
    assert text == (
        "No walk this Sunday\n\nSunday's walk to Harl Point is off, because the path has slipped.\n\nCubs: the picnic"
        " is NOT called off! It moves to the hall. Bring a mug.\n\nWe walk again on 14 June, unless it rains. Ask Ines"
        " on the day.\n\n#LastGirlFirst"
    )
    assert "A title" not in compose(article(WALK), target(facebook), facebook).text
    glued = "<p>The walk to the point is long In the rain we take the bus.</p>"
    assert "is long In" not in compose(article(WALK + glued), target(facebook), facebook).text
    assert len(compose(article(WALK + LONG), target(facebook), facebook).text) < 1_300


def test_a_paragraphs_last_words_come_with_the_sentence_before_them(article, target, facebook):
    text = compose(article(SCENE + ASKED), target(facebook), facebook).text
    assert "for eleven years. Nobody came. Gulls did." in text


def test_a_heading_that_asks_stands_with_an_answer_that_needs_it(article, target, facebook, x):
    story = article(SCENE + ASKED + LONG, "Rowing for beginners at Brannock quay")
    text = compose(story, target(facebook), facebook).text
    assert "Who may row with us?\nAnyone over twelve who can swim" in text
    assert "Our boats" not in text
    short = compose(story, target(x), x).text
    assert ("Who may row" in short) == ("Anyone over twelve" in short)


def test_lists_and_few_words_stand_where_the_article_has_them(article, target, facebook):
    told = (
        "<p>From the first of May on two groups meet in the old mill, and beginners may come to both of them.</p>"
        "<p>The mill is dry.</p><p>No stairs lead up to it.</p>"
        "<ul><li>Morning: FULL</li><li>Evening: six seats</li></ul>"
        "<h2>We cannot lend</h2><ul><li>Scores</li><li>Gowns</li></ul><p>Price: 9 €. Free for whoever is out of work.</p>"
    )
    text = compose(article(told, "Choirs: spring in Vell"), target(facebook), facebook).text
    order = ["old mill", "No stairs", "• Morning: FULL", "We cannot lend:\n• Scores", "Price: 9 €. Free for"]
    assert sorted(order, key=text.find) == order and text.find(order[0]) > 0


def test_a_heading_that_is_a_sentence_is_read_and_a_place_alone_begins_no_paragraph(article, target, facebook):
    told = (
        "<p>VELL (ab). More runners than ever came home on Sunday, soaked to the skin.</p><h2>The news that you all wait"
        " for: from May on we shall meet at the old fire station.</h2><p>Nobody need bring a chair to it.</p>"
    )
    text = compose(article(told, "Run of Vell: wet and short"), target(facebook), facebook).text
    order = ["\n\nMore runners than ever", "The news that you all", "Nobody need"]
    assert sorted(order, key=text.find) == order and text.find(order[0]) > 0


def test_a_sentence_that_only_leads_on_comes_with_the_next_or_not_at_all(article, target, facebook):
    leads = "<p>One boat almost stayed at home.</p>".replace("</p>", " {}</p>")
    story = "<p>On Friday 9 May 2027 the regatta of Vell saw 43 boats and 300 guests.</p>{}" + LONG
    for after in (
        "A van had lost it at Harl on a hill, and Ines ran after it.",
        "A van had lost it In the hills by Harl.",
    ):
        text = compose(article(story.format(leads.format(after)), "Regatta"), target(facebook), facebook).text
        assert ("almost stayed" in text) == (after in text)


def test_a_heading_in_a_list_stays_with_what_it_forbids(article, target, facebook, x):
    packed = ("A towel. Ours are small.", "Old shoes.", "Soup in a flask. Hot.", "A hat. It blows.", "A pencil.")
    items = "".join(f"<li>{one}</li>" for one in packed)
    forbidden = (
        "<h3>Please leave at home</h3><p>Knives and anything made of glass: the quay is slippery when it rains.</p>"
    )
    story = article(
        f"<p>This is what the crew asks for.</p><ul>{items}</ul>{forbidden}", "Packing: five things to bring"
    )
    for platform in (facebook, x):
        text = compose(story, target(platform), platform).text
        assert "Please leave at home: Knives" in text or "Knives" not in text
    assert "Please leave at home: Knives" in compose(story, target(facebook), facebook).text


def test_a_label_that_denies_comes_only_where_there_is_room_for_what_it_leaves(article, target, facebook, x):
    story = article(
        "<p>We collect warm things for the crew again.</p><p>What we take: coats and boots that keep the rain out.</p>"
        "<p>What we do not take: shoes, blankets and money, since nobody can store 40 boxes.</p><p>Until 12 May.</p>",
        "Coats for the crew",
    )
    assert "do not take" not in compose(story, target(x), x).text
    assert "What we do not take: shoes" in compose(story, target(facebook), facebook).text


def test_a_pronoun_that_answers_a_question_does_not_go_without_it(article):
    shut = (
        "And the Lodge (km 11)? It stays shut all winter, because on 3 November a spruce fell on its roof and broke it."
    )
    texts = [
        piece.text for piece in pool(article(f"<p>Five huts are open from 20 December.</p><p>{shut}</p>"), "en", str)[0]
    ]
    assert shut in texts and not any(text.startswith("It stays") for text in texts)


def test_a_title_inside_a_sentence_glues_nothing(article, target, x):
    told = "Del 1 al 31 de agosto podés dejar pilas usadas en los 42 puntos de la campaña Ni una pila al río."
    text = compose(article(f"<p>{told}</p>", "Ni una pila al río"), target(x), x).text
    assert told in text


def test_on_x_the_sentence_behind_an_opening_question_may_begin_the_text(article, target, x):
    when = (
        "On Thursday 3 December 2026, from 15:00 to 16:30 (CET), the harbour museum invites you to an online talk with"
        " women who have built and now run boats in four countries."
    )
    more = "<p>Attendance is free: register here to receive the link.</p>"
    story = article(
        f"<p>Who decides what a boat looks like? {when}</p>{more}",
        "Webinar: What a small harbour needs from the state, the county, the port company and its own town",
    )
    assert when in compose(story, target(x), x).text
