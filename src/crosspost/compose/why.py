"""The account of one composition: which pieces were taken, which were left and why, what each part weighs."""

from __future__ import annotations

from collections.abc import Iterator

from crosspost.compose.again import is_title_again, says_again
from crosspost.compose.choose import Choice
from crosspost.compose.fit import Job, best_draft, job_of
from crosspost.compose.pool import Left, Piece, pool
from crosspost.compose.summary import Draft, Rank
from crosspost.core.entry import Article
from crosspost.core.policy import Target
from crosspost.core.post import Profile, Tag
from crosspost.core.why import Part, Weighed, Why


def why(article: Article, target: Target, profile: Profile) -> Why:
    """Why `compose` makes what it makes of this article for this target. Pure, and by the same steps."""
    job, tags = job_of(article, target, profile)
    made, used = best_draft(job, tags)
    _, left = pool(article, job.language, str, job.kind.kind)
    return Why(
        kind=job.kind.kind.value,
        kind_reason=job.kind.why,
        language=job.language,
        source=_source(made, job),
        pieces=(*_weighed(job, made), *_left(left)),
        tags=used,
        parts=tuple(_parts(job, made, used)),
        room=job.limit,
    )


def _source(made: Draft, job: Job) -> str:
    if made.rank is Rank.NONE or not made.text:
        return "title" if job.title else "nothing"
    if job.source.excerpt and (made.text in job.source.excerpt or job.source.excerpt in made.text):
        return "excerpt"
    return "article" if made.choice and made.choice.pieces else "title"


def _weighed(job: Job, made: Draft) -> Iterator[Weighed]:
    """The pieces in the article's order, each with its rank by what it tells alone."""
    chooser = job.source.chooser
    ranked = sorted(chooser.pieces, key=lambda piece: -chooser.alone(piece))
    taken = made.choice.pieces if made.choice else ()
    for piece in chooser.pieces:
        chosen = piece in taken
        reason = _reason(piece, made, job) if not chosen else _told(job, piece)
        yield Weighed(piece.text, chosen, ranked.index(piece) + 1, reason)


def _told(job: Job, piece: Piece) -> str:
    names = job.source.chooser.worths[piece.text].names - {"word", "topic"}
    return f"tells {', '.join(sorted(names))}" if names else "goes on from what is said before it"


def _reason(piece: Piece, made: Draft, job: Job) -> str:
    """Why a usable piece was left; the first reason that holds."""
    choice = made.choice or Choice()
    if _source(made, job) == "excerpt" and not choice.pieces:
        return "the editor's excerpt is the text"
    if any(one.at == piece.at for one in choice.pieces):
        return "another form of it was taken"
    if any(says_again(piece.text, one.text) for one in choice.pieces):
        return "says again what is said"
    if choice.under and is_title_again(piece.text, choice.under):
        return "says the title again"
    if piece.glued:
        return "perhaps two lines without a full stop between them"
    if piece.leaning and all(one.at != piece.at - 1 for one in choice.pieces):
        return "leans on a sentence that isn't taken"
    return "others tell more in the room there is"


def _left(left: tuple[Left, ...]) -> Iterator[Weighed]:
    return (Weighed(one.text, taken=False, rank=0, reason=one.reason) for one in left)


def _parts(job: Job, made: Draft, used: tuple[Tag, ...]) -> Iterator[Part]:
    """The parts and their weights; blanks and line breaks between them are what is missing to the whole."""
    link = job.link if job.profile.link_in_text else ""
    head = job.title or (made.choice.head if made.choice else "")
    words = made.text.removeprefix(head).strip()
    named = {"title": head, "words": words, "link": link, "hashtags": " ".join(tag.tag for tag in used)}
    return (Part(name, job.profile.weigh(text)) for name, text in named.items() if text)
