"""The account of one composition: which pieces were taken, which were left and why, what each part weighs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from crosspost.compose.again import is_title_again, says_again
from crosspost.compose.blocks import news_blocks
from crosspost.compose.choose import Choice
from crosspost.compose.clean import fold
from crosspost.compose.fit import Job, best_draft, job_of
from crosspost.compose.hashtags import choose_tags, hashtag
from crosspost.compose.kind import spoke_for
from crosspost.compose.pieces import Piece
from crosspost.compose.pool import pool
from crosspost.compose.summary import Draft, Rank
from crosspost.compose.terms import is_drawer, stands_in
from crosspost.compose.words import listed
from crosspost.core.entry import Article, BlockKind
from crosspost.core.policy import TagRules, Target
from crosspost.core.post import Profile, Tag
from crosspost.core.why import Part, Unused, Weighed, Why

_MANY_TAGS = 99  # more than any article has: to see which tags there was no room for

# What a mark of `worth` says of a sentence, to somebody who doesn't know of marks.
_TELLS: Mapping[str, str] = {
    "status": "that it is off, moved or full",
    "change": "a change",
    "deadline": "by when",
    "ask": "what to do",
    "plea": "what is asked",
    "when": "the day",
    "hour": "the hour",
    "place": "where",
    "figures": "figures",
    "name": "names",
    "not": "a “not”",
    "title": "what the title is about",
    "topic": "what the article is about",
}
_TELLING = 5  # of these are named for one sentence
_FURNITURE = "no news: a label, a byline, a contact, a credit, a button"
_LEFT: Mapping[str, str] = {
    "furniture": _FURNITURE,
    "a name and an address": "who wrote it and where they sit",
    "another language": "in another language than the article",
    "an item without its head": "a list's item: it says nothing without the line above the list",
}


def why(article: Article, target: Target, profile: Profile) -> Why:
    """Why `compose` makes what it makes of this article for this target. Pure, and by the same steps."""
    job, tags = job_of(article, target, profile)
    made, used = best_draft(job, tags)
    if "{summary}" not in job.template:
        made = replace(made, text="", choice=None)
    spoken = spoke_for(article, job.language, job.kind.kind) if "words" in job.kind.why else ()
    text = "" if made.rank is Rank.NONE else job.text(made.text, used)
    return Why(
        kind=job.kind.kind.value,
        kind_reason=", ".join(spoken) or job.kind.why,
        language=job.language,
        source=_source(made, job),
        pieces=(*_title(job, made), *_facts(job), *_weighed(job, made, used), *_left(article, job, made)),
        tags=used,
        parts=tuple(_parts(job, made, used, profile.weigh(text))),
        room=job.limit,
        weight=profile.weigh(text),
        unused=tuple(_unused(article, target.tags.for_language(job.language), job.language, tags, used)),
        listed=job.language in listed(),
    )


def _source(made: Draft, job: Job) -> str:
    if made.rank is Rank.NONE or not made.text:
        return "title" if job.title and made.rank is not Rank.NONE else "nothing"
    if made.choice and made.choice.pieces:
        return "article"
    if made.text in job.source.excerpt:
        return "excerpt"
    return "title" if job.source.title[:1] == made.text[:1] else "article"


def _title(job: Job, made: Draft) -> Iterator[Weighed]:
    """The title is one of the pieces: it leads, or what the article says itself is better."""
    whole = job.title or job.source.title
    if not whole:
        return
    choice = made.choice or Choice()
    if job.title:
        cut = "" if whole == job.source.shown else ", cut: it leaves no room"
        yield Weighed(whole, taken=made.rank is not Rank.NONE, rank=0, reason=f"the title, by the template{cut}")
    elif choice.head or (not choice.pieces and made.text.startswith(whole)):
        short = "" if (choice.head or whole) == whole else ", its first part"
        yield Weighed(choice.head or whole, taken=True, rank=0, reason=f"the title{short}")
    elif made.rank is Rank.CUT:
        yield Weighed(made.text, taken=True, rank=0, reason="the title, cut: nothing whole fits")
    else:
        yield Weighed(whole, taken=False, rank=0, reason=f"the title: {_why_no_title(whole, choice, made, job)}")


def _why_no_title(title: str, choice: Choice, made: Draft, job: Job) -> str:
    if _source(made, job) == "excerpt":
        return "the editor's excerpt is the text"
    if any(says_again(title, one.text) or is_title_again(title, one.text) for one in choice.pieces):
        return "a sentence says it too"
    return "the sentences tell more" if choice.pieces else "it doesn't fit"


def _facts(job: Job) -> Iterator[Weighed]:
    lines = job.facts.split("\n") if job.facts else []
    return (Weighed(line, taken=True, rank=0, reason="a line of facts, by the template") for line in lines)


def _weighed(job: Job, made: Draft, used: tuple[Tag, ...]) -> Iterator[Weighed]:
    """The pieces in the article's order, one for each sentence, with its rank by what it tells alone."""
    chooser = job.source.chooser
    taken = made.choice.pieces if made.choice else ()
    groups = [tuple(forms) for _, forms in groupby(chooser.pieces, key=lambda piece: piece.at)]
    ranked = sorted(groups, key=lambda forms: -max(map(chooser.alone, forms)))
    for forms in groups:
        chosen = next((piece for piece in forms if piece in taken), None)
        piece = chosen or forms[0]
        reason = _told(job, piece, forms[0]) if chosen else _reason(_shortest(forms, job), made, job, used)
        yield Weighed(piece.text, chosen is not None, ranked.index(forms) + 1, reason)


def _shortest(forms: tuple[Piece, ...], job: Job) -> Piece:
    return min(forms, key=lambda piece: job.profile.weigh(piece.text))


def _told(job: Job, piece: Piece, whole: Piece) -> str:
    names = job.source.chooser.worths[piece.text].names
    told = [words for name, words in _TELLS.items() if name in names][:_TELLING]
    said = f"tells {', '.join(told)}" if told else _without_marks(piece)
    return said if piece is whole else f"{said}; shortened"


def _without_marks(piece: Piece) -> str:
    if piece.leads:
        return "begins the article"
    return "goes on from the sentence before it" if piece.inner or piece.leaning else "adds something of its own"


def _reason(piece: Piece, made: Draft, job: Job, used: tuple[Tag, ...]) -> str:
    """Why a usable piece was left; the first reason that holds."""
    choice = made.choice or Choice()
    if "{summary}" not in job.template:
        return "the template has no {summary}"
    if _source(made, job) == "excerpt":
        return "the editor's excerpt is the text"
    if any(says_again(piece.text, one.text) for one in choice.pieces):
        return "says again what is said"
    if choice.under and is_title_again(piece.text, choice.under):
        return "says the title again"
    if piece.wide and not job.source.roomy:
        return "stands only where there is room for paragraphs"
    if piece.glued:
        return "perhaps two lines without a full stop between them"
    if piece.leaning and all(one.at != piece.at - 1 for one in choice.pieces):
        return "needs the sentence before it, which isn't taken"
    if job.source.chooser.weigh(piece.text) > job.room(used):
        return "too long"
    if job.profile.weigh(job.text(f"{made.text} {piece.text}", used)) <= job.limit:
        return "tells too little beside what is said"
    return "no room for it beside what tells more"


def _left(article: Article, job: Job, made: Draft) -> Iterator[Weighed]:
    """What may not stand in a post at all, but for the items of a list that came whole."""
    _, left = pool(article, job.language, str, job.kind.kind)
    told = "\n".join(piece.text for piece in made.choice.pieces) if made.choice else ""
    for one in left:
        if one.text not in told:
            yield Weighed(one.text, taken=False, rank=0, reason=_LEFT.get(one.reason, one.reason))
    yield from _passed_over(article, job.language)


def _passed_over(article: Article, language: str) -> Iterator[Weighed]:
    """Blocks that no sentence is taken from at all."""
    read = {block.text for block in news_blocks(article, language)}
    places = [number for number, block in enumerate(article.blocks) if block.text in read] or [0]
    for number, block in enumerate(article.blocks):
        if block.kind is BlockKind.HEADING:
            yield Weighed(block.text, taken=False, rank=0, reason="a heading")
        elif block.text not in read:
            between = "above the letter" if number < places[0] else "beside the news: a note, an answer, a chapter"
            reason = "after the end of the news" if number > places[-1] else between
            quoted = block.kind is BlockKind.QUOTE
            yield Weighed(block.text, taken=False, rank=0, reason="a quotation apart" if quoted else reason)


def _parts(job: Job, made: Draft, used: tuple[Tag, ...], whole: int) -> Iterator[Part]:
    """The parts and their weights, which make the whole; "rest" is what stands between them."""
    if not whole:
        return
    head = job.title or (made.choice.head if made.choice else "")
    named = {
        "title": head,
        "words": made.text.removeprefix(head).strip(),
        "facts": job.facts,
        "link": job.link if job.profile.link_in_text else "",
        "hashtags": " ".join(tag.tag for tag in used),
    }
    parts = [Part(name, job.profile.weigh(text)) for name, text in named.items() if text]
    yield from parts
    rest = whole - sum(part.weight for part in parts)
    if rest > 0:
        yield Part("rest", rest)


def _unused(
    article: Article, rules: TagRules, language: str, tags: tuple[Tag, ...], used: tuple[Tag, ...]
) -> Iterator[Unused]:
    """The tags that there was no room for, then the categories and tags of the article that became none."""
    for tag in tags:
        if tag not in used:
            yield Unused(tag.tag, "left out: without it the words are better")
    wide = choose_tags(article, replace(rules, max=_MANY_TAGS, languages={}), language)
    for tag in wide:
        if tag not in tags:
            yield Unused(tag.tag, f"one more than max = {rules.max} allows")
    known = {tag.source.partition(":")[2] for tag in wide} | {fold(phrase) for phrase in rules.map}
    made = {fold(tag.tag) for tag in wide}
    for term in article.terms:
        if term not in known and fold(term) not in known and fold(hashtag(term)) not in made:
            yield Unused(term, _why_no_tag(term, article, rules))


def _why_no_tag(term: str, article: Article, rules: TagRules) -> str:
    folded = fold(term)
    if folded in {fold(one) for one in rules.ignore}:
        return "your settings ignore it"
    if is_drawer(term):
        return "too general a word"
    if not hashtag(term):
        return "makes no hashtag that can be read"
    body = fold("\n".join((article.title, *(block.text for block in article.blocks))))
    return "too general a word" if stands_in(folded, body, plural=True) else "the text doesn't speak of it"
