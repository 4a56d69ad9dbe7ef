"""Which place an address names, and what git is given to get there."""

from __future__ import annotations

import base64

import pytest

from crosspost.core.world import NoProcesses
from crosspost.errors import SettingsError
from crosspost.ledger.git.place import Kind, Place, environment, find_place

TOKEN = "ghs_1234_eyJ.abc-def"


def place(url, base, processes=None):
    return find_place(url, base, processes or NoProcesses(), {})


def settings(env):
    pairs = [(env[f"GIT_CONFIG_KEY_{n}"], env[f"GIT_CONFIG_VALUE_{n}"]) for n in range(int(env["GIT_CONFIG_COUNT"]))]
    return {name: [value for key, value in pairs if key == name] for name, _ in pairs}


@pytest.mark.parametrize(
    ("url", "kind", "remote", "branch"),
    [
        ("git:https://github.com/o/r.git#crosspost", Kind.HTTPS, "https://github.com/o/r.git", "crosspost"),
        ("git:https://git.example.org:8443/o/r#a/b-c.d", Kind.HTTPS, "https://git.example.org:8443/o/r", "a/b-c.d"),
        ("git:ssh://git@example.org:2222/o/r#l", Kind.SSH, "ssh://git@example.org:2222/o/r", "l"),
        ("git:git@github.com:o/r.git#l", Kind.SSH, "git@github.com:o/r.git", "l"),
        ("git:github.com:o/r.git#l", Kind.SSH, "github.com:o/r.git", "l"),
        ("GIT:HTTPS://example.org/r#l", Kind.HTTPS, "HTTPS://example.org/r", "l"),
        ("git:./r.git#l", Kind.FILE, "{base}/r.git", "l"),
        ("git:r.git#l", Kind.FILE, "{base}/r.git", "l"),
        ("git:{base}/r.git#l", Kind.FILE, "{base}/r.git", "l"),
        ("git:file://{base}/r.git#l", Kind.FILE, "{base}/r.git", "l"),
        ("git:./with #hash: and space.git#l", Kind.FILE, "{base}/with #hash: and space.git", "l"),
    ],
)
def test_an_address_names_a_branch_of_a_remote(url, kind, remote, branch, tmp_path):
    for name in ("r.git", "with #hash: and space.git"):
        (tmp_path / name).mkdir()
    found = place(url.format(base=tmp_path), tmp_path)
    assert found == Place(kind, remote.format(base=tmp_path), branch)


@pytest.mark.parametrize(
    "url",
    ["git:", "git:origin", "git:#l", "git:origin#", "git:https://h/r", "git:./r.git#-x", "git:./r.git#a..b", "git:./r.git#a b",
     "git:./r.git#a/", "git:./r.git#/a", "git:./r.git#a//b", "git:./r.git#a.lock", "git:./r.git#a.lock/b", "git:./r.git#a.",
     "git:./r.git#a~1", "git:./r.git#a:b", "git:./r.git#.a", "git:./r.git#a/.b", "git:./r.git#é", "git:./nobody#l",
     "git:nobody#l", "git:http://hunter2/r#l", "git:git://hunter2/r#l", "git:ext::sh -c hunter2#l", "git:ftp://hunter2/r#l",
     "git:--upload-pack=hunter2#l", "git:https://hunter2@github.com/o/r#l", "git:https://me:hunter2@github.com/o/r#l",
     "git:ssh://me:hunter2@h/r#l", "git:https:///hunter2#l", "git:https://h/r?token=hunter2#l", "git:https://h/hunter2 r#l",
     "git:https://[::1/hunter2#l", "git:a\0b/hunter2#l", "git:ssh://-oProxyCommand=hunter2/r#l",
     "git:me:hunter2@h/r#l", "git:./me:hunter2@h/r#l"],
)  # fmt: skip
def test_any_other_address_is_a_mistake_in_the_settings_that_is_not_repeated(url, tmp_path):
    (tmp_path / "r.git").mkdir()
    with pytest.raises(SettingsError) as caught:
        place(url, tmp_path)
    assert "hunter2" not in caught.value.message + caught.value.hint
    assert caught.value.code == "ledger-url"
    assert caught.value.hint


def test_a_remotes_own_address_must_not_hold_a_token_either(bench):
    project = bench.folder / "project"
    bench.git("init", "--quiet", str(project))
    bench.git("-C", str(project), "remote", "add", "origin", "https://x-access-token:hunter2@github.com/o/r")
    with pytest.raises(SettingsError, match='"origin" holds a user or a password') as caught:
        find_place("git:origin#l", project, bench.spy, bench.world().env)
    assert "hunter2" not in caught.value.message + caught.value.hint
    assert "CROSSPOST_GIT_TOKEN" in caught.value.hint


HTTPS = Place(Kind.HTTPS, "https://github.com/o/r", "l")


def test_git_gets_no_settings_of_the_user_no_prompt_and_one_protocol(tmp_path):
    given = {
        "PATH": "/bin",
        "HOME": "/srv/me",
        "GIT_DIR": "/x",
        "GIT_TRACE": "1",
        "X_API_KEY": "s3cret",
        "LC_ALL": "de",
    }
    made = environment(Place(Kind.SSH, "git@h:r", "l"), given, tmp_path)
    assert made["GIT_CONFIG_GLOBAL"] == "/dev/null"
    assert (made["GIT_TERMINAL_PROMPT"], made["LC_ALL"], made["GIT_DIR"]) == ("0", "C", str(tmp_path))
    assert made["GIT_SSH_COMMAND"] == "ssh -o BatchMode=yes"
    assert not made.keys() & {"GIT_TRACE", "X_API_KEY", "GIT_ASKPASS", "SSH_ASKPASS"}
    assert settings(made)["protocol.allow"] == ["never"]
    assert settings(made)["protocol.ssh.allow"] == ["always"]
    assert "protocol.file.allow" not in settings(made)


def test_the_token_travels_in_a_header_for_its_own_host_after_an_empty_one(tmp_path):
    made = settings(environment(HTTPS, {"CROSSPOST_GIT_TOKEN": f" {TOKEN}\n"}, tmp_path))
    basic = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
    assert made["http.https://github.com/.extraheader"] == ["", f"Authorization: Basic {basic}"]
    assert made["http.followRedirects"] == ["false"]


def test_the_token_may_stand_in_a_file(tmp_path):
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    one = environment(HTTPS, {"CROSSPOST_GIT_TOKEN_FILE": str(tmp_path / "token")}, tmp_path)
    assert one == environment(HTTPS, {"CROSSPOST_GIT_TOKEN": TOKEN}, tmp_path)
    with pytest.raises(SettingsError, match="can't be read"):
        environment(HTTPS, {"CROSSPOST_GIT_TOKEN_FILE": str(tmp_path / "nobody")}, tmp_path)


def test_github_token_goes_to_its_own_server_alone(tmp_path):
    def header(remote, **env):
        made = environment(Place(Kind.HTTPS, remote, "l"), {"GITHUB_TOKEN": TOKEN, **env}, tmp_path)
        return len(next(values for name, values in settings(made).items() if name.endswith("extraheader")))

    assert header("https://github.com/o/r") == 2
    assert header("https://GitHub.com/o/r") == 2
    assert header("https://gitlab.com/o/r") == 1
    assert header("https://git.example.org/o/r", GITHUB_SERVER_URL="https://git.example.org") == 2
    assert header("https://github.com/o/r", GITHUB_SERVER_URL="https://git.example.org") == 1


def test_no_token_goes_to_a_path_or_to_ssh(tmp_path):
    for made in (Place(Kind.FILE, "/r", "l"), Place(Kind.SSH, "git@github.com:o/r", "l")):
        env = environment(made, {"CROSSPOST_GIT_TOKEN": TOKEN, "GITHUB_TOKEN": TOKEN}, tmp_path)
        assert not any("extraheader" in value or TOKEN in value for value in env.values())


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "s3cr\u00e9t"])
def test_a_token_that_no_header_can_hold_is_refused_and_not_repeated(token, tmp_path):
    with pytest.raises(SettingsError) as caught:
        environment(HTTPS, {"CROSSPOST_GIT_TOKEN": token}, tmp_path)
    assert token not in str(caught.value)


def test_a_companys_certificates_are_believed(tmp_path):
    assert environment(HTTPS, {"REQUESTS_CA_BUNDLE": "/ca.pem"}, tmp_path)["GIT_SSL_CAINFO"] == "/ca.pem"
