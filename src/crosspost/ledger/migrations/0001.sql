-- The ledger's tables. Times are UTC text of one width; `body` is a line of ledger/codec.
-- Everything belongs to a site, so that several may share one database.

CREATE TABLE sites (
    site TEXT NOT NULL PRIMARY KEY,
    ledger TEXT NOT NULL,
    made_at TEXT NOT NULL,
    sequence BIGINT NOT NULL
);

-- One row an append: settles whose it was when the answer to a commit is lost.
CREATE TABLE appends (
    site TEXT NOT NULL REFERENCES sites (site),
    sequence BIGINT NOT NULL,
    writer TEXT NOT NULL,
    PRIMARY KEY (site, sequence)
);

CREATE TABLE stories (
    site TEXT NOT NULL REFERENCES sites (site),
    id TEXT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    folded TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (site, id),
    UNIQUE (site, number)
);

CREATE TABLE identities (
    site TEXT NOT NULL,
    identity TEXT NOT NULL,
    story TEXT NOT NULL,
    PRIMARY KEY (site, identity),
    FOREIGN KEY (site, story) REFERENCES stories (site, id)
);
CREATE INDEX identities_of_story ON identities (site, story);

-- Not referred to by a key: old articles may be pruned.
CREATE TABLE articles (
    site TEXT NOT NULL REFERENCES sites (site),
    fingerprint TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (site, fingerprint)
);

CREATE TABLE revisions (
    site TEXT NOT NULL,
    story TEXT NOT NULL,
    target TEXT NOT NULL,
    rev BIGINT NOT NULL CHECK (rev > 0),
    writer TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (site, story, target, rev),
    FOREIGN KEY (site, story) REFERENCES stories (site, id)
);

-- One row a delivery, moved in the transaction that appends its revision.
CREATE TABLE heads (
    site TEXT NOT NULL,
    story TEXT NOT NULL,
    target TEXT NOT NULL,
    number BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    state TEXT NOT NULL,
    is_open SMALLINT NOT NULL CHECK (is_open IN (0, 1)),
    at TEXT NOT NULL,
    PRIMARY KEY (site, story, target),
    FOREIGN KEY (site, story, target, rev) REFERENCES revisions (site, story, target, rev)
);
-- What is open costs the same at a thousand deliveries and at a million.
CREATE INDEX heads_open ON heads (site, number, target) WHERE is_open = 1;
CREATE INDEX heads_newest ON heads (site, at, number);

CREATE TABLE keyed (
    site TEXT NOT NULL REFERENCES sites (site),
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (site, name)
);
