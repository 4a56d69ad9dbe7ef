"""HTML as WordPress sites write it → lines of text by kind, with their links and pictures. One pass, no recursion."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crosspost.compose.clean import clean
from crosspost.compose.tables import as_head, headed, labelled, row
from crosspost.core.entry import Block, BlockKind, Link, Media

MAX_HTML = 2_000_000  # characters that are read; a feed is at most 10 MB, an article a fraction of it
MAX_DEPTH = 200  # the parser's time grows with the square of the depth; no article nests this deep
MAX_URL = 2_000


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VOID = _names("area base br col embed hr img input link meta param source track wbr")
_CLOSES_ITSELF = _names("p li td th tr dt dd option thead tbody")
_BLOCK = _names(
    "address article blockquote body center dd details div dl dt fieldset figure h1 h2 h3 h4 h5 h6 header hgroup hr"
    " html li main ol p pre section summary table tbody td tfoot th thead tr ul"
)
_DROP = _names(
    "applet area aside audio base button canvas caption datalist dialog embed figcaption footer form frame frameset"
    " head iframe input label legend link map math menu meta nav noembed noframes noscript object optgroup option param"
    " progress script select source style svg template textarea title track video"
)
_HEADINGS = _names("h1 h2 h3 h4 h5 h6")
_ITEMS = _names("li")
# Names of share bars, related posts, captions, footnotes and other furniture, by the plugins that make them.
_DROP_NAME = re.compile(
    r"""^(?:
    sharedaddy|sd-(?:block|content|title|social).*|jp-relatedposts.*|jp-post-flair|addtoany.*|a2a_.*|ssba.*|heateor.*|
    essb.*|shariff.*|social-?(?:share|sharing|links|icons|buttons).*|share-?(?:buttons?|bar|links?|this|icons?)|
    sharing.*|wp-block-(?:social-links?|embed.*|latest-posts.*|latest-comments.*|post-(?:title|date|author|terms|
    navigation.*|comments.*|excerpt)|query.*|search|categories.*|tag-cloud|archives.*|rss|navigation.*|pullquote|
    loginout|jetpack-subscriptions.*|button-share)|
    related-?(?:posts?|articles?|content)|relatedposts|yarpp.*|crp_related|rp4wp.*|
    wp-caption-text|wp-element-caption|gallery-caption|caption|image-credit|photo-credit|
    screen-reader-text|sr-only|visually-hidden|visuallyhidden|
    footnotes?|footnote-?ref|footnote_.*|easy-footnote.*|mfn-.*|modern-footnotes.*|fn-?ref|references|wp-block-footnotes|
    reading-?time|rt-reading-time|span-reading-time|rt-label|more-link|read-more|readmore|
    newsletter.*|mc4wp.*|wpcf7.*|gform_.*|wpforms.*|mailpoet.*|jetpack_subscription.*|
    cookie-?(?:notice|banner|consent).*|breadcrumbs?|toc|toc_container|ez-toc.*|lwptoc.*|table-of-contents|
    author-?(?:box|bio|info)|entry-(?:meta|footer)|post-?(?:meta|tags|navigation|views.*)|comments?-?(?:area|respond)?|
    twitter-tweet|instagram-media|fb-(?:post|video|page)|tiktok-embed|embed-.*|advertisement|ads?-.*|printfriendly|
    donation-form|wp-playlist.*|mejs-.*|swiper.*|hidden
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_CAPTION = re.compile(r"\[caption[^\[\]]{0,500}\]([^\[]{0,4000})\[/caption\]", re.IGNORECASE)
_PLAYER = re.compile(r"\[(embed|video|audio|playlist|code)\b[^\[\]]{0,500}\][^\[]{0,2000}\[/\1\]", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_SHORTCODE = re.compile(
    r"\[/?[a-z][\w-]*(?: [^\[\]=]{0,60}=[^\[\]]{0,2000})/?\]|\[/[a-z][\w-]*\]|\[[a-z]+(?:_[a-z]+)+/?\]"
    r"|\[(?:gallery|embed|toc|caption|video|audio|playlist|contact-form-7|contact-form|hr|clear)/?\]"
)
_FOOTNOTE = re.compile(r"(?<=\S)[ \u00a0]?\[(?:\d{1,3}|note \d{1,3})\]")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_SMALL_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNIT = re.compile(r"(?:^|[\s\d])(?:[kcdm]?m|ha|s|hm|dam)$")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SLANTED = _names("em i cite small address")
_SET_APART = re.compile(
    r"font-style\s*:\s*italic|font-size\s*:\s*(?:x-)?small|text-align\s*:\s*right|has-small-font-size"
    r"|has-text-align-right|\balignright\b",
    re.IGNORECASE,
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")  # where text stands at the right anyhow
_RULE = re.compile(r"\W{2,}|_{2,}|[*•~–—]")
_MOSTLY = 0.8  # of the letters of a paragraph that is all in italics but for a link
_BELOW = 5  # lines at most that a rule parts from an article, and characters
_BELOW_SIZE = 700
_CAPTION_WORDS = 25


@dataclass(slots=True)
class Page:
    """What was read: blocks in order, pictures, and the beginning of the raw text, furniture included."""

    blocks: list[Block] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    raw: str = ""
    rule: int = 0  # how many blocks stand before the last rule


class _Break:
    """A <br>, or a blank line in text that no <p> holds."""


class _Picture:
    """An <img> in running text: what follows on its line may be its caption."""


_BREAK, _PICTURE = _Break(), _Picture()


class _Bold(str):
    """Text that stands in bold."""

    __slots__ = ()


class _Slanted(str):
    """Text in italics or small print, or set apart in another way."""

    __slots__ = ()


_Part = str | Link | _Break | _Picture


@dataclass(slots=True)
class _Reader:
    base: str
    page: Page
    within: Counter[str] = field(default_factory=Counter)
    line: list[_Part] = field(default_factory=list)
    pictured: bool = False  # the last paragraph was a picture alone
    link: tuple[str, int] | None = None  # the address of the open <a>, and where in `line` its text begins
    cells: list[list[Block]] = field(default_factory=list)  # of the open table row
    label: Block | None = None  # a <dt> that waits for its <dd>

    def enter(self, node: LexborNode) -> bool:
        """Take a node in; whether its children are read."""
        tag = node.tag or ""
        if tag == "-text":
            self._text(node.text_content or "")
            return False
        if tag.startswith("-") or _is_furniture(node):
            return False
        if tag in ("sup", "sub"):
            self._raised(node, tag)
            return False
        self._open(node, tag)
        return True

    def _open(self, node: LexborNode, tag: str) -> None:
        if tag in _BLOCK:
            self.flush()
        self.within[tag] += 1
        self.within["*"] += _is_set_apart(node)
        match tag:
            case "hr":
                self.page.rule = len(self.page.blocks)
            case "tr" if self.within["tr"] == 1:
                self.cells = []
            case "td" | "th" if self.within["tr"] == 1:
                self.cells.append([])
            case "br":
                self.line.append(_BREAK)
            case "img":
                self._image(node)
            case "a":
                href = absolute(self.base, node.attributes.get("href") or "")
                self.link = (href, len(self.line)) if href else None
            case _:
                pass

    def leave(self, node: LexborNode) -> None:
        """A node whose children were read ends."""
        tag = node.tag or ""
        if tag == "a":
            self._close_link()
        if tag in _BLOCK:
            self.flush()
        self.within[tag] -= 1
        self.within["*"] -= _is_set_apart(node)
        if tag == "tr" and not self.within["tr"]:
            cells, self.cells = self.cells, []
            self.page.blocks += row(cells)
        if tag == "dl":
            self._keep([])

    def _keep(self, blocks: list[Block]) -> None:
        """Blocks go to the page, or to their table cell; a <dt> is put before what follows it."""
        if self.within["dt"] and len(blocks) == 1:
            self._keep([])
            self.label = blocks[0]
            return
        if self.label:
            label, self.label = self.label, None
            blocks = labelled(label, blocks)
        if self.within["tr"] and self.cells:
            self.cells[-1] += blocks
        else:
            self.page.blocks += blocks

    def _text(self, text: str) -> None:
        text = self._styled(text)
        if self.within["p"] or self.within["pre"] or self._kind() is not BlockKind.PARAGRAPH:
            self.line.append(text)
            return
        for at, part in enumerate(_BLANK_LINE.split(text)):  # "classic" posts whose paragraphs WordPress left unmarked
            if at:
                self.line += [_BREAK, _BREAK]
            self.line.append(self._styled(part))

    def _styled(self, text: str) -> str:
        if self.within["b"] or self.within["strong"]:
            return _Bold(text)
        return _Slanted(text) if self.within["*"] or any(self.within[tag] for tag in _SLANTED) else text

    def _raised(self, node: LexborNode, tag: str) -> None:
        """<sup> and <sub>: "m²" and "XXIᵉ" are text, a footnote's mark isn't."""
        text = clean(node.text())
        before = next((part for part in reversed(self.line) if isinstance(part, str) and part.strip()), "")
        if not text.strip("[]()").isdigit() or tag == "sub":
            self.line.append("" if node.css_first("a[href^='#']") else text)
        elif _UNIT.search(before):
            self.line.append(text.translate(_SMALL_DIGITS))

    def _image(self, node: LexborNode) -> None:
        names = (node.attributes.get("class") or "").split()
        alt = clean(node.attributes.get("alt") or "")[:1_000]
        if "emoji" in names or "wp-smiley" in names:
            self.line.append(alt)
            return
        sources = (node.attributes.get(name) for name in ("data-lazy-src", "data-src", "src"))
        url = next((found for source in sources if (found := absolute(self.base, source or ""))), "")
        if url.startswith("https://"):
            self.page.media.append(Media(url, alt))
        if not self.within["figure"]:
            self.line.append(_PICTURE)

    def _close_link(self) -> None:
        if self.link:
            href, begin = self.link
            text = clean("".join(part for part in self.line[begin:] if isinstance(part, str)))
            if text:
                self.line.append(Link(text[:500], href))
        self.link = None

    def _kind(self) -> BlockKind:
        if any(self.within[tag] for tag in _HEADINGS):
            return BlockKind.HEADING
        if any(self.within[tag] for tag in _ITEMS):
            return BlockKind.ITEM
        return BlockKind.QUOTE if self.within["blockquote"] else BlockKind.PARAGRAPH

    def flush(self) -> None:
        """What was gathered is a block (or several, where it has breaks)."""
        open_link = self.link
        self._close_link()
        line, self.line = self.line, []
        kind = self._kind()
        if kind is BlockKind.HEADING:
            line = [" " if isinstance(part, _Break) else part for part in line]
        for group in _groups(self._without_caption(line) if kind is BlockKind.PARAGRAPH else line):
            if _RULE.fullmatch(_said(group[0]).strip()):
                self.page.rule = len(self.page.blocks)
            blocks = [block for block in (_block(kind, parts) for parts in group) if block]
            blocks = _as_they_look(blocks, group) if kind is BlockKind.PARAGRAPH else blocks
            if blocks:
                self._keep(blocks)
        self.link = (open_link[0], 0) if open_link else None

    def _without_caption(self, line: list[_Part]) -> list[_Part]:
        """A line less what stands under a picture: all in italics, or a few words that are no sentence."""
        words = [part for part in line if isinstance(part, str) and part.strip()]
        beside = any(isinstance(part, _Picture) for part in line)
        under, self.pictured = self.pictured, (beside or self.pictured) and not words
        text = clean("".join(words))
        few = bool(words) and len(text.split()) <= _CAPTION_WORDS
        first = next((part for part in line if not isinstance(part, _Break) and part != " "), None)
        slanted = few and all(isinstance(part, _Slanted) for part in words)
        loose = few and not re.search(r"[\d.!?:;؟。।]", text)
        if (slanted and (beside or under)) or (loose and isinstance(first, _Picture) and _BREAK in line):
            return []
        return line


def _as_they_look(blocks: list[Block], group: list[list[str | Link]]) -> list[Block]:
    """Paragraphs as lines, headings or asides, by their breaks and by what is bold or in italics."""
    if blocks and all(_is_slanted(parts) for parts in group):
        return [replace(block, kind=BlockKind.ASIDE) for block in blocks]
    bold = _is_bold(group[0])
    if len(blocks) > 1:
        blocks = [replace(block, kind=BlockKind.LINE) for block in blocks]
        return headed(blocks) if bold else blocks
    return [as_head(blocks[0])] if blocks and bold else blocks


def _groups(line: list[_Part]) -> Iterator[list[list[str | Link]]]:
    """Lines between single breaks, in groups that double breaks part."""
    group: list[list[str | Link]] = [[]]
    for part in line:
        if isinstance(part, _Picture):
            continue
        if not isinstance(part, _Break):
            group[-1].append(part)
        elif any(isinstance(one, Link) or one.strip() for one in group[-1]):
            group.append([])
        elif len(group) > 1:
            yield group
            group = [[]]
    yield group


def _said(parts: list[str | Link]) -> str:
    return "".join(part for part in parts if isinstance(part, str))


def _is_slanted(parts: list[str | Link]) -> bool:
    """Whether a line is in italics or the like, but for a link perhaps."""
    slanted = sum(len(part.strip()) for part in parts if isinstance(part, _Slanted))
    return slanted >= _MOSTLY * len(_said(parts).strip())


def _is_set_apart(node: LexborNode) -> bool:
    """Whether it is small, in italics or set to the right by its style."""
    given = node.attributes
    found = _SET_APART.search(f"{given.get('style') or ''} {given.get('class') or ''}")
    return bool(found) and not ("right" in found[0] and _RIGHT_TO_LEFT.search(node.text()[:200]))  # type: ignore[index]


def _is_bold(parts: list[str | Link]) -> bool:
    said = [part for part in parts if isinstance(part, str) and part.strip()]
    return bool(said) and all(isinstance(part, _Bold) for part in said)


def _block(kind: BlockKind, parts: list[str | Link]) -> Block | None:
    text = clean(_said(parts))
    text = clean(_FOOTNOTE.sub("", _SHORTCODE.sub(" ", text)))
    if not any(char.isalnum() for char in text) and not text.startswith("##"):  # "###" ends a press release
        return None
    return Block(kind, text, tuple(part for part in parts if isinstance(part, Link))[:20])


def _is_furniture(node: LexborNode) -> bool:
    if node.tag in _DROP:
        return True
    given = node.attributes
    if "hidden" in given or (given.get("aria-hidden") == "true" and node.tag != "img"):
        return True
    if _HIDDEN.search(given.get("style") or ""):
        return True
    names = f"{given.get('class') or ''} {given.get('id') or ''}".split()[:40]
    return any(_DROP_NAME.match(name) for name in names)


def absolute(base: str, href: str) -> str:
    """An absolute http(s) address without control characters, or "" (anchors, mailto, broken ones)."""
    href = "".join(char for char in href.strip() if char.isprintable() and char != " ")
    if not href or href.startswith("#") or len(href) > MAX_URL:
        return ""
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and host and len(url) <= MAX_URL else ""


def _shallow(markup: str) -> str:
    """The markup less the tags that nest deeper than MAX_DEPTH; a break stands in for them."""
    depth = 0

    def keep(found: re.Match[str]) -> str:
        nonlocal depth
        tag = found[2].lower()
        if tag in _VOID or tag in _CLOSES_ITSELF:
            return found[0]
        if found[1]:
            depth = max(0, depth - 1)
            return found[0] if depth < MAX_DEPTH else "<br>"
        depth += 1
        return found[0] if depth <= MAX_DEPTH else "<br>"

    return _TAG.sub(keep, markup)


def _nodes(root: LexborNode, reader: _Reader) -> None:
    """Visit the tree in order, iteratively."""
    node: LexborNode | None = root.first_child
    depth = 0
    while node is not None:
        child = node.first_child if reader.enter(node) else None
        if child is not None:
            node, depth = child, depth + 1
            continue
        if _was_open(node):
            reader.leave(node)
        while node.next is None and depth and node.parent is not None:
            node, depth = node.parent, depth - 1
            reader.leave(node)
        node = node.next


def _was_open(node: LexborNode) -> bool:
    return (
        bool(node.tag)
        and not (node.tag or "-").startswith("-")
        and node.tag not in ("sup", "sub")
        and not _is_furniture(node)
    )


def _raw(root: LexborNode, size: int) -> str:
    """The first `size` characters of all text, furniture included."""
    parts: list[str] = []
    length = 0
    for node in root.traverse(include_text=True):
        if node.tag == "-text" and (node.parent is None or node.parent.tag not in ("script", "style")):
            parts.append(node.text_content or "")
            length += len(parts[-1])
            if length > size:
                break
    return " ".join(parts)[:size]


def read(markup: str, base: str) -> Page:
    """Markup → its blocks, pictures and raw beginning. Never raises on what a feed can hold."""
    markup = "".join(char for char in markup[:MAX_HTML] if not "\ud800" <= char <= "\udfff").replace("\0", "")
    if "<" not in markup and "&lt;" in markup:
        markup = markup.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    markup = _PLAYER.sub(" ", _CAPTION.sub(lambda found: " ".join(_IMAGE.findall(found[1])), markup))
    page = Page()
    tree = LexborHTMLParser(_shallow(markup))
    root = tree.body or tree.root
    if root is None:
        return page
    reader = _Reader(base, page)
    _nodes(root, reader)
    reader.flush()
    page.raw = _raw(root, 10_000)
    page.blocks = _with_asides(page.blocks, page.rule)
    return page


def _with_asides(blocks: list[Block], rule: int) -> list[Block]:
    """What a last rule parts from the article is an aside, where it is short beside what stands above."""
    above, below = blocks[:rule], blocks[rule:]
    size = sum(len(block.text) for block in below)
    plain = (BlockKind.PARAGRAPH, BlockKind.LINE)
    few = sum(block.kind in plain for block in below) <= _BELOW and size <= _BELOW_SIZE
    if not few or 2 * size > sum(len(block.text) for block in above):
        return blocks
    return [*above, *(replace(one, kind=BlockKind.ASIDE) if one.kind in plain else one for one in below)]
