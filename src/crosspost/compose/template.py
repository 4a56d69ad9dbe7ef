"""[copy] templates: text with {title}, {summary}, {facts}, {link} and {hashtags}; an empty one leaves no trace."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from crosspost.core.post import Profile

PLACEHOLDERS = ("title", "summary", "facts", "link", "hashtags")
_FIELD = re.compile(r"\{(\w+)\}")
_ANY_FIELD = re.compile(r"\{([^{}]*)\}")
_SAMPLE_LINK = "https://example.org/a-title/"
_ROOM = 40  # what must be left for words, in the platform's units
_BLANK_LINES = re.compile(r"\n{3,}")
_BLANKS = re.compile(r" {2,}")
_OWN = re.compile(rf"(\{{(?:{'|'.join(PLACEHOLDERS)})\}})")  # with the group, a split keeps them
_BEFORE = re.compile(r"[^\w.!?…)\]»”\"']+$")  # what leads over to a placeholder: blanks, dashes, a bracket, an emoji
_LABEL = re.compile(r"[^.!?…]*$")  # "Read more: ", from the end of the sentence before it
_OPENING, _CLOSING = re.compile(r"[(\[«“]"), re.compile(r"^\s*[)\]»”]")
_ENDS = ".!?…"  # of a sentence
_AFTER = re.compile(r"^[^\w(\[«“\"'#@¡¿…]+")


def settled(template: str, profile: Profile, *, right_to_left: bool = False) -> str:
    """The template as it is used: link and tags in it exactly once, apart from the words around them.

    A text in Arabic or Hebrew doesn't begin with a Latin tag: the tags go to its end.
    """
    fields = ("link", "hashtags") if profile.link_in_text else ("hashtags",)
    for name in fields:
        template = _once(template, f"{{{name}}}")
    template = re.sub(
        r"(?<=[\w}])(?=\{(?:link|hashtags)\})|(?<=\{link\})(?=[\w{#])|(?<=\{hashtags\})(?=[\w{#])", " ", template
    )
    if right_to_left and template.lstrip().startswith("{hashtags}"):
        template = template.replace("{hashtags}", "") + "\n{hashtags}"
    return template


def _once(template: str, field: str) -> str:
    head, found, rest = template.partition(field)
    if not found:
        return f"{template}\n{field}"
    lines = [line.replace(field, "") for line in rest.split("\n") if line.strip() != field]
    return head + field + "\n".join(lines)


def render(template: str, values: Mapping[str, str]) -> str:
    """The template filled in, in one pass: what a value holds is never a placeholder.

    An empty one goes with what leads over to it: a dash, a bracket, a label with its colon, also on the line above.
    """
    lines: list[str] = []
    heading = False
    for line in template.split("\n"):
        names = [name for name in _FIELD.findall(line) if name in PLACEHOLDERS]
        if names and not any(values.get(name) for name in names):
            if heading:
                lines.pop()
            heading = False
            continue
        heading = not names and line.rstrip().endswith(":")
        lines.append(_filled(line, values))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _filled(line: str, values: Mapping[str, str]) -> str:
    """One line that has a value, or has no placeholder."""
    own, *rest = _OWN.split(line)  # `own`: the template's words since the last value
    made, lacking = "", False
    for field, after in zip(rest[::2], rest[1::2], strict=True):
        value = values.get(field[1:-1], "")
        if value:
            made, own = made + own + value, after
        else:
            own, lacking = _joined(own, after, begins=not made), True
    return _BLANKS.sub(" ", made + own).strip() if lacking else made + own


def _joined(before: str, after: str, *, begins: bool) -> str:
    """The template's own words around an empty placeholder, less those that lead over to it."""
    kept = _BEFORE.sub("", before)
    if ":" in before[len(kept) :]:
        kept = _LABEL.sub("", kept)
    if _OPENING.search(before[len(kept) :]):
        after = _CLOSING.sub("", after)
    if begins and not kept:
        return _AFTER.sub("", after)
    return kept + (after.lstrip(_ENDS) if kept.endswith(tuple(_ENDS)) else after)


def fact_lines(lines: Sequence[tuple[str, float]], fits: Callable[[str], bool]) -> str:
    """Those lines that fit, below each other in the article's order; what tells more (the number) goes first."""
    kept: list[int] = []
    for number in sorted(range(len(lines)), key=lambda index: -lines[index][1]):
        tried = sorted([*kept, number])
        if fits(_below(lines, tried)):
            kept = tried
    return _below(lines, kept)


def _below(lines: Sequence[tuple[str, float]], numbers: Sequence[int]) -> str:
    return "\n".join(lines[number][0] for number in numbers)


def check_template(template: str, profile: Profile, campaign: Sequence[str]) -> str | None:
    """Why the template can't be used on that platform, for the settings' messages; None if it can."""
    template = template or profile.template
    unknown = [name for name in _ANY_FIELD.findall(template) if name not in PLACEHOLDERS]
    if unknown:
        return f"unknown placeholder {{{unknown[0]}}}; there are {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}"
    if "{" in _ANY_FIELD.sub("", template) or "}" in _ANY_FIELD.sub("", template):
        return "a brace without its counterpart"
    if "{title}" not in template and "{summary}" not in template:
        return "neither {title} nor {summary} is in it"
    for name in PLACEHOLDERS:
        if template.count(f"{{{name}}}") > 1:
            return f"{{{name}}} is in it more than once"
    if profile.link_in_text and "{link}" not in template:
        return f"{{link}} is missing, and {profile.title} shows a link only where it stands in the text"
    if "{hashtags}" not in template and campaign:
        return "{hashtags} is missing, and the campaign's tags go on every post"
    return _check_room(template, profile, campaign)


def _check_room(template: str, profile: Profile, campaign: Sequence[str]) -> str | None:
    link = _SAMPLE_LINK if profile.link_in_text else ""
    values = {"link": link, "hashtags": " ".join(campaign), "summary": "x", "title": "x", "facts": "x"}
    weight = profile.weigh(render(settled(template, profile), values))
    if weight + _ROOM > profile.limit:
        return (
            f"its own words, the campaign's tags and the link take {weight} of {profile.limit}: no room for the story"
        )
    return None
