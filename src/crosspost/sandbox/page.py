"""The sandbox's page: what stands on X and on Facebook, as it would look there. One page, nothing fetched."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from crosspost.platforms.x.weigh import links
from crosspost.sandbox.facebook import FacebookModel
from crosspost.sandbox.values import Standing
from crosspost.sandbox.x import XModel
from crosspost.sandbox.x_text import expanded

FOLD = 400  # characters that Facebook shows before "See more", about
_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}'»”]")
_TAG = re.compile(r"(?<![\w&/])#\w*[^\W\d_]\w*")
_SCRIPTS = ((re.compile(r"[\u0600-\u06ff]"), "ar"), (re.compile(r"[\u0900-\u097f]"), "hi"))

_STYLE = """
:root { color-scheme: light dark;
  --ground: light-dark(#eef0f3, #101418); --sheet: light-dark(#fff, #1a2027); --ink: light-dark(#14181d, #e8ebee);
  --soft: light-dark(#566370, #9aa7b3); --line: light-dark(#d5dae0, #323c46); --link: light-dark(#0b5cad, #7db8f2);
  --x: light-dark(#14181d, #e8ebee); --fb: light-dark(#1257b8, #8ab9ff); --warn: #ffd84d;
  --card: light-dark(#f5f7f9, #222a32); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, "Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari", sans-serif; }
header { background: var(--warn); color: #1d1a05; padding: 1rem max(1rem, calc(50vw - 35rem)); }
header h1 { margin: 0; font-size: 1.35rem; letter-spacing: .02em; }
header p { margin: .15rem 0 0; }
main { max-width: 72rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; display: grid; gap: 1.5rem;
  grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); align-items: start; }
section > h2 { margin: 0; font-size: 1.15rem; }
.counts { margin: .1rem 0 .9rem; color: var(--soft); font-size: .9rem; }
article { background: var(--sheet); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem;
  margin-bottom: .9rem; overflow-wrap: anywhere; }
.who { display: grid; grid-template-columns: auto 1fr; column-gap: .7rem; align-items: center; margin-bottom: .6rem; }
.face { grid-row: span 2; width: 2.6rem; height: 2.6rem; border-radius: 50%; display: grid; place-items: center;
  font-weight: 700; color: var(--sheet); background: var(--x); }
.facebook .face { background: var(--fb); }
.who b { line-height: 1.25; }
.who span.meta { color: var(--soft); font-size: .88rem; }
.text { margin: 0; white-space: pre-wrap; unicode-bidi: plaintext; }
.text a, .tag { color: var(--link); text-decoration: none; }
.text a:hover { text-decoration: underline; }
details { display: inline; }
summary { display: inline; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary .more { color: var(--soft); font-weight: 600; white-space: nowrap; }
details[open] > summary { display: none; }
details[open]::details-content { display: inline; }
.card { display: block; margin-top: .8rem; border: 1px solid var(--line); border-radius: .6rem; overflow: hidden;
  color: inherit; text-decoration: none; background: var(--card); }
.card .picture { display: grid; place-items: center; aspect-ratio: 40 / 9; color: var(--soft); font-size: .85rem;
  background: repeating-linear-gradient(135deg, transparent 0 12px, light-dark(#0000000d, #ffffff0d) 12px 24px); }
.card .under { display: block; padding: .55rem .8rem; border-top: 1px solid var(--line); font-size: .9rem; }
.card .domain { color: var(--soft); }
.card .path { display: block; font-weight: 600; }
.alt, .note, .empty { color: var(--soft); font-size: .9rem; margin: .6rem 0 0; }
.empty { background: var(--sheet); border: 1px dashed var(--line); border-radius: .75rem; padding: 1.25rem; margin: 0; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
"""


def render(x: Sequence[XModel], facebook: Sequence[FacebookModel], now: datetime) -> str:
    """The page as HTML. Every text in it is escaped; it has no script and asks for nothing."""
    columns = "".join([*(_x_column(model) for model in x), *(_facebook_column(model) for model in facebook)])
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>SANDBOX: both timelines</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body>"
        "<header><h1>SANDBOX</h1><p>Nothing here is public. This is what would stand on X and Facebook; "
        f"as of {_when(now)}.</p></header><main>{columns}</main></body></html>\n"
    )


def _x_column(model: XModel) -> str:
    posts = model.timeline()
    counts = f"{_posts(posts)} · {_requests(len(model.log))} · ${model.spent / 1_000_000:.3f} spent"
    cards = "".join(_x_post(model, post) for post in posts)
    return _column("x", f"X · @{model.username}", counts, cards)


def _facebook_column(model: FacebookModel) -> str:
    posts = model.timeline()
    counts = f"{_posts(posts)} · {_requests(len(model.log))}"
    cards = "".join(_facebook_post(model, post) for post in posts)
    return _column("facebook", f"Facebook · {model.name}", counts, cards)


def _column(kind: str, title: str, counts: str, cards: str) -> str:
    inside = cards or '<p class="empty">Nothing stands here yet.</p>'
    heading = f'<h2 dir="auto">{html.escape(title)}</h2><p class="counts">{counts}</p>'
    return f'<section class="{kind}">{heading}{inside}</section>'


def _x_post(model: XModel, post: Standing) -> str:
    meta = f'<span dir="ltr">@{html.escape(model.username)}</span> · {_when(post.at)}'
    text = _linked(post.text, links(post.text), short=True)
    card = _card(post.link, path=False) if post.link and not post.alt else ""
    return f"<article>{_who(model.options.name, meta)}{_text(post.text, text)}{card}{_picture(post.alt)}</article>"


def _facebook_post(model: FacebookModel, post: Standing) -> str:
    note = "" if post.public else '<p class="note">Seen by the app\'s own team alone: it is in development mode.</p>'
    card = _card(post.link, path=True) if post.link else ""
    body = _text(post.text, _folded(post.text)) if post.text else ""
    return f"<article>{_who(model.name, _when(post.at))}{body}{card}{_picture(post.alt)}{note}</article>"


def _who(name: str, meta: str) -> str:
    face = html.escape((name.strip() or "?")[0].upper())
    return (
        f'<div class="who"><span class="face" aria-hidden="true">{face}</span>'
        f'<b dir="auto">{html.escape(name)}</b><span class="meta">{meta}</span></div>'
    )


def _text(plain: str, inner: str) -> str:
    # lang="" says "not known", which is better than the page's own language.
    words = _TAG.sub("", _ADDRESS.sub("", plain))
    lang = next((code for script, code in _SCRIPTS if len(script.findall(words)) * 2 > len(words)), "")
    return f'<div class="text" dir="auto" lang="{lang}">{inner}</div>'


def _folded(text: str) -> str:
    if len(text) <= FOLD + 40:  # nobody folds the last three words
        return _linked(text, _ADDRESS.findall(text), short=False)
    head = re.sub(r"\s+\S*$", "", text[: FOLD + 1])
    shown = _linked(head, _ADDRESS.findall(head), short=False)
    rest = _linked(text[len(head) :], _ADDRESS.findall(text[len(head) :]), short=False)
    # The label alone stands in <summary>: a link inside it would be a control inside a control.
    return f'{shown}<details><summary><span class="more"> … See more</span></summary>{rest}</details>'


def _linked(text: str, found: Iterable[str], *, short: bool) -> str:
    """The text with its addresses as links and its hashtags coloured."""
    out, rest = "", text
    for link in found:
        before, there, after = rest.partition(link)
        if not there:
            continue
        shown = re.sub(r"^https?://(?:www\.)?", "", link) if short else link
        shown = f"{shown[:26]}…" if short and len(shown) > 27 else shown
        anchor = f'<a href="{html.escape(expanded(link))}" rel="noreferrer nofollow">{html.escape(shown)}</a>'
        out += _tagged(before) + anchor
        rest = after
    return out + _tagged(rest)


def _tagged(text: str) -> str:
    return _TAG.sub(lambda found: f'<span class="tag">{found[0]}</span>', html.escape(text))


def _card(link: str, *, path: bool) -> str:
    address = urlsplit(link)
    domain = (address.hostname or "").removeprefix("www.")
    shown = f'<span class="path" dir="ltr">{html.escape(address.path or "/")}</span>' if path else ""
    return (
        f'<a class="card" href="{html.escape(link)}" rel="noreferrer nofollow">'
        f'<span class="picture">the page\'s own picture</span><span class="under">'
        f'<span class="domain" dir="ltr">{html.escape(domain)}</span>{shown}</span></a>'
    )


def _picture(alt: str) -> str:
    return f'<p class="alt" dir="auto">Picture: {html.escape(alt)}</p>' if alt else ""


def _posts(posts: Sequence[Standing]) -> str:
    return "1 post" if len(posts) == 1 else f"{len(posts)} posts"


def _requests(number: int) -> str:
    return "1 request" if number == 1 else f"{number} requests"


def _when(at: datetime) -> str:
    there = at.astimezone(UTC)
    return f'<time datetime="{there.isoformat()}">{there.day} {there:%b %Y, %H:%M} UTC</time>'
