"""Which hashtags an article without a usable category gets, in every script."""

from __future__ import annotations

import pytest

from crosspost.compose.hashtags import choose_tags
from crosspost.core.policy import TagRules


@pytest.fixture(name="tags")
def _tags(article):
    def made(title, body, language="en", terms=()):
        story = article(f"<p>{body}</p>", title, terms=terms)
        return [tag.tag for tag in choose_tags(story, TagRules(max=9), language)]

    return made


@pytest.mark.parametrize(
    ("language", "title", "body", "first"),
    [
        ("en", "SOUP LUNCH OFF ON THURSDAY", "There is no soup lunch this week. The hall is cold.", "#SoupLunch"),
        ("en", "Tide line: no calls today", "Nobody is on the phone line. We move house.", "#TideLine"),
        ("en", "What the mill said", "We went to the mill. The Council of Belmore was there.", "#Mill"),
        ("fr", "Réunion reportée", "Le stand du Marché de Noël ouvre. Venez au Marché de Noël !", "#MarchéDeNoël"),
        ("fr", "Merci !", "Le camion prêté par la ville de Saint-Orvin roule. À Saint-Orvin, on rit.", "#SaintOrvin"),
        ("es", "Así fue la Fiesta de los Barcos", "Hubo música y pan para todos.", "#FiestaDeLosBarcos"),
        (
            "pt",
            "Obrigado a todos",
            "A festa na Serra do Pinhal foi bonita. A Serra do Pinhal agradece.",
            "#SerraDoPinhal",
        ),
        (
            "nl",
            "Dank aan iedereen",
            "Het huis van de Stichting Blauwe Vlag is af, zegt Stichting Blauwe Vlag.",
            "#StichtingBlauweVlag",
        ),
        ("de", "Danke!", "Wir haben die Streuobstwiese gemäht. Die Streuobstwiese blüht wieder.", "#Streuobstwiese"),
        (
            "ru",
            "В субботу планетарий закрыт",
            "Касса планетария не работает. Планетарий ждёт вас потом.",
            "#Планетарий",
        ),
        (
            "ar",
            "تأجيل ورشة الفخار اليدوي إلى الشهر المقبل",
            "قررت الجمعية تأجيل ورشة الفخار اليدوي.",
            "#ورشة_الفخار_اليدوي",
        ),
        ("hi", "तालाब की सफ़ाई रविवार को", "गाँव का तालाब गंदा है। तालाब के पास आएँ।", "#तालाब"),
        ("sv", "Simhallen stängd på lördag", "Simhallen är stängd. Vi öppnar simhallen på måndag.", "#Simhallen"),
        ("it", "Sciopero sospeso alla cartiera", "Lo sciopero è sospeso. La cartiera paga.", "#Sciopero"),
        ("en", "Thank you!", "You paid for the lifeboat. The lifeboat is here. We thank Harbour Bakery.", "#Lifeboat"),
        ("ja", "お知らせ", "来週の月曜日、みどり町公民館は休館します。", "#みどり町公民館"),
        ("ja", "臨時休館のお知らせ", "砂浜町立図書館は来週休館します。", "#砂浜町立図書館"),
    ],
)
def test_without_a_usable_term_the_articles_own_words_are_the_hashtag(tags, language, title, body, first):
    assert tags(title, body, language, terms=("News",))[:1] == [first]


def test_a_surname_a_month_and_an_acronym_of_a_format_are_none(tags):
    body = "In March Mr Okell and the mayor met. Okell wrote a PDF; the PDF is long. Okell smiled."
    assert tags("Notes", body) == []


def test_a_line_that_shouts_gives_no_acronym(tags):
    assert tags("Notes", "PLEASE BRING WARM CLOTHES. BRING BREAD AND CLOTHES. Nothing else is true.") == []


def test_a_name_is_not_cut_in_two(tags):
    body = "Le Conseil d’État a parlé. Hier le Conseil d’État a écrit au Conseil d’État."
    assert tags("Une lettre", body, "fr") == ["#ConseilDÉtat"]


def test_a_title_of_respect_is_no_part_of_a_name(tags):
    assert tags("A talk by Dr Hana Prokova", "We heard Dr Hana Prokova. It was good.") == ["#HanaProkova"]


def test_where_the_title_has_a_name_no_single_noun_of_the_text_comes(tags):
    body = "The bakers of the Lantern Walk baked. The bread of the Lantern Walk, the bread is eaten, the bread is gone."
    assert tags("News from the Lantern Walk", body) == ["#LanternWalk"]


def test_the_name_that_a_text_repeats_goes_before_a_single_noun_of_the_title(tags):
    body = "The tower is shut. The house of the Gull Point Museum is open. Come to the Gull Point Museum."
    assert tags("Tower shut, house open", body) == ["#GullPointMuseum"]


def test_what_a_text_names_once_in_passing_is_no_hashtag(tags):
    thanks = "</p><p>It rained, and nobody minded.</p><p>We thank the pupils of Marten Lane School.</p>"
    assert tags("Thank you!", f"You paid for the greenhouse.{thanks}") == ["#Greenhouse"]
    code = f"The draft of a new Station Lift Code is out. The code says little, and so do we of the code.{thanks}"
    assert tags("To the minister", code) == ["#StationLiftCode"]  # and not "#Code"


def test_a_japanese_hashtag_does_not_begin_in_the_middle_of_a_word(tags):
    body = (
        "三年前に数人で始めた会です。</p><p>駅前で毎月おしゃべりサロンを開いています。駅前のおしゃべりサロンへどうぞ。"
    )
    assert tags("お知らせ", body, "ja")[0] == "#おしゃべりサロン"
    assert not any("めた会" in tag for tag in tags("お知らせ", body, "ja"))


def test_a_tag_in_another_script_is_an_editors_word(tags):
    assert tags("गाँव में मेला", "मेला कल है।", "hi", terms=("Village Fair",))[0] == "#VillageFair"


def test_who_is_only_quoted_is_no_hashtag(tags):
    body = "The boats are back on the lake. Everybody came. “It was cold,” says Ada Fernsby. Ada Fernsby laughs."
    assert "#AdaFernsby" not in tags("Back at last", body)
    assert (
        tags("Back at last", "Ada Fernsby has left us. The lake was hers. Ada Fernsby built boats.")[0] == "#AdaFernsby"
    )


def test_a_tag_that_the_campaign_has_all_the_words_of_comes_only_where_there_is_no_other(article):
    story = article("<p>The repair of clocks in Belmore.</p>", terms=("repair", "clocks"))
    rules = TagRules(campaign=("#RepairTheTown",))
    assert [tag.tag for tag in choose_tags(story, rules, "en")] == ["#RepairTheTown", "#Clocks"]
    alone = article("<p>Some repair is due.</p>", terms=("repair",))
    assert [tag.tag for tag in choose_tags(alone, rules, "en")] == ["#RepairTheTown", "#Repair"]


def test_what_an_arabic_number_counts_is_no_hashtag(tags):
    assert "#كتاب" not in tags("الحافلة تحمل ثلاثة آلاف كتاب", "في الحافلة ثلاثة آلاف كتاب. كل كتاب جديد.", "ar")
