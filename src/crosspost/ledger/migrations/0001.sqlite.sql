-- SQLite's own part of 0001: what is written stays as it was written.

CREATE TRIGGER stories_no_update BEFORE UPDATE ON stories
BEGIN
    SELECT RAISE(ABORT, 'stories are only appended');
END;

CREATE TRIGGER stories_no_delete BEFORE DELETE ON stories
BEGIN
    SELECT RAISE(ABORT, 'stories are only appended');
END;

CREATE TRIGGER identities_no_update BEFORE UPDATE ON identities
BEGIN
    SELECT RAISE(ABORT, 'identities are only appended');
END;

CREATE TRIGGER identities_no_delete BEFORE DELETE ON identities
BEGIN
    SELECT RAISE(ABORT, 'identities are only appended');
END;

CREATE TRIGGER revisions_no_update BEFORE UPDATE ON revisions
BEGIN
    SELECT RAISE(ABORT, 'revisions are only appended');
END;

CREATE TRIGGER revisions_no_delete BEFORE DELETE ON revisions
BEGIN
    SELECT RAISE(ABORT, 'revisions are only appended');
END;

CREATE TRIGGER appends_no_update BEFORE UPDATE ON appends
BEGIN
    SELECT RAISE(ABORT, 'appends are only appended');
END;

CREATE TRIGGER appends_no_delete BEFORE DELETE ON appends
BEGIN
    SELECT RAISE(ABORT, 'appends are only appended');
END;

CREATE TRIGGER articles_no_update BEFORE UPDATE ON articles
BEGIN
    SELECT RAISE(ABORT, 'articles are never changed');
END;

CREATE TRIGGER heads_no_delete BEFORE DELETE ON heads
BEGIN
    SELECT RAISE(ABORT, 'heads only move forward');
END;

CREATE TRIGGER heads_only_forward BEFORE UPDATE ON heads WHEN new.rev <= old.rev
BEGIN
    SELECT RAISE(ABORT, 'heads only move forward');
END;
