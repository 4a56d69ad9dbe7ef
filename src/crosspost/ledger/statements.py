"""The ledger's statements. "?" stands for a value, "(?..)" for a list; each backend translates both."""

from __future__ import annotations

SEQUENCE = "SELECT sequence FROM sites WHERE site = ?"
ADVANCE = "UPDATE sites SET sequence = sequence + 1 WHERE site = ?"
WHOSE = "SELECT writer FROM appends WHERE site = ? AND sequence = ?"

OWNERS = "SELECT identity, story FROM identities WHERE site = ? AND identity IN (?..)"
IDENTITIES = "SELECT story, identity FROM identities WHERE site = ? AND story IN (?..)"
BY_NUMBER = "SELECT id FROM stories WHERE site = ? AND number IN (?..)"
BY_TITLE = "SELECT id FROM stories WHERE site = ? AND folded LIKE ? ESCAPE '!'"
LAST_NUMBER = "SELECT coalesce(max(number), 0) FROM stories WHERE site = ?"
STORIES = "SELECT id, body FROM stories WHERE site = ? AND id IN (?..)"
NUMBERS = "SELECT id, number FROM stories WHERE site = ? AND id IN (?..)"
ARTICLES = "SELECT fingerprint, body FROM articles WHERE site = ? AND fingerprint IN (?..)"

_JOINED = (
    "SELECT r.body FROM heads h JOIN revisions r"
    " ON r.site = h.site AND r.story = h.story AND r.target = h.target AND r.rev = h.rev"
)
CURRENT = _JOINED + " WHERE h.site = ? AND h.story IN (?..) ORDER BY h.number, h.target"
OPEN = _JOINED + " WHERE h.site = ? AND h.is_open = 1 ORDER BY h.number, h.target"
_LIFE = "SELECT h.story, h.target, r.body FROM"
_OF = "r.site = h.site AND r.story = h.story AND r.target = h.target"
_NEWEST_FIRST = "ORDER BY h.at DESC, h.number DESC, h.target, r.rev"
HISTORY = (
    f"{_LIFE} (SELECT site, story, target, number, at FROM heads"  # noqa: S608 - made of constants
    " WHERE site = ? AND (? = 1 OR target = ?) AND (? = 1 OR state IN (?..))"
    f" ORDER BY at DESC, number DESC, target LIMIT ?) h JOIN revisions r ON {_OF} {_NEWEST_FIRST}"
)
# No LIMIT here: it would lure SQLite into reading every delivery by its time.
HISTORY_OF_ONE = (
    f"{_LIFE} heads h JOIN revisions r ON {_OF}"
    " WHERE h.site = ? AND h.story = ? AND (? = 1 OR h.target = ?) AND (? = 1 OR h.state IN (?..))"
    f" {_NEWEST_FIRST}"
)

VERSIONS = "SELECT name, version FROM keyed WHERE site = ? AND name IN (?..)"
KEYED = "SELECT name, text, version FROM keyed WHERE site = ? AND substr(name, 1, ?) = ?"

ADD_APPEND = "INSERT INTO appends (site, sequence, writer) VALUES (?, ?, ?)"
ADD_STORY = "INSERT INTO stories (site, id, number, folded, body) VALUES (?, ?, ?, ?, ?)"
ADD_IDENTITY = "INSERT INTO identities (site, identity, story) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
ADD_ARTICLE = "INSERT INTO articles (site, fingerprint, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
ADD_REVISION = "INSERT INTO revisions (site, story, target, rev, writer, body) VALUES (?, ?, ?, ?, ?, ?)"
MOVE_HEAD = (
    "INSERT INTO heads (site, story, target, number, rev, state, is_open, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (site, story, target) DO UPDATE SET"
    " rev = excluded.rev, state = excluded.state, is_open = excluded.is_open, at = excluded.at"
)
SET_KEYED = (
    "INSERT INTO keyed (site, name, text, version) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (site, name) DO UPDATE SET text = excluded.text, version = excluded.version"
)
