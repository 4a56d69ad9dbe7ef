"""The errors that crosspost raises on purpose, sorted by what the caller can do.

CrosspostError            has a code, a message (what happened, to what) and a hint (what to do)
├── SettingsError         mend the settings file or the command line       exit 2
├── LedgerError           mend, restore or make the ledger                 exit 2
│   ├── LedgerMissing     `crosspost init` makes one
│   ├── LedgerForeign     the file is somebody else's: name another
│   ├── LedgerNewer       update crosspost
│   └── LedgerDamaged     restore it from a copy
├── LedgerBusy            wait: another run holds the lock                 exit 0 for `run`
├── LedgerUnwritable      free the disk, mend the permissions              exit 1
├── FeedError             look at the site; the next run tries again       exit 0 for `run`, 1 for `preview SITE`
└── RequestError          a person asked for what can't be done            exit 1

A bug is none of these: it stays what it was, and its traceback is shown with --debug only.
"""


class CrosspostError(Exception):
    """Something went wrong that a person can understand; `code` is what `explain` takes."""

    exit_code = 1

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class SettingsError(CrosspostError):
    """Wrong usage or settings."""

    exit_code = 2


class LedgerError(CrosspostError):
    """The ledger can't be used as it is."""

    exit_code = 2


class LedgerMissing(LedgerError):
    """There is no ledger; a missing one is never taken for a first run."""


class LedgerForeign(LedgerError):
    """The place holds something that crosspost did not make."""


class LedgerNewer(LedgerError):
    """A newer crosspost wrote this ledger."""


class LedgerDamaged(LedgerError):
    """The ledger can't be read as it was written."""


class LedgerBusy(CrosspostError):
    """Another program holds the ledger's lock."""

    exit_code = 0


class LedgerUnwritable(CrosspostError):
    """The ledger can't be written: nothing is sent."""


class FeedError(CrosspostError):
    """A feed could not be read; ledger and validators stay as they were."""


class RequestError(CrosspostError):
    """A person's request that can't be done, with the reason."""
