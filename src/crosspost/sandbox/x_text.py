"""What X makes of a text: links become t.co, "&", "<" and ">" are escaped, long texts are cut."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from crosspost.platforms.x.weigh import links, weigh

SHORT = 280  # weighted; a longer text stands whole in note_tweet alone
_CASHTAG = re.compile(r"(?<![\w$])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)")


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as the API gives it back: escaped, with its `entities.urls`."""

    text: str
    urls: tuple[dict[str, object], ...]

    def entities(self) -> dict[str, object]:
        """The entities object; empty where there are no links."""
        return {"urls": list(self.urls)} if self.urls else {}


def expanded(link: str) -> str:
    """The address behind a link as it stands in a text; X puts http:// before one without a scheme."""
    return link if re.match(r"https?://", link, re.IGNORECASE) else f"http://{link}"


def show(text: str, post_id: str, *, tco: bool, unwound: Mapping[str, str]) -> Shown:
    """A whole text as it is read back. Places in `urls` count characters of the escaped text."""
    if not tco:
        return Shown(html.escape(text, quote=False), ())
    out, rest = "", text
    urls: list[dict[str, object]] = []
    for link in links(text):
        before, found, after = rest.partition(link)
        if not found:
            continue
        out += html.escape(before, quote=False)
        target = expanded(link)
        urls.append(_entity(len(out), target, f"{post_id}/{len(urls)}", unwound.get(target, "")))
        out += str(urls[-1]["url"])
        rest = after
    return Shown(out + html.escape(rest, quote=False), tuple(urls))


def cut(text: str) -> str:
    """The beginning of a long text, as `text` holds it, ending in an ellipsis."""
    words = text.split(" ")
    while words and weigh(" ".join(words) + "…") > SHORT:
        words.pop()
    return " ".join(words) + "…"


def cashtags(text: str) -> int:
    """How many $TICKERs stand in it."""
    return len(_CASHTAG.findall(text))


def _entity(start: int, target: str, seed: str, unwound: str) -> dict[str, object]:
    short = "https://t.co/" + hashlib.sha256(f"{seed} {target}".encode()).hexdigest()[:10]
    display = re.sub(r"^https?://(?:www\.)?", "", target)
    entity: dict[str, object] = {
        "start": start,
        "end": start + len(short),
        "url": short,
        "expanded_url": target,
        "display_url": display if len(display) <= 26 else display[:26] + "…",
    }
    return entity | ({"status": 200, "unwound_url": unwound} if unwound else {})
