"""Which hashtags a post gets: the campaign's always, then the map's, then the article's own terms, else its names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from crosspost.compose.clean import fold
from crosspost.compose.words import generic_terms, words
from crosspost.core.entry import Article
from crosspost.core.policy import TagRules
from crosspost.core.post import Tag

MAX_LETTERS = 32  # a longer tag is a sentence that nobody can read
MAX_WORDS = 5
_FEWEST_LETTERS = 3  # "#UN" is one, "#Lã" could be anything
_ACRONYM_LETTERS = 7  # "UNESCO", "MINUSCA"; a longer word in capitals is shouting


def choose_tags(article: Article, rules: TagRules, language: str) -> tuple[Tag, ...]:
    """The campaign's tags, then topical ones up to `rules.max` in all; none twice by case or accents."""
    own = rules.for_language(language)
    chosen: dict[str, Tag] = {}
    for fixed in own.campaign:
        chosen.setdefault(_key(fixed), Tag(_signed(fixed), "campaign"))
    for tag in _topical(article, own, language, frozenset(chosen)):
        if len(chosen) >= max(own.max, len(own.campaign)):
            break
        chosen.setdefault(_key(tag.tag), tag)
    return tuple(chosen.values())


def hashtag(term: str) -> str:
    """A term as a hashtag: CamelCase, "_" between words of scripts without capitals; "" if it can't be one."""
    term = re.sub(r"(?<=[a-z])['’]s\b", "s", term)
    parts = [part for part in re.split(_BETWEEN, term.replace("\u200c", "_").replace("\u200d", "")) if part]
    parts = [part for part in (_letters(part) for part in parts) if part]
    if not parts or len(parts) > MAX_WORDS:
        return ""
    cased = any(char.isupper() or char.islower() for char in term)
    body = "".join(_capital(part) for part in parts) if cased else "_".join(parts)
    body = unicodedata.normalize("NFC", body).strip("_")
    valid = any(unicodedata.category(char)[0] == "L" for char in body) and 1 < len(body) <= MAX_LETTERS
    if cased and len(body) < _FEWEST_LETTERS and not (body.isupper() and body.isascii()):
        return ""
    return f"#{body}" if valid and unicodedata.category(body[0])[0] != "M" else ""


_NEWS = frozenset(("news", "actualites", "noticias", "nouvelles", "notizie", "nachrichten", "neuigkeiten", "nieuws"))
_ACRONYM = re.compile(r"\b[A-Z]{3,7}\b")
_LINK = r"(?:(?:of|the|de|du|des|del|da|do|dos|la|le|les|van) |d['’]|l['’])*"
_CAPITAL = r"[A-ZÀ-Þ][a-zß-ÿ]+"
_FULL_NAME = re.compile(
    rf"(?:The )?{_CAPITAL}(?:[ -]{_LINK}{_CAPITAL}(?:['’]s)?){{1,2}}\b(?! (?:of|under|and|de|du|des) )"
)
_NOUN = re.compile(r"(?<=[\w,] )[A-ZÄÖÜ][a-zäöüß]{5,}\b")  # where every noun has a capital
_CASES = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")  # Greek and Cyrillic words change their endings with the case
_CASE_STEM = 4  # letters that stay
_FEW, _SHOUTED = 2, 0.75
_BETWEEN = re.compile(r"[\s\-‐‑–—/'’ʼ.,:;·&+|()«»“”\"]+")


def _letters(part: str) -> str:
    return "".join(char for char in part if unicodedata.category(char)[0] in "LM" or char.isdecimal() or char == "_")


def _capital(part: str) -> str:
    if part.isupper() and len(part) > _ACRONYM_LETTERS:
        part = part.lower()
    head = part[:1].upper()
    return (head if len(head) == 1 else part[:1]) + part[1:]  # "ß" has no capital of one letter


def _signed(tag: str) -> str:
    return unicodedata.normalize("NFC", tag if tag.startswith("#") else f"#{tag}")


def _key(tag: str) -> str:
    return re.sub(r"[#_]", "", fold(tag))


def _topical(article: Article, rules: TagRules, language: str, taken: frozenset[str]) -> Iterator[Tag]:
    title = fold(article.title)
    body = fold("\n".join(block.text for block in article.blocks))
    terms = {fold(term): term for term in article.terms}
    for phrase, tag in rules.map.items():
        known = fold(phrase)
        if known in terms or stands_in(known, title) or stands_in(known, body):
            yield Tag(_signed(tag), f"map:{phrase}")
    yield from _own_terms(article, title, body, rules, language, taken)


def _own_terms(
    article: Article, title: str, body: str, rules: TagRules, language: str, taken: frozenset[str]
) -> Iterator[Tag]:
    """The article's terms as tags: those that it speaks of, telling ones first; without any, the others.

    One that says no more than a tag that is `taken` is none.
    """
    terms = {fold(term): term for term in article.terms}
    ignored: frozenset[str] = generic_terms() | {fold(term) for term in rules.ignore}
    mapped = {fold(phrase) for phrase in rules.map}
    usable = [
        (folded, term, tag)
        for folded, term in terms.items()
        if folded not in ignored
        and _NEWS.isdisjoint(folded.split())
        and folded not in mapped
        and (tag := hashtag(term))
        and _key(tag) not in taken
    ]
    spoken = [one for one in usable if any(stands_in(one[0], text, plural=True) for text in (title, body))]
    whole = "\n".join((article.title, *(block.text for block in article.blocks)))
    ranked = sorted(
        spoken,
        key=lambda one: (
            _is_section(one[1], whole),
            _is_plain(one[1]),
            not stands_in(one[0], title, plural=True),
        ),
    )
    for _, term, tag in ranked or usable:
        yield Tag(tag, f"term:{term}")
    if not usable:
        yield from _names(article, ignored | frozenset(terms), language)


def _names(article: Article, ignored: frozenset[str], language: str) -> Iterator[Tag]:
    """Of an article without a usable term: acronyms and names of its title, then of its text; in German a noun."""
    body = "\n".join(block.text for block in article.blocks)
    known = words(language)
    candidates = [*_named(article.title), *(one for one in _ACRONYM.findall(body) if body.count(one) > 1)]
    lead = "\n".join(block.text for block in article.blocks[:2])
    if language == "de":
        candidates += _NOUN.findall(article.title)
    else:
        candidates += [name for name in _named(lead) if " " in name or body.count(name) > 1]
    for name in dict.fromkeys(candidates):
        tag = hashtag(name)
        usual = {fold(name), fold(name.split()[0])} & (known.stop | known.months)
        if tag and fold(name) not in ignored and not usual and re.search(rf"(?<!\w){re.escape(name)}", body):
            yield Tag(tag, f"name:{name}")


def _named(text: str) -> list[str]:
    """The acronyms and names of a text, unless every word of it has a capital."""
    if text.upper() == text:
        return []
    telling = [word[0].isupper() for word in re.findall(r"[^\W\d_]{4,}", text)]
    shouted = len(telling) > _FEW and sum(telling) > _SHOUTED * len(telling)
    names = () if shouted else (name.removeprefix("The ") for name in _FULL_NAME.findall(text))
    return [*_ACRONYM.findall(text), *names]


def _is_plain(term: str) -> bool:
    """One word in lower case ("court") says less than a name or several words."""
    return term.islower() and not re.search(r"[\s-]", term)


def _stem(word: str) -> str:
    """A word less the ending that its case may change."""
    return word[: -min(2, max(0, len(word) - _CASE_STEM))] if len(word) > _CASE_STEM else word


def _is_section(term: str, text: str) -> bool:
    """Whether one word has a capital that the text doesn't give it: "Outings", a drawer of the site's."""
    if len(term.split()) > 1 or not term[:1].isupper() or term.isupper():
        return False
    root = re.escape(term[1:].removesuffix("s"))
    small = len(re.findall(rf"(?<!\w){re.escape(term[0].lower())}{root}s?(?!\w)", text))
    return small > len(re.findall(rf"(?<!\w){re.escape(term[0])}{root}s?(?!\w)", text))


def stands_in(phrase: str, text: str, *, plural: bool = False) -> bool:
    """Whether the folded phrase stands in the folded text as whole words; with `plural` a final "s" is no matter.

    In scripts without capitals words grow prefixes ("والأمم") or have no blanks: there any place counts.
    """
    if not phrase:
        return False
    if (
        phrase in text
        and not any(char.islower() for char in phrase)
        and any(unicodedata.category(char) == "Lo" for char in phrase)
    ):
        return True
    if plural and _CASES.search(phrase):
        forms = r"[\s-]+".join(f"{re.escape(_stem(word))}\\w{{0,3}}" for word in re.split(r"[\s-]+", phrase) if word)
        return bool(re.search(rf"(?<!\w){forms}(?!\w)", text))
    stem, ending = (phrase.removesuffix("s"), "s?") if plural and len(phrase) > 4 else (phrase, "")
    return bool(re.search(rf"(?<!\w){re.escape(stem)}{ending}(?!\w)", text))
