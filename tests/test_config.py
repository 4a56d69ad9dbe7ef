"""Settings: what is read, what is refused, and that no message ever repeats a secret."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.config import assume, load
from crosspost.core.policy import Alerts, Feed, Policy, Quiet
from crosspost.core.post import Profile
from crosspost.core.secret import Secret
from crosspost.errors import SettingsError
from crosspost.platforms.base import Credential, Option, Platform


def _profile(name: str, title: str, limit: int, most: int = 0) -> Profile:
    frame = "{summary}\n{link}"
    return Profile(name, title, limit, limit, len, lambda text: (), True, frame, most=most)


def _never(*_: object) -> object:
    raise AssertionError("settings open no account")


X = Platform(
    "x",
    _profile("x", "X", 280, 25_000),
    "https://api.x.com",
    ("api.x.com",),
    tuple(map(Credential, ("API_KEY", "API_KEY_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"))),
    _never,
    prices={"x_post": 15_000, "x_post_with_link": 200_000},
    budgeted=True,
)
FACEBOOK = Platform(
    "facebook",
    _profile("facebook", "Facebook", 63206),
    "https://graph.facebook.com",
    ("graph.facebook.com",),
    (Credential("PAGE_ID"), Credential("PAGE_ACCESS_TOKEN"), Credential("APP_SECRET", required=False)),
    _never,
    options=(Option("graph_version", "v26.0", r"v[0-9]+\.[0-9]+", "The Graph API's version."),),
)
PLATFORMS = {"x": X, "facebook": FACEBOOK}

LEAST = """
timezone = "Europe/Paris"
[[feeds]]
url = "https://example.org/feed/"
[[targets]]
platform = "x"
"""
BOTH = LEAST + '[[targets]]\nplatform = "facebook"\n'
X_KEYS = {
    "X_API_KEY": "k" * 25,
    "X_API_KEY_SECRET": "s" * 50,
    "X_ACCESS_TOKEN": "123-abc",
    "X_ACCESS_TOKEN_SECRET": "t" * 45,
}


def _no_file(path: str) -> str:
    raise FileNotFoundError(path)


def read(text, env=None, **more):
    more = {"read_file": _no_file, "source": "crosspost.toml", **more}
    return load(text, env or {}, PLATFORMS, **more)


def mistakes(text, env=None, **more) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(text, env, **more)
    assert caught.value.code == "settings"
    return caught.value.message.splitlines()


def one_mistake(text, env=None, **more) -> str:
    lines = mistakes(text, env, **more)
    assert len(lines) == 1, lines
    return lines[0]


# what is read


def test_the_least_file_gives_every_default_that_the_values_state():
    made = read(LEAST).settings
    assert made.feeds == (Feed("site", "https://example.org/feed/"),)
    (target,) = made.targets
    assert (target.name, target.credentials, target.limit, target.api_url) == ("x", "X", 280, "https://api.x.com")
    assert target.policy == Policy()
    assert made.alerts == Alerts()
    assert made.ledger_url == "sqlite:///crosspost.db"
    assert str(made.zone) == "Europe/Paris"
    assert target.prices == {"x_post": 15_000, "x_post_with_link": 200_000}
    assert target.budget is None


def test_every_policy_key_is_read():
    policy = """
[policy]
settle = "90s"
max_age = "3d"
flood = 9
max_per_run = 2
spacing = "6h"
quiet = "22:00-07:00"
look = true
check_link = true
hold = ["embargo"]
approval = true
"""
    (target,) = read(LEAST + policy).settings.targets
    assert target.policy == Policy(
        settle=timedelta(seconds=90),
        max_age=timedelta(days=3),
        flood=9,
        max_per_run=2,
        spacing=timedelta(hours=6),
        quiet=Quiet(time(22), time(7)),
        look=True,
        check_link=True,
        hold=("embargo",),
        approval=True,
    )


def test_a_targets_own_keys_override_the_general_ones_and_only_those():
    text = BOTH + '[targets.policy]\nsettle = "1h"\n[policy]\nsettle = "5m"\nmax_per_run = 1\n'
    x, facebook = read(text).settings.targets
    assert (x.policy.settle, facebook.policy.settle) == (timedelta(minutes=5), timedelta(hours=1))
    assert (x.policy.max_per_run, facebook.policy.max_per_run) == (1, 1)


def test_copy_goes_from_general_over_platform_to_target():
    text = (
        BOTH
        + """
[targets.copy]
excerpt = false
[copy]
template = "{title}\\n{link}"
utm = { source = "any" }
[copy.facebook]
template = "{summary}"
utm = { source = "facebook" }
"""
    )
    x, facebook = read(text).settings.targets
    assert (x.copy.template, x.copy.excerpt, x.copy.utm) == ("{title}\n{link}", True, {"source": "any"})
    assert (facebook.copy.template, facebook.copy.excerpt) == ("{summary}", False)
    assert facebook.copy.utm == {"source": "facebook"}


def test_a_languages_hashtags_replace_lists_and_add_to_the_map():
    text = (
        LEAST
        + """
[hashtags]
campaign = ["#LastGirlFirst"]
[hashtags.map]
"United Nations" = "#UN"
[hashtags.fr]
max = 2
[hashtags.fr.map]
"Nations unies" = "#ONU"
"""
    )
    (target,) = read(text).settings.targets
    french = target.tags.for_language("fr")
    assert french.campaign == ("#LastGirlFirst",)
    assert french.max == 2
    assert french.map == {"United Nations": "#UN", "Nations unies": "#ONU"}
    assert target.tags.for_language("de").map == {"United Nations": "#UN"}


@pytest.mark.parametrize(("written", "micro"), [("10.00", 10_000_000), ("3", 3_000_000), ("0", 0), ("0.29", 290_000)])
def test_the_budget_is_micro_dollars_of_accounts_that_cost_something(written, micro):
    x, facebook = read(f"{BOTH}[money]\nbudget = {written}\n").settings.targets
    assert (x.budget, facebook.budget) == (micro, None)


def test_prices_override_the_platforms_own_and_leave_the_others():
    x, facebook = read(BOTH + "[money.prices]\nx_post = 0.02\n").settings.targets
    assert x.prices == {"x_post": 20_000, "x_post_with_link": 200_000}
    assert facebook.prices == {}


def test_an_account_may_have_a_longer_limit_up_to_the_most_that_its_platform_takes():
    assert read(LEAST + "limit = 25_000\n").settings.targets[0].limit == 25_000
    assert read(LEAST + "limit = 100\n").settings.targets[0].limit == 100
    line = one_mistake(LEAST + "limit = 25_001\n")
    assert '[[targets]] "x" limit: found 25001; expected at most 25000' in line
    line = one_mistake(BOTH + "limit = 63_207\n")
    assert '[[targets]] "facebook" limit: found 63207; expected at most 63206' in line


def test_a_platforms_own_key_is_read_and_has_its_default():
    assert read(BOTH).settings.targets[1].options == {"graph_version": "v26.0"}
    assert read(BOTH + 'graph_version = "v27.0"\n').settings.targets[1].options == {"graph_version": "v27.0"}


def test_a_byte_order_mark_before_the_file_is_no_mistake():
    assert read("\ufeff" + LEAST).settings.feeds


def test_how_many_older_pages_are_read_can_be_set():
    assert read(LEAST).settings.max_pages == 10
    assert read(LEAST + "[fetch]\nmax_pages = 0\n").settings.max_pages == 0
    assert "[fetch] max_pages: found 101; expected at most 100" in one_mistake(LEAST + "[fetch]\nmax_pages = 101\n")


def test_private_hosts_come_from_the_file_and_from_the_environment():
    text = LEAST + '[fetch]\nallow_private = ["127.0.0.1"]\n'
    made = read(text, {"CROSSPOST_ALLOW_PRIVATE": "10.0.0.0/8, intranet, 127.0.0.1"})
    assert made.settings.allow_private == ("127.0.0.1", "10.0.0.0/8", "intranet")


def test_the_environment_names_another_ledger_and_another_api():
    env = {"CROSSPOST_LEDGER_URL": "sqlite:///other.db", "CROSSPOST_X_API_URL": "http://127.0.0.1:8080/"}
    made = read(LEAST, env).settings
    assert made.ledger_url == "sqlite:///other.db"
    assert made.targets[0].api_url == "http://127.0.0.1:8080"


def test_an_address_may_stand_in_a_variable():
    text = LEAST.replace('"https://example.org/feed/"', '"env:CROSSPOST_FEED"')
    assert read(text, {"CROSSPOST_FEED": "https://example.org/x"}).settings.feeds[0].url == "https://example.org/x"
    line = one_mistake(text)
    assert "[[feeds]] number 1 url" in line
    assert "the variable CROSSPOST_FEED to be set" in line


def test_without_a_file_every_platform_and_the_given_feeds_are_assumed():
    feed = Feed("stdin", "-")
    loaded = assume((feed,), PLATFORMS, campaign=["#LastGirlFirst"])
    made = loaded.settings
    assert made.feeds == (feed,)
    assert [target.name for target in made.targets] == ["x", "facebook"]
    assert made.targets[0].tags.campaign == ("#LastGirlFirst",)
    assert loaded.missing["facebook"] == ("FACEBOOK_PAGE_ID", "FACEBOOK_PAGE_ACCESS_TOKEN")
    with pytest.raises(SettingsError, match='command line: .*here "#LastGirlFirst"'):
        assume((feed,), PLATFORMS, campaign=["LastGirlFirst"])


# what is refused


def test_all_mistakes_are_told_at_once_each_with_file_key_found_and_expected():
    text = """
timezone = "Europe/Pariss"
[[feeds]]
url = "https://example.org/feed/"
hosts = ["https://other.org/"]
[[targets]]
platform = "x"
limit = "long"
[policy]
settle = 600
sttle = "10m"
"""
    lines = mistakes(text, {"CROSSPOST_LEDGER_URL": "mysql://h/db"})
    assert all(": found " in line and "; expected " in line for line in lines)
    assert [line.split(": found")[0] for line in lines] == [
        "crosspost.toml: timezone",
        "crosspost.toml: [[feeds]] number 1 hosts, number 1",
        "crosspost.toml: [policy] settle",
        "crosspost.toml: [policy] sttle",
        'crosspost.toml: [[targets]] "x" limit',
        "environment: CROSSPOST_LEDGER_URL",
    ]


@pytest.mark.parametrize(("kind", "text"), [("targets", BOTH), ("feeds", LEAST)])
def test_a_target_or_feed_headed_by_its_name_is_told_the_right_heading(kind, text):
    lines = mistakes(text.replace(f"[[{kind}]]", f"[{kind}.own]", 1).split(f"[[{kind}]]")[0])
    assert f"crosspost.toml: [[{kind}]]: found a table; expected a heading [[{kind}]] for each one" in lines[0]


def test_an_unknown_key_names_the_nearest_one():
    assert 'did you mean "max_per_run"?' in one_mistake(LEAST + "[policy]\nmax_per_runs = 3\n")
    assert 'did you mean "graph_version"?' in one_mistake(BOTH + 'graph_versoin = "v26.0"\n')
    assert 'did you mean "facebook"?' in one_mistake(LEAST + '[copy.facebok]\ntemplate = "{summary}"\n')
    assert 'did you mean "campaign"?' in one_mistake(LEAST + '[hashtags.fr]\ncampaing = ["#a"]\n')


@pytest.mark.parametrize(
    "part",
    [
        '[alerts]\nnotify = ["env:X"]',
        '[alerts]\nheartbeat = "env:X"',
        "[alerts]\nannounce = true",
        '[copy]\nimage = "attach"',
        '[ledger]\nsite = "a"',
        '[hashtags]\nlanguages = "fr"',
    ],
)
def test_a_setting_whose_part_is_not_built_is_unknown(part):
    assert "unknown key" in one_mistake(f"{LEAST}{part}\n")


@pytest.mark.parametrize("name", ["utm_source", '"Böse Quelle"', '""'])
def test_a_parameter_of_the_link_is_named_without_utm(name):
    line = one_mistake(f'{LEAST}[copy.x]\nutm = {{ {name} = "x", medium = "social" }}\n')
    assert "[copy.x.utm] " in line
    assert 'expected names without "utm_", such as source, medium or campaign' in line


@pytest.mark.parametrize("wrong", ['"10"', "true", "-0.01", "inf", "nan", "1e7", "[1]", "1" + "0" * 400])
def test_money_is_a_number_of_dollars(wrong):
    line = one_mistake(f"{LEAST}[money]\nbudget = {wrong}\n")
    assert "[money] budget: found" in line
    assert "an amount of US dollars as a number, such as 10.00" in line
    assert "such as 10.00" in one_mistake(f"{LEAST}[money.prices]\nx_post = {wrong}\n")


def test_a_price_that_no_platform_knows_names_the_nearest():
    line = one_mistake(LEAST + "[money.prices]\nx_post_with_links = 0.2\n")
    assert "[money.prices] x_post_with_links: found an unknown key" in line
    assert 'did you mean "x_post_with_link"?' in line


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("LastGirlFirst", '"#LastGirlFirst"'),
        ("#Last Girl First", '"#LastGirlFirst"'),
        ("#last-girl-first", '"#LastGirlFirst"'),
        ("##Tag", '"#Tag"'),
    ],
)
def test_a_tag_in_the_wrong_form_is_shown_in_the_right_one(wrong, right):
    assert f"here {right}" in one_mistake(f'{LEAST}[hashtags]\ncampaign = ["{wrong}"]\n')


@pytest.mark.parametrize("wrong", ["", "#", "#2024", "#!"])
def test_a_tag_that_no_platform_would_link_is_refused(wrong):
    assert 'expected a hashtag: "#" and one word' in one_mistake(f'{LEAST}[hashtags]\ncampaign = ["{wrong}"]\n')


@pytest.mark.parametrize("tag", ["#LastGirlFirst", "#ÉtéÀParis", "#लड़की", "#فتاة", "#少女", "#a_1"])
def test_tags_of_any_script_are_read(tag):
    made = read(f'{LEAST}[hashtags]\ncampaign = ["{tag}"]\n')
    assert made.settings.targets[0].tags.campaign == (tag,)


def test_more_campaign_tags_than_fit_are_a_mistake_here_and_not_a_cut_there():
    line = one_mistake(LEAST + '[hashtags]\ncampaign = ["#a", "#b", "#c"]\nmax = 2\n')
    assert "[hashtags] campaign: found 3 tags; expected at most 2" in line
    line = one_mistake(LEAST + '[targets.hashtags]\nmax = 0\n[hashtags]\ncampaign = ["#a"]\n')
    assert '[[targets]] "x" hashtags.campaign' in line


def test_the_template_is_judged_by_the_composer_with_every_languages_campaign():
    seen = []

    def check(template, profile, campaign):
        seen.append((template, profile.limit, campaign))
        return "there is no {titel}" if "{titel}" in template else None

    text = LEAST + 'limit = 500\n[hashtags]\ncampaign = ["#a"]\n[hashtags.fr]\ncampaign = ["#b"]\n'
    read(text, check_template=check)
    assert seen == [("{summary}\n{link}", 500, ("#a",)), ("{summary}\n{link}", 500, ("#b",))]
    line = one_mistake(LEAST + '[copy.x]\ntemplate = "{titel}"\n', check_template=check)
    assert line.startswith('crosspost.toml: [copy.x] template: found "{titel}"')
    assert 'a template that works on target "x": there is no {titel}' in line
    assert "there is no {titel}" in line


@pytest.mark.parametrize("wrong", ["7", "1w", "-1m", "1.5h", "10 m", ""])
def test_a_duration_has_a_number_and_a_unit(wrong):
    assert '"10m"' in one_mistake(f'{LEAST}[policy]\nsettle = "{wrong}"\n')


@pytest.mark.parametrize("wrong", ["25:00-07:00", "22:00", "22:00-22:00", "10pm-7am"])
def test_quiet_hours_are_two_times_of_day(wrong):
    assert '"22:00-07:00"' in one_mistake(f'{LEAST}[policy]\nquiet = "{wrong}"\n')


@pytest.mark.parametrize(
    ("wrong", "right"), [("Paris", "Europe/Paris"), ("europe/pariss", "Europe/Paris"), ("Europe", "")]
)
def test_a_time_zone_that_does_not_exist_brings_a_near_one(wrong, right):
    assert right in one_mistake(LEAST.replace("Europe/Paris", wrong))


def test_a_broken_pattern_names_the_place():
    assert "broken at character 3" in one_mistake(LEAST + '[policy]\nhold = ["ab(c"]\n')


def test_two_feeds_or_two_targets_of_one_name_are_mistakes():
    text = LEAST + '[[feeds]]\nurl = "https://example.org/b/"\n'
    assert "a name that no other feed has" in one_mistake(text)
    text = LEAST + '[[targets]]\nplatform = "facebook"\nname = "x"\n'
    assert "a name that no other target has" in one_mistake(text)


def test_a_mistaken_name_is_not_told_as_a_repeated_one_too():
    text = LEAST.replace("[[targets]]", 'name = "A B"\n[[feeds]]\nurl = "https://example.org/b/"\n[[targets]]')
    assert '"A B"' in one_mistake(text)


def test_two_targets_on_one_account_are_a_mistake():
    text = LEAST + '[[targets]]\nplatform = "x"\nname = "x2"\n'
    assert 'those of target "x"' in one_mistake(text)
    text += 'credentials = "X2"\n'
    assert len(read(text).settings.targets) == 2
    twice = X_KEYS | {name.replace("X_", "X2_", 1): key for name, key in X_KEYS.items()}
    assert "the keys of X_… once more" in one_mistake(text, twice)


@pytest.mark.parametrize(
    "url",
    ["http://api.x.com", "https://evil.example.org", "https://api.x.com.example.org", "https://127.0.0.1.example.org"],
)
def test_an_api_elsewhere_than_the_platforms_own_host_is_refused(url):
    assert '[[targets]] "x" api_url' in one_mistake(f'{LEAST}api_url = "{url}"\n')
    assert "CROSSPOST_X_API_URL" in one_mistake(LEAST, {"CROSSPOST_X_API_URL": url})


def test_an_api_elsewhere_is_allowed_by_name():
    text = LEAST + 'api_url = "http://sandbox.example.org:8080"\n'
    assert "--allow-api-host sandbox.example.org" in one_mistake(text)
    made = read(text, allow_api_hosts=["sandbox.example.org"])
    assert made.settings.targets[0].api_url == "http://sandbox.example.org:8080"


def test_an_api_address_is_an_origin_alone():
    assert "without path" in one_mistake(LEAST + 'api_url = "https://api.x.com/2/tweets"\n')


def test_a_file_that_is_not_toml_names_the_line_and_nothing_that_stands_there():
    line = one_mistake('timezone = "Europe/Paris"\ntoken = Zk83kd02kd82kdk20kdk2 x\n')
    assert "line 2" in line
    assert "Zk83" not in line


def test_things_of_the_wrong_kind_are_told_where_they_are():
    lines = mistakes('timezone = "Europe/Paris"\nfeeds = 3\nhashtags = "x"\ntargets = [1, { platform = "y" }]\n')
    assert [line.split(";")[0] for line in lines] == [
        "crosspost.toml: [[feeds]]: found 3",
        'crosspost.toml: hashtags: found "x"',
        "crosspost.toml: [[targets]] number 1: found 1",
        'crosspost.toml: [[targets]] "y" platform: found "y"',
    ]


def test_a_table_nested_without_end_is_a_mistake_and_no_crash():
    assert mistakes("a = " + "[" * 5000 + "]" * 5000)
    assert mistakes("a = " + "[" * 300 + "]" * 300)


def test_what_was_found_never_steers_a_terminal():
    line = one_mistake(LEAST.replace("Europe/Paris", "a\\u001b[31m\\u202eb"))
    assert line.isprintable()


# secrets


def test_secrets_come_from_variables_and_files_and_are_stripped():
    env = X_KEYS | {"X_API_KEY": "", "X_API_KEY_FILE": "/run/secrets/x_api_key_2", "X_ACCESS_TOKEN": " 123-abc\n"}
    loaded = read(LEAST, env, read_file={"/run/secrets/x_api_key_2": "from a file\n".replace(" ", "-")}.__getitem__)
    assert loaded.secrets["x"]["API_KEY"].reveal() == "from-a-file"
    assert loaded.secrets["x"]["ACCESS_TOKEN"].reveal() == "123-abc"
    assert loaded.missing == {}


def test_an_account_without_keys_waits_and_the_variables_that_it_lacks_are_named():
    loaded = read(BOTH, {"FACEBOOK_PAGE_ID": "1", "FACEBOOK_PAGE_ACCESS_TOKEN": "EAAx"})
    assert loaded.missing == {"x": ("X_API_KEY", "X_API_KEY_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")}
    assert set(loaded.secrets["facebook"]) == {"PAGE_ID", "PAGE_ACCESS_TOKEN"}


def test_another_account_has_another_prefix():
    env = {name.replace("X_", "NEWS_", 1): key for name, key in X_KEYS.items()}
    env["CROSSPOST_NEWS_API_URL"] = "http://localhost:1"
    loaded = read(LEAST + 'credentials = "NEWS"\n', env)
    assert loaded.missing == {}
    assert loaded.settings.targets[0].api_url == "http://localhost:1"


def test_a_file_that_cannot_be_read_names_variable_and_path():
    line = one_mistake(LEAST, X_KEYS | {"X_API_KEY": "", "X_API_KEY_FILE": "/run/secrets/x_key"})
    assert line.startswith("environment: X_API_KEY_FILE: ")
    assert "/run/secrets/x_key" in line


def test_a_key_where_a_path_should_be_is_not_repeated():
    key = "EAA" + "Gm0PX4ZCps8BAKZCabcdefgh"
    assert key not in one_mistake(LEAST, {"X_API_KEY_FILE": key})


def test_a_secret_given_twice_is_a_mistake():
    line = one_mistake(LEAST, X_KEYS | {"X_API_KEY_FILE": "/run/secrets/x"})
    assert line == "environment: X_API_KEY: found X_API_KEY and X_API_KEY_FILE; expected one of the two"


def test_a_key_with_a_line_break_or_a_foreign_letter_is_refused_without_being_repeated():
    for odd in ("abcd\nefgh", "abcd efgh", "abcdéfgh"):
        line = one_mistake(LEAST, X_KEYS | {"X_API_KEY": odd})
        assert "X_API_KEY: found" in line
        assert "efgh" not in line
        assert "fgh" not in line


def test_secrets_show_themselves_in_no_text():
    loaded = read(LEAST, X_KEYS)
    secret = Secret("hunter22")
    assert (str(secret), repr(secret), f"{secret:>5}", f"{[secret]}") == ("***", "***", "  ***", "[***]")
    assert not any(key in repr(loaded) for key in X_KEYS.values())
    with pytest.raises(TypeError):
        json.dumps(secret)


PASSWORDS = {
    "[[feeds]]": LEAST.replace("https://", "https://user:hunter22@"),
    "[ledger] url": LEAST + '[ledger]\nurl = "postgresql://user:hunter22@db/x"\n',
    "api_url": LEAST + 'api_url = "https://user:hunter22@api.x.com"\n',
    "": LEAST + '[ledger]\nurl = "git:https://hunter22@example.org/x.git#posts"\n',
}


@pytest.mark.parametrize(("place", "text"), PASSWORDS.items())
def test_a_password_in_an_address_is_a_mistake_that_does_not_repeat_it(place, text):
    line = one_mistake(text)
    assert place in line
    assert "hunter22" not in line
    assert "without" in line


def test_a_password_in_a_ledger_address_may_come_from_the_environment():
    url = "postgresql://user:hunter22@db/x"
    assert read(LEAST, {"CROSSPOST_LEDGER_URL": url}).settings.ledger_url == url
    text = LEAST + '[ledger]\nurl = "env:DATABASE"\n'
    assert read(text, {"DATABASE": url}).settings.ledger_url == url
    assert "environment: DATABASE: found something else" in one_mistake(text, {"DATABASE": "mysql://u:hunter22@db"})
    assert "the variable DATABASE to be set" in one_mistake(text)
    assert read(text, {"CROSSPOST_LEDGER_URL": url}).settings.ledger_url == url


def test_a_password_in_the_file_is_a_mistake_though_the_environment_names_another_ledger():
    text = LEAST + '[ledger]\nurl = "postgresql://user:hunter22@db/x"\n'
    assert "[ledger] url" in one_mistake(text, {"CROSSPOST_LEDGER_URL": "sqlite:///x.db"})


def test_an_account_name_in_a_git_address_over_ssh_is_no_password():
    for url in ("git:git@example.org:news/ledger.git#posts", "git:ssh://git@example.org/x#posts", "git:origin#posts"):
        assert read(f'{LEAST}[ledger]\nurl = "{url}"\n').settings.ledger_url == url


def test_a_key_in_a_place_that_takes_any_text_is_a_mistake_all_the_same():
    for key in ("EAAGm0PX4ZCps0BAKZCabcdefgh", "1234567890-AbCdEfGhIjKlMnOpQrStUvWxYz", "0123456789abcdef" * 2):
        line = one_mistake(f'{LEAST}[policy]\nhold = ["{key}"]\n')
        assert "[policy] hold, number 1: found what looks like a key" in line
        assert key not in line
    env = X_KEYS | {"X_API_KEY": "quite-short"}
    line = one_mistake(f'{LEAST}[policy]\nhold = ["quite-short"]\n', env)
    assert "environment variables" in line
    assert "quite-short" not in line


@dataclass(frozen=True)
class Place:
    """A spot in the file where somebody might paste a key."""

    before: str
    after: str


PLACES = [
    Place('timezone = "', '"\n'),
    Place(
        LEAST.replace("Europe/Paris", 'Europe/Paris"\nx = "').replace('x = "', 'x = "', 1) + '[policy]\nsettle = "',
        '"\n',
    ),
    Place(LEAST + '[policy]\nquiet = "', '"\n'),
    Place(LEAST + '[policy]\nhold = ["(', '"]\n'),
    Place(LEAST + "[policy]\n", ' = "x"\n'),
    Place(LEAST + '[hashtags]\ncampaign = ["', '"]\n'),
    Place(LEAST + '[hashtags]\ncampaign = ["#a ', '"]\n'),
    Place(LEAST + '[hashtags.map]\n"', '" = "UN"\n'),
    Place(LEAST + "[", "]\na = 1\n"),
    Place(LEAST + "[copy.", "]\na = 1\n"),
    Place(LEAST + '[ledger]\nurl = "', '"\n'),
    Place(LEAST + '[ledger]\nurl = "postgresql://u:', '@h/db"\n'),
    Place(LEAST + 'name = "', '"\n'),
    Place(LEAST + 'credentials = "', '-"\n'),
    Place(LEAST + 'api_url = "', '"\n'),
    Place(LEAST + 'api_url = "https://', '@api.x.com/"\n'),
    Place(LEAST + 'api_url = "https://api.x.com/?token=', '"\n'),
    Place(LEAST + 'languages = ["', '"]\n'),
    Place(LEAST + 'api_key = "', '"\n'),
    Place(LEAST + "access_token = ", "\n"),
    Place(LEAST + '[[targets]]\nplatform = "', '"\n'),
    Place(BOTH + 'graph_version = "', '"\n'),
    Place(LEAST.replace("https://example.org", "ftp://example.org") + '[fetch]\nallow_private = ["', '"]\n'),
    Place(LEAST.replace("https://example.org/feed/", "https://example.org/feed/?key=") + "#", "\n[x]\n"),
    Place('url = "env:', '!"\n'),
]
TOKENS = st.one_of(
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=25, max_size=60),
    st.text("0123456789abcdef", min_size=32, max_size=32),
    st.builds("{}-{}".format, st.integers(10**8, 10**19), st.text("abcXYZ0123456789", min_size=30, max_size=40)),
)


@given(token=TOKENS, place=st.sampled_from(PLACES))
def test_a_key_pasted_anywhere_never_comes_back(token, place):
    with pytest.raises(SettingsError) as caught:
        read(place.before + token + place.after)
    everything = f"{caught.value.message} {caught.value.hint} {caught.value!r} {caught.value.__cause__!r}"
    assert token not in everything


@given(password=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=6), place=st.sampled_from(PLACES))
def test_a_secret_that_the_environment_holds_never_comes_back(password, place):
    said = "\n".join(mistakes(place.before + "@" + place.after, {}))
    if password in said:  # a word of the message itself: nobody can tell that it is a secret
        return
    try:
        read(place.before + password + place.after, {"X_API_KEY_SECRET": password})
    except SettingsError as error:
        assert password not in error.message
