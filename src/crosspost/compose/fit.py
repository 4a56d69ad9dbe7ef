"""An article → the exact text for one target, within the platform's limit: the last stage, which calls the others."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from crosspost.compose.clean import clean
from crosspost.compose.cut import cut
from crosspost.compose.defuse import defuse
from crosspost.compose.facts import facts
from crosspost.compose.hashtags import choose_tags
from crosspost.compose.kind import Verdict
from crosspost.compose.language import RIGHT_TO_LEFT
from crosspost.compose.layout import items, lines
from crosspost.compose.pieces import Form
from crosspost.compose.reading import Reading, read
from crosspost.compose.sentences import sentences
from crosspost.compose.shorten import first_part
from crosspost.compose.summary import Draft, Rank, Source, draft
from crosspost.compose.template import fact_lines, render, settled
from crosspost.compose.words import words
from crosspost.core.entry import Article
from crosspost.core.policy import Target
from crosspost.core.post import Post, Profile, Tag
from crosspost.core.reason import Code, Reason

_TAG = 1.0  # what a second topical tag is worth, on the scale of words
_URL_SAFE = "!#$%&'()*+,/:;=?@[]~"
_FOR_WORDS = 0.4  # of a text that has both: facts take no more than the rest
_FIRST = 99.0  # a line of day and hour goes before all others


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that stays the same while drafts are tried."""

    profile: Profile
    limit: int
    template: str
    link: str
    title: str
    facts: str
    language: str
    kind: Verdict
    source: Source

    def text(self, summary: str, tags: tuple[Tag, ...]) -> str:
        """The whole text with this summary."""
        values = {
            "title": self.title,
            "summary": summary,
            "facts": self.facts,
            "link": self.link if self.profile.link_in_text else "",
            "hashtags": " ".join(tag.tag for tag in tags),
        }
        return unicodedata.normalize("NFC", render(self.template, values))

    def room(self, tags: tuple[Tag, ...]) -> int:
        """The units that are left for a summary."""
        return self.limit - self.profile.weigh(self.text("x", tags)) + 1

    def fits(self, tags: tuple[Tag, ...]) -> Callable[[str], bool]:
        """Whether a summary leaves the text within the limit."""
        return lambda summary: self.profile.weigh(self.text(summary, tags)) <= self.limit


def compose(article: Article, target: Target, profile: Profile) -> Post | Reason:
    """What goes out for this article on this target; a Reason where nothing that fits can be said.

    A pure function: the same article and settings give the same text, which is NFC, weighs at most
    the target's limit and what any account there may send, and holds the link whole and once (where
    the platform wants it inside).
    """
    job, tags = job_of(article, target, profile)
    made, used = best_draft(job, tags)
    if made.rank is Rank.NONE:
        return Reason.of(Code.NO_TEXT, detail=_why_none(article, job, tags))
    text = job.text(made.text, used)
    return Post(
        text=text,
        link="" if profile.link_in_text else job.link,
        story_link=job.link,
        weight=profile.weigh(text),
        limit=job.limit,
        hashtags=used,
        kind=job.kind.kind.value,
        language=job.language,
        notes=tuple(_notes(made, job)),
    )


def job_of(article: Article, target: Target, profile: Profile) -> tuple[Job, tuple[Tag, ...]]:
    """What is to be composed, and the hashtags that it may get."""
    reading = read(article)
    return _job(article, target, profile, reading), choose_tags(article, target.tags, reading.language)


def _job(article: Article, target: Target, profile: Profile, reading: Reading) -> Job:
    language = reading.language
    template = target.copy.template or profile.template
    template = settled(template, profile, right_to_left=language in RIGHT_TO_LEFT)

    def harmless(text: str) -> str:
        return "\n".join(defuse(clean(line), profile, language) for line in text.split("\n")).strip()

    known = words(language)
    title = harmless(reading.title)
    when = tuple(map(harmless, facts(article, language)))
    own_title = "" if "{title}" in template else title
    source = Source(
        chooser=reading.chooser_for(harmless, profile.weigh),
        title=own_title,
        short=first_part(own_title, known),
        shown=title if "{title}" in template else "",
        items=items(article, language, harmless),
        lines=() if title else lines(article, language, harmless),
        excerpt=harmless(article.excerpt) if target.copy.excerpt else "",
        excerpt_parts=_parts(article.excerpt, language, harmless) if target.copy.excerpt else (),
        paragraphs=profile.max_paragraphs,
        ideal=profile.ideal,
        known=known,
    )
    job = Job(
        profile=profile,
        limit=min(target.limit, profile.ceiling),
        template=template,
        link=sent_link(article.link, target.copy.utm),
        title=source.shown,
        facts="",
        language=language,
        kind=reading.verdict,
        source=source,
    )
    campaign = tuple(Tag(tag, "campaign") for tag in target.tags.for_language(language).campaign)
    job = _with_short_title(job, campaign)
    return _with_facts(job, when, campaign) if "{facts}" in template else job


def _with_short_title(job: Job, tags: tuple[Tag, ...]) -> Job:
    """Where the template has the title and it leaves no room for link and tags: with the title cut."""
    if not job.title or job.fits(tags)(""):
        return job
    return replace(job, title=cut(job.title, lambda text: replace(job, title=text).fits(tags)(""), job.source.known))


def _with_facts(job: Job, when: tuple[str, ...], tags: tuple[Tag, ...]) -> Job:
    """With the lines of facts that leave room for words; what they say the words don't say again."""
    chooser = job.source.chooser
    lines = [(piece.text, chooser.alone(piece)) for piece in chooser.pieces if piece.form is Form.LINE]
    known = "\n".join(text for text, _ in lines)
    lines = [*((line, _FIRST) for line in "\n".join(when[-1:]).split("\n") if line and line not in known), *lines]
    most = min(job.limit, job.profile.ideal) * (1 - _FOR_WORDS * ("{summary}" in job.template))
    told = fact_lines(lines, lambda text: job.profile.weigh(replace(job, facts=text).text("", tags)) <= most)
    rest = tuple(piece for piece in chooser.pieces if piece.form is not Form.LINE or piece.text not in told)
    return replace(job, facts=told, source=replace(job.source, chooser=replace(chooser, pieces=rest)))


def _parts(excerpt: str, language: str, harmless: Callable[[str], str]) -> tuple[str, ...]:
    """The excerpt's sentences, each defused: what was harmless in the middle of a line may not be at its beginning."""
    found = (sentence for line in excerpt.split("\n") for sentence in sentences(line, language))
    return tuple(map(harmless, found))


def best_draft(job: Job, tags: tuple[Tag, ...]) -> tuple[Draft, tuple[Tag, ...]]:
    """The best draft; a topical tag goes where that makes room for better words, the only one for whole words alone."""
    campaign = sum(tag.source == "campaign" for tag in tags)
    best, used = Draft("", Rank.NONE), tags
    for some in _fewer(tags, campaign):
        if best.rank is Rank.WHOLE and (len(some) == campaign or job.source.roomy):
            break
        made = draft(job.source, job.fits(some), job.room(some))
        if made.rank < best.rank or (made.rank == best.rank and _value(made) > _value(best) + _TAG):
            best, used = made, some
    return best, used


def _fewer(tags: tuple[Tag, ...], campaign: int) -> Iterator[tuple[Tag, ...]]:
    """The tags, without the longest of them, without the last, and so on; at last the shortest alone.

    The campaign's stay.
    """
    yield tags
    topical = tags[campaign:]
    if len(topical) > 1:
        longest = max(topical[:-1], key=lambda tag: len(tag.tag))
        if len(longest.tag) > len(topical[-1].tag) + 2:
            yield tuple(tag for tag in tags if tag is not longest)
    for count in range(len(tags) - 1, campaign, -1):
        yield tags[:count]
    if len(topical) > 1 and (shortest := min(topical, key=lambda tag: len(tag.tag))) is not topical[0]:
        yield (*tags[:campaign], shortest)
    if topical:
        yield tags[:campaign]


def _value(made: Draft) -> float:
    return made.choice.value if made.choice else 0.0


def _why_none(article: Article, job: Job, tags: tuple[Tag, ...]) -> str:
    campaign = tuple(tag for tag in tags if tag.source == "campaign")
    if not job.fits(campaign)(""):
        return "link, campaign tags and the template's own words leave no room"
    return "the article has no words" if not (article.title or article.blocks) else "nothing of the article fits"


def _notes(made: Draft, job: Job) -> Iterator[str]:
    if made.rank is Rank.CUT or job.title != job.source.shown:
        yield "the title was cut: nothing whole fits"
    if not job.link:
        yield "the story has no link"
    elif job.profile.link_in_text and not job.profile.finds_links(job.link):
        yield f"{job.profile.title} makes no link of this address"


def sent_link(link: str, utm: Mapping[str, str]) -> str:
    """The story's link as it is sent: ASCII, with utm_ parameters after its own, its fragment kept.

    "" for what is no http(s) address. A parameter that the link has already stays as it is.
    """
    try:
        parts = urlsplit(unicodedata.normalize("NFC", link))
        host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in ("http", "https") or not host or any(char.isspace() for char in link):
        return ""
    present = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = urlencode({f"utm_{name}": value for name, value in utm.items() if f"utm_{name}" not in present})
    query = "&".join(part for part in (parts.query, added) if part)
    path, query, fragment = (
        quote(part, safe=_URL_SAFE, errors="replace") for part in (parts.path, query, parts.fragment)
    )
    return urlunsplit((parts.scheme, host, path, query, fragment))
