"""One branch of a remote through git's plumbing, in a bare repository of its own that lives in a temporary folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from crosspost.core.world import MISSING, TOO_SLOW, Processes, Ran
from crosspost.errors import LedgerUnwritable
from crosspost.ledger.git.place import Kind, Place, environment

PATIENCE = 60.0  # seconds for one command; a push of some kB takes one or two
_SEEN, _NEXT = "refs/crosspost/seen", "refs/crosspost/next"
_AUTHOR = "crosspost <crosspost@localhost>"

# What git says (in English: LC_ALL is C) when something fails. Read for the hint alone, never to decide.
_SPACE = "Look at the space left for temporary files, and at TMPDIR."
_FULL = r"No space left on device|Out of diskspace|[Dd]isk quota exceeded"
_HINTS = (
    (_FULL, "the disk for temporary files is full", _SPACE),
    (
        r"\b40[13]\b|Authentication failed|could not read (Username|Password)|Permission denied|not granted",
        "the remote gives no permission",
        "Give crosspost the right to write there: CROSSPOST_GIT_TOKEN for https, a key for ssh, this user for a path.",
    ),
    (
        r"not found|does not exist|does not appear to be a git repository|returned error: 301|redirect",
        "there is no such repository, or no permission to see it",
        "Check the address in [ledger] url, and that the token or key may read and write there.",
    ),
    (
        r"dubious ownership",
        "the repository belongs to another user",
        "Run crosspost as the user whose repository it is.",
    ),
    (
        r"Host key verification failed",
        "ssh doesn't know the remote",
        "Connect there once by hand, so that its key is known.",
    ),
)
_LEFT_LOCK = (
    "Another run may be writing just now. If it lasts, a git that was killed has left the lock: delete the file "
    "{ref}.lock in that repository while no git works there."
)
_RULES = (
    "Let crosspost push to this branch: its rules may forbid force pushes and deletion, but must not ask for reviews, "
    "checks or signatures."
)
# The same of a push, which writes nothing here; the last where the remote turned it down in so many words.
_REFUSALS = (
    (_FULL, "the remote's disk is full", "Make space there: what waits goes out with the next run."),
    (r"cannot lock ref|\.lock': File exists", "a lock keeps it from being written", _LEFT_LOCK),
    (
        r"unpack failed|unpacker error|unable to (create|write)|Permission denied|insufficient permission",
        "the remote can't store what is pushed",
        "Look at the permissions and the space left in that repository: this user must be able to write there.",
    ),
    ("", "the remote refuses what is pushed", _RULES),
)
_LATER = "Nothing to do unless it lasts: the next run tries again."


class Repository:
    """The branch as `place` names it. Every method raises LedgerUnwritable where git can't do it.

    A repository of its own, because a run and a preview may work at the same time, and a checkout's
    index, refs and hooks are nobody's business here.
    """

    def __init__(self, processes: Processes, place: Place, env: Mapping[str, str]) -> None:
        self.place = place
        self._processes = processes
        self._pushed = Ran(0)
        self._folder = self._temporary(env.get("TMPDIR", ""))
        try:
            folder = Path(self._folder.name) / "ledger.git"
            self._env = environment(place, env, folder)
            self._must(["init", "--quiet", "--bare", "--template=", str(folder)])
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave nothing behind."""
        self._folder.cleanup()

    def _temporary(self, wanted: str) -> TemporaryDirectory[str]:
        try:
            place = wanted if wanted and Path(wanted).is_dir() else None
            return TemporaryDirectory(prefix="crosspost-", dir=place, ignore_cleanup_errors=True)
        except OSError as error:
            raise self.unwritable("no temporary folder can be made", _SPACE) from error

    # the remote

    def tip(self) -> str | None:
        """The commit that the branch names on the remote now; None where there is no such branch."""
        told = self._must(["ls-remote", "--quiet", "--", self.place.remote, self.place.ref], remote=True)
        for line in told.split(b"\n"):
            commit, _, name = line.partition(b"\t")
            if name == self.place.ref.encode():
                return commit.decode("ascii")
        return None

    def fetch(self) -> str:
        """Bring the branch's newest commit here, without its past; its name."""
        spec = f"+{self.place.ref}:{_SEEN}"
        options = ["--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head"]
        self._must(["fetch", *options, "--", self.place.remote, spec], remote=True)
        return self._must(["rev-parse", "--verify", "--quiet", _SEEN]).decode("ascii").strip()

    def push(self, commit: str, *, new: bool = False) -> bool:
        """Move the branch to that commit, a child of what it names. True: it is there. False: ask `tip`.

        The remote takes a fast-forward alone, so of two writers one is refused. `new`: the branch must
        not exist. Only the flag is read: a refusal, a broken connection and a hook differ in prose alone.
        """
        lease = [f"--force-with-lease={self.place.ref}:"] if new else []
        told = self._git(["push", "--porcelain", *lease, "--", self.place.remote, f"{commit}:{self.place.ref}"])
        self._pushed = told
        return _flags(told) in ([b" "], [b"*"], [b"="])

    def refusal(self) -> LedgerUnwritable:
        """The error for the last push, which did not move the branch although nobody else did."""
        told = (self._pushed.stdout + self._pushed.stderr).decode("utf-8", "replace")
        if _flags(self._pushed) == [b"!"] or re.search(_FULL, told):
            why, hint = next((why, hint) for pattern, why, hint in _REFUSALS if re.search(pattern, told))
            return self.unwritable(why, hint.format(ref=self.place.ref))
        if self._pushed.code == TOO_SLOW:
            return self.unwritable("the remote doesn't answer", _LATER)
        return self._unreachable(told)

    # what is here

    def files(self, commit: str) -> dict[str, str]:
        """Each file of a commit, with its content's hash."""
        told = self._must(["ls-tree", "-r", "-z", "--full-tree", commit])
        pairs = (entry.partition(b"\t") for entry in told.split(b"\0") if entry)
        return {name.decode("utf-8", "replace"): about.split()[2].decode("ascii") for about, _, name in pairs}

    def read(self, names: Sequence[str]) -> list[bytes | None]:
        """The contents of these objects ("COMMIT:PATH", or a hash); None for one that isn't there."""
        told = self._must(["cat-file", "--batch"], "".join(f"{name}\n" for name in names).encode())
        contents: list[bytes | None] = []
        at = 0
        for _ in names:
            end = told.index(b"\n", at)
            about, at = told[at:end].split(b" "), end + 1
            if about[-1] == b"missing":
                contents.append(None)
                continue
            size = int(about[-1])
            contents.append(told[at : at + size])
            at += size + 1
        return contents

    def commit(self, parent: str | None, files: Mapping[str, bytes], subject: str, at: datetime) -> str:
        """A commit with these files changed, made without a work tree; its name. `subject` must be plain."""
        stream = [b"feature done\ncommit %b\nmark :1\n" % _NEXT.encode()]
        stream.append(f"committer {_AUTHOR} {int(at.timestamp())} +0000\n".encode())
        stream.append(_data(subject.encode("ascii", "replace")))
        stream.append(b"from %b\n" % parent.encode() if parent else b"")
        for name, content in files.items():
            stream += [f"M 100644 inline {name}\n".encode(), _data(content)]
        stream.append(b"get-mark :1\ndone\n")
        told = self._must(["fast-import", "--quiet", "--force", "--done", "--date-format=raw"], b"".join(stream))
        return told.decode("ascii").strip()

    # git

    def _git(self, arguments: Iterable[str], stdin: bytes = b"") -> Ran:
        ran = self._processes.run(["git", *arguments], env=self._env, stdin=stdin, timeout=PATIENCE)
        if ran.code == MISSING:
            raise self.unwritable("git isn't installed here", "Install git, or name another ledger in [ledger] url.")
        return ran

    def _must(self, arguments: Sequence[str], stdin: bytes = b"", *, remote: bool = False) -> bytes:
        ran = self._git(arguments, stdin)
        if ran.code == 0:
            return ran.stdout
        if ran.code == TOO_SLOW:
            raise self.unwritable("the remote doesn't answer", _LATER)
        told = ran.stderr.decode("utf-8", "replace")
        if not remote and not re.search(_FULL, told):
            raise self.unwritable(f"git can't work in its temporary folder (`git {arguments[0]}` failed)", _SPACE)
        raise self._unreachable(told)

    def _unreachable(self, told: str) -> LedgerUnwritable:
        """What git itself says goes no further: it may hold anything."""
        for pattern, why, hint in _HINTS:
            if re.search(pattern, told):
                return self.unwritable(why, hint)
        if self.place.kind is Kind.FILE:
            return self.unwritable("it is no git repository that can be read", "Check the path in [ledger] url.")
        return self.unwritable("the remote can't be reached", _LATER)

    def unwritable(self, why: str, hint: str) -> LedgerUnwritable:
        """The error for a branch that can't be read or written now."""
        return LedgerUnwritable("ledger-unwritable", f"the ledger on {self.place} can't be used: {why}", hint)


def _flags(pushed: Ran) -> list[bytes]:
    return [line[:1] for line in pushed.stdout.split(b"\n") if line[1:2] == b"\t"]


def _data(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)
