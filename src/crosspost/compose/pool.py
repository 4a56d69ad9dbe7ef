"""Which pieces of an article may stand in a post at all: sentences, lines and lists, less what is no news."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from crosspost.compose.again import words_in
from crosspost.compose.blocks import (
    is_credits,
    is_furniture,
    is_link,
    is_noise,
    news_blocks,
    points,
    signs_off,
    without_button,
    without_dateline,
    without_greeting,
    without_number,
    without_update,
)
from crosspost.compose.clean import squash
from crosspost.compose.contrasts import units
from crosspost.compose.facts import has_date, is_appointment
from crosspost.compose.interviews import ANSWER_WORDS, beginning, exchanges, needs_question
from crosspost.compose.kind import Kind
from crosspost.compose.language import is_foreign
from crosspost.compose.layout import COMMAS, begun, head_of, lined, listed
from crosspost.compose.letters import Letter, addresses, letter, quoted
from crosspost.compose.lists import Listing, below_each_other, bulleted, labels, listing
from crosspost.compose.pieces import Form, Left, Piece
from crosspost.compose.sentences import balanced, ends_whole, sentences
from crosspost.compose.shorten import variants, without_pointer
from crosspost.compose.standing import (
    FURNITURE,
    TOO_SHORT,
    introduces,
    is_glued,
    is_line,
    label_of,
    leans_back,
    why_not,
)
from crosspost.compose.tokens import FULL_NAME, NAME
from crosspost.compose.words import Words, words
from crosspost.core.entry import Article, Block, BlockKind

MAX_PIECES = 60  # pieces that are looked at; news stands at the beginning
_SUBJECT = re.compile(rf"(?:(?:Mr|Mrs|Ms|Dr|Mme|Sra?|Sig)\.? )?({NAME}) (?=[a-zß-ÿа-яё])")
_FRENCH_LABEL = re.compile(r"^([^:\d]{1,39}[^\s:\u00a0]): ")  # tables and lists give "Durée: trois mois"
_TELLING_ITEM = 6  # words of an item that says itself what it is; under "Closed on" a mere day doesn't
_LEADING = 1  # the last block that news may begin in
_FIRST_BLOCKS = 2  # that a greeting may stand in
_MOST_ITEMS = 12  # of a list under a sentence
_MAX_ITEMS, _MAX_LIST, _MAX_DEMAND = 6, 460, 640
_BAN = 6  # words of a heading or a label
_LAST = 10_000  # the block number of what is taken from behind an interview's first question
_FEW = 10  # characters


@dataclass(slots=True)
class _Gathering:
    """The pieces so far."""

    language: str
    known: Words
    harmless: Callable[[str], str]
    kind: Kind
    title: str = ""
    pieces: list[Piece] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    at: int = 0
    leads: bool = True
    last: int = 0  # the last block's number
    key: bool = False  # the last heading was "What we found" or the like
    question: str = ""  # the heading right above, where it asks
    ban: str = ""  # the heading right above, where it asks for what follows or forbids it: "Please leave at home"
    headed: bool = False  # the last block was a heading: it needs nothing before it, whatever it begins with
    before: str = ""  # the last block's text
    links: tuple[str, ...] = ()  # the block's links that say "here" or "this form"
    people: dict[str, str] = field(default_factory=dict)  # each part of a full name that was read → the name
    above: int = -1  # the block right above the list that the article is
    letter: Letter | None = None
    own: bool = False  # the block is the letter's own
    labelled: bool = False  # the letter's address stands before an earlier sentence

    def read(self, block: Block, number: int) -> None:
        """A heading, for what stands under it, or a paragraph or line."""
        self.headed = block.kind is BlockKind.HEADING
        if not self.headed:
            self.take(block, number)
        self.key = bool(self.known.findings.search(block.text)) if self.headed else self.key
        self.question = block.text if self.headed and block.text[-1] in "?؟？" else ""
        says = self.headed and not self.question and len(block.text.split()) <= _BAN
        says = says and (self.kind is Kind.LIST or bool(self.known.plea.search(block.text)))
        self.ban = block.text.rstrip(".:! \u00a0") if says else ""

    def _is_denied(self, text: str) -> bool:
        """Whether a label denies what follows it, "What we don't take: …": alone it says nothing of what one does."""
        label = label_of(text)
        return len(label.split()) <= _BAN and bool(self.known.nots & set(words_in(label)))

    def take(self, block: Block, number: int) -> None:
        """A paragraph or a line: its sentences, or the line as it stands."""
        self.own = self.letter is not None and self.letter.holds(block.text)
        block = without_number(without_update(without_button(block), self.known), self.known)
        block = without_greeting(block, self.known) if number <= _FIRST_BLOCKS else block
        self.at += 1  # whatever stands between two blocks parts their sentences
        single = len(sentences(block.text, self.language)) == 1
        if is_furniture(block.text, self.known, whole=single, leading=number <= _LEADING):
            self.left.append(Left(block.text, "furniture"))
        elif number >= self.last - 1 and signs_off(block.text, self.known):
            self.left.append(Left(block.text, "a name and an address"))
        elif is_credits(block.text, self.known):
            self.left.append(Left(block.text, "furniture"))
        elif is_foreign(block.text, self.language):
            self.left.append(Left(block.text, "another language"))
        elif is_line(block, self.known):
            text = _FRENCH_LABEL.sub("\\1\u00a0: ", block.text) if self.language == "fr" else block.text
            self._line(self.harmless(text), number)
        else:
            self.links = tuple(link.text for link in block.links if points(link.text, self.known))
            text = without_dateline(block.text, self.known)
            if self.ban:
                colon = "\u00a0:" if self.language == "fr" else ":"
                text = f"{self.ban}{colon} {text}"
            self.question = self.question if needs_question(text, self.known, self.kind) else ""
            self._question_with_answer(replace(block, text=text), number)
            self._paragraph(text, number)
            self.links = ()
        self.before = block.text

    def _line(self, text: str, number: int) -> None:
        """A line; lines with an hour that follow each other are a programme, which comes whole or not at all."""
        before = self.pieces[-1] if self.pieces else None
        if (
            before
            and before.form is Form.LINE
            and number - before.block == 1 + before.text.count("\n")
            and (is_appointment(text, self.language) and is_appointment(before.text, self.language))
        ):
            self.pieces[-1] = replace(before, text=f"{before.text}\n{text}")
            return
        self.at += 1
        wide = True if self._is_denied(text) else None
        self.pieces.append(Piece(text, number, self.at, leaning=False, leads=False, form=Form.LINE, wide=wide))

    def _paragraph(self, text: str, number: int) -> None:
        inner, asked = False, self.question
        whole = begun(text, self.before)
        self.leads = self.leads and (whole == text or self.before.endswith(COMMAS))
        for said in units(tuple(sentences(whole, self.language)), self.known):
            pointer = next((text for text in self.links if text in said), "")
            sentence = without_pointer(said, pointer, self.known) if pointer else said
            due = has_date(sentence, self.language) and self.known.deadline.search(sentence)
            lost = bool(pointer) and pointer in sentence and not due  # a last day is worth "this form"
            reason = "it points to a link" if lost else why_not(sentence, self.known, leading=number <= _LEADING)
            introducing = number == self.above and reason == FURNITURE and introduces(sentence, self.known)
            reason = "" if introducing else reason
            word = reason == TOO_SHORT and (
                sentence == whole or not re.search(r"[\d()]", sentence)
            )  # "Thank you.", not "Mill Gate (site 8)."
            if word or (sentence[-1] in "?؟？" and reason in ("", TOO_SHORT)):
                asked = f"{asked} {sentence}".strip()
                continue
            told = squash(asked) not in squash(self.title)  # "Why we need more? …" under a title that says so
            self._sentence(asked if told else "", sentence, reason, number, inner=inner)
            self._with_the_list_alone(introducing=introducing)
            asked = ""
            inner = True
        if asked and asked[-1] not in "?؟？" and inner and self.pieces and self.pieces[-1].at == self.at:
            self._with_the_last_word(self.harmless(asked))
        elif asked and asked[-1] not in "?؟？" and not inner and len(asked.split()) > 1:
            self.at += 1
            self._by_itself(self.harmless(asked), number, Form.SENTENCE)
        elif asked:
            self.left.append(Left(asked, "a question without an answer" if asked[-1] in "?؟？" else TOO_SHORT))

    def _sentence(self, asked: str, sentence: str, reason: str, number: int, *, inner: bool) -> None:
        """A sentence in all the forms that it may come in, with the question or the word before it."""
        self.at += 1
        if reason == TOO_SHORT and any(map(str.isalpha, sentence)):  # "3." is none
            self.pieces.append(Piece(self.harmless(sentence), number, self.at, False, inner, leads=False, wide=True))
        elif reason:
            self.left.append(Left(sentence, reason))
            if ends_whole(sentence) and not is_noise(sentence, self.known):
                self.leads = False
        if reason:
            return
        needed = "?" in asked and leans_back(sentence, self.known, self.kind)  # "And the Nordet? It stays closed"
        alone = "?" not in asked or (len(sentence.split()) >= ANSWER_WORDS and not needed)
        forms = [f"{asked} {sentence}".strip(), *(variants(sentence, self.known) if alone else ())]
        if asked and alone and not self.known.demonstrative.search(sentence):  # "Nine answered. In those nine …"
            forms.insert(1, sentence)
        for form in forms:
            text = self.harmless(self.known.stale.sub("", form))
            addressed = self.own and addresses(form, self.known)
            if addressed and not (text := self._quotation(text)):
                continue
            leaning, glued = leans_back(form, self.known, self.kind), is_glued(form.replace(self.title, ""), self.known)
            whom = self._whom(text)
            short = len(form) < len(sentence) - _FEW and text[:_FEW] == sentence[:_FEW]
            anew = addressed and text[0] not in self.known.quotes[0]  # behind the letter's address
            piece = Piece(
                text, number, self.at, leaning, inner and not anew, self.leads, glued, key=self.key, whom=whom
            )
            narrow = False if self.question and form.startswith(self.question) else None
            roomy = addressed or self._is_denied(form)
            self.pieces.append(replace(piece, short=short, wide=True if roomy else narrow))
        if not self.pieces or self.pieces[-1].at != self.at:
            self.left.append(Left(sentence, "says “you” to whom the letter goes to"))
        self.leads = self.key = False
        self.people |= {part: name for name in FULL_NAME.findall(sentence) for part in name.split()}

    def _quotation(self, text: str) -> str:
        """A letter's sentence that says "you": as a quotation, behind the address where no title calls it a letter."""
        made = quoted(text, self.known)
        if not made or self.letter is None or self.letter.named:
            return made
        if self.labelled and not self.known.plea.search(text):
            return ""
        self.labelled = True
        return f"{self.letter.to} {made}"

    def _question_with_answer(self, block: Block, number: int) -> None:
        """Where there is room, a heading that asks stands with the beginning of its answer, or not at all."""
        answer = beginning(block, self.known) if self.question and not self.links else ""
        if answer:
            self.at += 2
            self._list(f"{self.question}\n{answer}", number, wide=True)
            self.at += 1

    def _by_itself(self, text: str, number: int, form: Form) -> None:
        """What says little by itself, where there is room: it stands with what was before it."""
        self.pieces.append(Piece(text, number, self.at, form is Form.LIST, leads=False, form=form, wide=True))

    def _with_the_last_word(self, text: str) -> None:
        """Where there is room, what a paragraph ends on comes with the sentence before it."""
        first = next(one for one in self.pieces if one.at == self.at)
        place = self.pieces.index(first)
        self.pieces[place:] = [
            replace(first, text=f"{first.text} {text}", wide=True),
            *(replace(one, wide=False) if one.wide is None else one for one in self.pieces[place:]),
        ]

    def _with_the_list_alone(self, *, introducing: bool) -> None:
        """What announces the list ("Here are five free evenings") stands only where the list does."""
        if introducing:
            at = self.pieces[-1].at
            self.pieces = [replace(one, wide=True) if one.at == at else one for one in self.pieces]

    def _whom(self, text: str) -> str:
        """The full name that was read before of whom the sentence begins with: "Hattie wants a date"."""
        found = _SUBJECT.match(text)
        name = (
            self.people.get(found[1], "") if found and self.language != "de" else ""
        )  # where every noun has a capital
        return "" if name and name in text else name

    def take_list(self, head: str, items: list[Block], number: int) -> None:
        """A list with the line before it: one sentence "We ask for: a; b; c.", else its items below their head."""
        if not items:
            return
        self.at += 2
        texts = [item.text.rstrip(" ;,.\u00a0") for item in items if not is_noise(item.text, self.known)]
        asked = self.letter is not None and bool(self.known.plea.search(head))
        joining = self.known.joining.match(head) if asked else None
        head = head[joining.end()].upper() + head[joining.end() + 1 :] if joining else head
        text = listed(head, texts) if len(texts) <= _MAX_ITEMS else ""  # half of what is asked for isn't it
        telling = all(has_date(one, self.language) and len(one.split()) >= _TELLING_ITEM for one in texts)
        if text and self.headed and telling and not self.known.status.search(head):
            text = "\n".join(f"• {one}" for one in texts)  # days say themselves what they are
        text = "" if "\n" in text and self.kind is Kind.LIST else text  # such a list comes as its items
        small = "\n" in text and bool(self.known.nots & set(words_in(head)))  # "what we don't mend"
        most = _MAX_DEMAND if asked else _MAX_LIST
        usable = len(texts) > 1 and text and len(text) <= most and balanced(text) and not all(map(is_link, items))
        if usable and not is_furniture(head, self.known):
            leaning = not (self.headed or asked) and leans_back(head, self.known, self.kind)
            whole, wide = self.harmless(text), True if small else None
            if asked and "\n" not in text and addresses(text, self.known):
                whole, wide = self._quotation(whole) or whole, True
            self.pieces.append(Piece(whole, number, self.at, leaning, leads=False, form=Form.LIST, wide=wide))
        elif not head and 1 < len(texts) <= _MOST_ITEMS and len(text := bulleted(texts)) <= _MAX_LIST:
            self._by_itself(self.harmless(text), number - len(items) + 1, Form.LIST)
        else:
            self.left += [Left(one, "an item without its head") for one in texts]
        asking = self.known.plea.search(head) or any(text[:1].islower() for text in texts)
        if self.known.findings.search(head) and not asking:
            self._findings(texts, number)

    def _list(self, text: str, number: int, *, wide: bool | None) -> None:
        text = self.harmless(text)
        self.pieces.append(Piece(text, number, self.at, leaning=False, leads=False, form=Form.LIST, wide=wide))

    def _findings(self, texts: list[str], number: int) -> None:
        """Each figure under "What we found" by itself, where there is no room for all of them."""
        for text in texts:
            self.at += 1
            told = re.search(r"\d", text) or self.known.counts.search(text)
            if (
                told
                and len(text.split()) >= _TELLING_ITEM
                and balanced(text)
                and not leans_back(text, self.known, self.kind)
            ):
                self._list(f"• {text}", number, wide=False)

    def join_repeated(self) -> None:
        """Lines whose label comes twice belong to the line before them: "Session 2: …", "Topic: …"."""
        label = {piece.at: label_of(piece.text) for piece in self.pieces if piece.form is Form.LINE}
        often = {one for one, count in Counter(label.values()).items() if one and count > 1}
        joined = list[Piece]()
        for piece in self.pieces:
            before = joined[-1] if joined else None
            follows = before and before.form is Form.LINE and piece.block == before.block + 1 + before.text.count("\n")
            if before and follows and label.get(piece.at) in often:
                joined[-1] = replace(before, text=f"{before.text}\n{piece.text}")
            else:
                joined.append(piece)
        self.pieces = joined

    def take_exchange(self, text: str) -> None:
        """A question of an interview with its answer, where there is room for paragraphs."""
        if text:
            self.at += 2
            self._list(text, _LAST + self.at, wide=True)

    def take_listing(self, found: Listing | None, number: int) -> None:
        """An article that is a list: all its items with what they say; where there is little room, their labels."""
        if found is None or number != min(found.blocks):
            return
        self.at += 2
        many, few = below_each_other(found.entries), labels(found.entries)
        for text, wide in ((many, True), (few, False if many else None)):
            if text and balanced(text):
                self._list(text, number, wide=wide)
        self.at += 1


def pool(
    article: Article, language: str, harmless: Callable[[str], str], kind: Kind = Kind.NEWS
) -> tuple[tuple[Piece, ...], tuple[Left, ...]]:
    """The usable pieces in their order, and what was left and why. `harmless` defuses each."""
    made = _Gathering(language, words(language), harmless, kind, article.title)
    blocks = tuple(news_blocks(article, language))
    made.letter = letter(article, made.known) if kind is Kind.LETTER else None
    made.last = max(2, len(blocks) - 1)
    laid = lined(blocks, language, kind)
    found = listing(laid, article.title, made.known) if kind is Kind.LIST else None
    apart = found.blocks if found else ()
    made.above = min(apart, default=0) - 1
    head, group = "", list[Block]()
    for number, block in enumerate(laid):
        if number in apart:
            made.take_listing(found, number)
            continue
        if block.kind is BlockKind.ITEM:
            group.append(block)
            continue
        if group:
            made.take_list(head, group, number - 1)
            group, made.ban = [], ""
        head = head_of(block, language)
        made.read(block, number)
        if len(made.pieces) >= MAX_PIECES:
            break
    made.take_list(head, group, len(laid))
    made.join_repeated()
    for one in exchanges(article, made.known) if kind is Kind.INTERVIEW else ():
        made.take_exchange(one)
    return tuple(made.pieces[:MAX_PIECES]), tuple(made.left)
