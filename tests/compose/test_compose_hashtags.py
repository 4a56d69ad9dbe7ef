"""Which hashtags a post gets, and how a term becomes one."""

from __future__ import annotations

import pytest

from crosspost.compose.hashtags import choose_tags, hashtag
from crosspost.core.policy import TagRules

CAMPAIGN = ("#LastGirlFirst",)


def tags(article, rules, language="en"):
    return [(tag.tag, tag.source) for tag in choose_tags(article, rules, language)]


@pytest.mark.parametrize(
    ("term", "tag"),
    [
        ("low-emission zone", "#LowEmissionZone"),
        ("violences sexuelles", "#ViolencesSexuelles"),
        ("CEDAW", "#CEDAW"),
        ("UN Women", "#UNWomen"),
        ("égalité femmes-hommes", "#ÉgalitéFemmesHommes"),
        ("droits de l’enfant", "#DroitsDeLEnfant"),
        ("حقوق الإنسان", "#حقوق_الإنسان"),
        ("मानव अधिकार", "#मानव_अधिकार"),
        ("人権", "#人権"),
        ("права человека", "#ПраваЧеловека"),
        ("iPhone", "#IPhone"),
        ("8 mars", "#8Mars"),
        ("2026", ""),
        ("!!!", ""),
        ("x", ""),
        ("a term that is far too long to be read by anybody", ""),
    ],
)
def test_a_term_becomes_a_hashtag_in_any_script(term, tag):
    assert hashtag(term) == tag


def test_the_campaign_comes_first_and_is_never_cut_by_the_maximum(article):
    story = article("<p>Belmore has a court.</p>", terms=["Belmore"])
    rules = TagRules(campaign=("#One", "#Two", "#Three"), max=2)
    assert [tag for tag, _ in tags(story, rules)] == ["#One", "#Two", "#Three"]


def test_the_map_goes_before_terms_and_finds_phrases_in_the_text(article):
    story = article("<p>The United Nations met in Geneva.</p>", terms=["Geneva"])
    rules = TagRules(campaign=CAMPAIGN, max=3, map={"United Nations": "#UN", "Nation": "#No"})
    assert tags(story, rules) == [
        ("#LastGirlFirst", "campaign"),
        ("#UN", "map:United Nations"),
        ("#Geneva", "term:Geneva"),
    ]


def test_a_mapped_term_does_not_come_twice(article):
    story = article("<p>Text.</p>", terms=["United Nations"])
    rules = TagRules(campaign=CAMPAIGN, max=5, map={"united nations": "#UN"})
    assert [tag for tag, _ in tags(story, rules)] == ["#LastGirlFirst", "#UN"]


@pytest.mark.parametrize(
    "term", ["News", "Uncategorized", "Non classé", "Actualités", "Aktuelles", "Noticias", "Press releases", "أخبار"]
)
def test_a_sites_own_drawers_are_no_hashtags_in_any_language(article, term):
    story = article("<p>News aktuelles noticias.</p>", terms=[term])
    assert len(tags(story, TagRules(campaign=CAMPAIGN))) == 1


def test_the_settings_may_ignore_more(article):
    story = article("<p>In Belmore.</p>", terms=["Belmore"])
    assert len(tags(story, TagRules(campaign=CAMPAIGN, ignore=("BELMORE",)))) == 1


def test_terms_that_the_article_speaks_of_go_before_others(article):
    story = article(
        "<p>The court met in Belmore.</p>", "A title", terms=["Other", "court", "Belmore", "low-emission zone"]
    )
    assert [tag for tag, _ in tags(story, TagRules(campaign=CAMPAIGN, max=5))] == [
        "#LastGirlFirst",
        "#Belmore",
        "#Court",
        "#LowEmissionZone",
    ]


def test_an_article_that_speaks_of_none_gets_the_terms_all_the_same(article):
    story = article("<p>Something else.</p>", terms=["Belmore"])
    assert tags(story, TagRules(campaign=CAMPAIGN))[1] == ("#Belmore", "term:Belmore")


def test_case_and_accents_make_no_second_tag(article):
    story = article("<p>Egalité, égalité, EGALITE.</p>", terms=["égalité", "Egalité", "EGALITE"])
    assert len(tags(story, TagRules(campaign=(), max=5))) == 1


def test_a_language_has_rules_of_its_own(article):
    story = article("<p>Il pleut.</p>", terms=[])
    rules = TagRules(campaign=CAMPAIGN, languages={"fr": TagRules(campaign=("#LaDerniereDAbord",))})
    assert [tag for tag, _ in tags(story, rules, "fr")] == ["#LaDerniereDAbord"]


def test_an_arabic_phrase_is_found_behind_its_prefix(article):
    story = article("<p>اجتمعت الدول والأمم المتحدة اليوم.</p>", terms=[])
    rules = TagRules(campaign=(), map={"الأمم المتحدة": "#UN"})
    assert tags(story, rules, "ar") == [("#UN", "map:الأمم المتحدة")]


def test_a_plural_is_found_in_the_singular_and_the_other_way_round(article):
    story = article("<p>A canal of Vikings.</p>", terms=["Other", "canals", "Viking"])
    assert [tag for tag, _ in tags(story, TagRules(campaign=(), max=5))] == ["#Viking", "#Canals"]


def test_a_category_of_news_is_no_hashtag_in_two_words_either(article):
    story = article("<p>The band played its news all day.</p>", terms=("Band news", "Brass"))
    assert [tag.tag for tag in choose_tags(story, TagRules(), "en")] == ["#Brass"]


def test_two_letters_are_a_hashtag_only_as_an_acronym():
    assert hashtag("UN") == "#UN"
    assert hashtag("Lã") == ""


@pytest.mark.parametrize("term", ["Workshops", "Offres d’emploi", "Entrevistas", "Nachrufe", "Traduções", "Вакансии"])
def test_the_name_of_a_sort_of_post_is_no_hashtag(article, term):
    story = article(f"<p>The river is clean. {term} are here.</p>", terms=(term,))
    assert choose_tags(story, TagRules(), "en") == ()


def test_without_a_usable_term_the_titles_names_do(article):
    body = "<p>UNESCO and Nuala Fernsby spoke of the marsh.</p>"
    story = article(body, "Maps for UNESCO by Nuala Fernsby", terms=("News",))
    assert [tag.tag for tag in choose_tags(story, TagRules(), "en")] == ["#UNESCO", "#NualaFernsby"]
    shouted = article(body, "MAPS FOR UNESCO", terms=("News",))
    assert [tag.tag for tag in choose_tags(shouted, TagRules(), "en")] == ["#NualaFernsby"]  # from the text
    library = article("<p>The Library of Things is closed.</p>", "The Library of Things will be closed on Friday")
    assert [tag.tag for tag in choose_tags(library, TagRules(), "en")] == ["#LibraryOfThings"]


def test_in_german_a_noun_of_the_title_is_a_tag_where_there_is_nothing_else(article):
    story = article("<p>Die Suppenküche öffnet am Montag.</p>", "Neue Suppenküche am Markt", terms=("Aktuelles",))
    assert [tag.tag for tag in choose_tags(story, TagRules(), "de")] == ["#Suppenküche"]


@pytest.mark.parametrize("term", ["お知らせ", "समाचार", "Aktualności", "Haberler", "Nyheter", "新闻", "Новини"])
def test_the_names_of_a_news_section_are_no_hashtags_in_many_languages(article, term):
    assert choose_tags(article("<p>x</p>", terms=(term,)), TagRules(), "") == ()


def test_a_plural_with_a_capital_that_the_text_does_not_have_is_a_drawer(article):
    story = article("<p>Our next outing leads to Belmore, with a ranger.</p>", terms=("Outings", "Belmore", "rangers"))
    assert [tag.tag for tag in choose_tags(story, TagRules(max=5), "en")] == ["#Belmore", "#Rangers"]


def test_a_word_with_a_capital_that_the_text_does_not_give_it_comes_after_the_others(article):
    story = article("<p>Our boathouse in Belmore has a ranger.</p>", terms=("Boathouse", "Belmore", "ranger"))
    assert [tag.tag for tag in choose_tags(story, TagRules(max=5), "en")] == ["#Belmore", "#Ranger", "#Boathouse"]
    city = article("<p>Lyon is far, Lyon is big.</p>", terms=("big", "Lyon"))
    assert [tag.tag for tag in choose_tags(city, TagRules(), "en")][0] == "#Lyon"


def test_a_term_that_the_campaign_has_already_leaves_its_place_to_another(article):
    story = article("<p>The toy museum is closed.</p>", terms=("toy museum", "Belmore"))
    assert [tag for tag, _ in tags(story, TagRules(campaign=("#ToyMuseum",)))] == ["#ToyMuseum", "#Belmore"]


@pytest.mark.parametrize(
    ("language", "text", "term", "tag"),
    [
        ("ru", "Выставка открыта в Верхнем Логе и для жителей Заозёрска.", "Заозёрск", "#Заозёрск"),
        ("ru", "Об истории музея игрушек.", "музей игрушки", "#МузейИгрушки"),
        ("uk", "Новий міст у Калинівці.", "Калинівка", "#Калинівка"),
        ("el", "Στη συνέλευση της Νεάπολης.", "Νεάπολη", "#Νεάπολη"),
    ],
)
def test_a_word_is_known_in_another_case(article, language, text, term, tag):
    story = article(f"<p>{text}</p>", terms=("Иное", term))
    assert [one.tag for one in choose_tags(story, TagRules(), language)] == [tag]


@pytest.mark.parametrize(
    "term",
    [
        "Vie du club",
        "Projects 2026",
        "Jobs & news",
        "Aktuelles aus dem Verein",
        "Noticias de la parroquia",
        "März 2026",
    ],
)
def test_a_term_of_general_words_alone_is_a_drawer(article, term):
    assert choose_tags(article(f"<p>{term}</p>", term, terms=(term,)), TagRules(), "en") == ()


@pytest.mark.parametrize("term", ["Museum", "school library", "press freedom", "Film club for women"])
def test_a_word_of_the_site_about_itself_is_a_hashtag_all_the_same(article, term):
    assert choose_tags(article(f"<p>The {term} is here.</p>", terms=(term,)), TagRules(), "en")


def test_a_tag_that_somebody_typed_in_small_letters_may_come_though_the_text_does_not_say_it(article):
    story = article("<p>The mill in Belmore.</p>", terms=("Our Corner", "Belmore", "river protection"))
    assert [tag.tag for tag in choose_tags(story, TagRules(), "en")] == ["#Belmore", "#RiverProtection"]


def test_a_term_that_another_says_with_more_words_comes_last(article):
    story = article("<p>The repair café mends pots. Repair is fun.</p>", terms=("repair", "repair café", "pots"))
    assert [tag.tag for tag in choose_tags(story, TagRules(max=9), "en")] == ["#RepairCafé", "#Pots", "#Repair"]


def test_singular_and_plural_are_one_hashtag(article):
    story = article("<p>Canal and canals.</p>", terms=("canal", "canals"))
    assert len(choose_tags(story, TagRules(), "en")) == 1
    assert len(choose_tags(story, TagRules(campaign=("#Canals",)), "en")) == 1


@pytest.mark.parametrize(
    "term",
    [
        *("Our team", "Match reports", "Long reads", "Policy briefs", "Toolkits", "From the field", "Branch news"),
        *("Notre équipe", "Sorties", "Tournois", "Revue de presse", "Le mot du président", "Vie paroissiale", "Fiches"),
        *("Torneos", "Excursiones", "Quiénes somos", "Buenas prácticas", "Cartas al director", "Tribuna"),
        *("Passeios", "Quem somos", "Palestras", "Na imprensa", "Torneios", "Editais"),
        *("Über uns", "Ausflüge", "Spielberichte", "Aus der Gemeinde", "Pressespiegel", "Vorträge"),
        *("Gite", "Chi siamo", "Rassegna stampa", "Wedstrijden", "Over ons", "Utflykter", "Om oss"),
        *("Команда", "Экскурсии", "СМИ о нас", "من نحن", "رحلات", "कार्यशाला", "活動日誌", "事務局だより"),
    ],
)
def test_the_drawers_of_clubs_museums_parishes_and_unions_are_no_hashtags(article, term):
    assert choose_tags(article(f"<p>{term}.</p>", term, terms=(term,)), TagRules(), "en") == ()
