"""The same article in other clothes: how other themes and editors would have marked it up. For judge.py --vary."""

from __future__ import annotations

import re
from collections.abc import Callable

_RUN = re.compile(r"(?:<p>(?:(?!</?p\b).)*</p>\s*(?:<!--(?:(?!-->).)*-->\s*)*){2,}", re.DOTALL)
_BETWEEN = re.compile(r"</p>\s*(?:<!--(?:(?!-->).)*-->\s*)*<p>", re.DOTALL)
_HEAD = re.compile(r"<h([2-6])[^<>]*>(.*?)</h\1>", re.DOTALL)
_LIST = re.compile(r"<[uo]l[^<>]*>(.*?)</[uo]l>", re.DOTALL)
_ITEM = re.compile(r"<li[^<>]*>(.*?)</li>", re.DOTALL)
_BOXES = {
    "en": ("Share this: Facebook | X | Email", "Related posts", "Subscribe to our newsletter", "We use cookies."),
    "fr": ("Partager sur Facebook | X", "Articles similaires", "Abonnez-vous à notre newsletter", "Nous utilisons des cookies."),
    "es": ("Compartir en Facebook | X", "Artículos relacionados", "Suscríbete a nuestro boletín", "Usamos cookies."),
    "de": ("Beitrag teilen: Facebook | X", "Ähnliche Beiträge", "Newsletter abonnieren", "Wir verwenden Cookies."),
    "pt": ("Partilhar isto: Facebook | X", "Artigos relacionados", "Subscreva a newsletter", "Usamos cookies."),
}  # fmt: skip


def breaks(html: str, _: str) -> str:
    """Paragraphs as double breaks in one."""
    return _RUN.sub(lambda run: _BETWEEN.sub("<br><br>", run[0]), html)


def divs(html: str, _: str) -> str:
    """Paragraphs as <div>s in <div>s."""
    html = re.sub(r"<p(?=[\s>])[^<>]*>", '<div class="x"><div>', html).replace("</p>", "</div></div>")
    return f'<div class="entry">{html}</div>'


def classic(html: str, _: str) -> str:
    """Paragraphs that WordPress left unmarked."""
    return re.sub(r"</?p(?=[\s>])[^<>]*>", "\n\n", html)


def bold(html: str, _: str) -> str:
    """Headings as bold paragraphs."""
    return _HEAD.sub(lambda found: f"<p><strong>{found[2]}</strong></p>", html)


def typed(html: str, _: str) -> str:
    """Lists as lines with a bullet."""
    return _LIST.sub(lambda all_: "<p>" + "<br>".join(f"• {one}" for one in _ITEM.findall(all_[1])) + "</p>", html)


def boxed(html: str, language: str) -> str:
    """A theme's boxes before and after, without a name that would tell them."""
    share, related, letter, cookies = _BOXES.get(language[:2], _BOXES["en"])
    links = "<ul><li><a href='/a'>Alpha and omega</a></li><li><a href='/b'>Beta</a></li></ul>"
    return f"<p>{share}</p>{html}<p>{share}</p><h3>{related}</h3>{links}<p>{letter}</p><p>{cookies}</p>"


def spaced(html: str, _: str) -> str:
    """Spans, no-break spaces and empty paragraphs, as a word processor leaves them."""
    html = re.sub(r"(?<=[a-z,]) (?=[a-z])", lambda found: "&nbsp;" if found.start() % 7 == 0 else " ", html)
    return re.sub(r"<p(?=[\s>])([^<>]*)>", r"<p>&nbsp;</p><p\1><span style='color:#000'>", html).replace(
        "</p>", "</span></p>"
    )


VARIATIONS: dict[str, Callable[[str, str], str]] = {
    one.__name__: one for one in (breaks, divs, classic, bold, typed, boxed, spaced)
}
