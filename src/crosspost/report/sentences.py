"""The words of every reason, alert, hint and error. Whoever wants other words changes them here.

In a sentence `{name}` is a parameter of the reason ("?" where it is missing), and `[: {why}]` is left
out where its parameter is missing or empty. Whoever gives a parameter that isn't named in core/reason
finds the names that are understood in OPTIONAL.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType

from crosspost.core.outlook import Alert
from crosspost.core.reason import Code, Param, Reason
from crosspost.errors import CrosspostError, RequestError
from crosspost.report.describe import clean_line, count, money, when

NONE: Mapping[str, str] = MappingProxyType({})
_LONGEST = 200  # a parameter may be a stranger's text: a sentence quotes no more of it


@dataclass(frozen=True, slots=True)
class Words:
    """A code in words: a short title, the sentence with its parameters, why it is so, and what to do."""

    title: str
    sentence: str
    why: str
    hint: str = ""


# What some callers of a code give and others don't: it may stand in brackets only.
OPTIONAL = frozenset({"by", "cause", "detail", "error", "expires", "feed", "host", "kind", "pattern", "since"}) | {
    "address",
    "date",
    "target",
    "term",
    "until",
    "why",
}

_LOOK = "Look at it with `crosspost preview`"
_WAIT = "Nothing to do."

# What `audit` finds: a sentence for one post, and what to do ("" nothing).
AUDIT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "both": ("stands there, as the ledger says", ""),
        "only_there": (
            "stands there, and the ledger doesn't know it as this post",
            "Where it should stay: `crosspost resolve STORY --published URL`. Else take it down on the account.",
        ),
        "only_here": (
            "is published as the ledger says, and doesn't stand there",
            "Somebody took it down there. To publish it anew: `crosspost retract STORY`, then `crosspost retry STORY`.",
        ),
        "unknown": (
            "could not be judged",
            "Its fate is open, it is too young, or the reading doesn't reach back to it.",
        ),
    }
)

REASONS: Mapping[Code, Words] = {
    # planning
    Code.PROTECTED: Words(
        "Behind a password",
        "The post is behind a password on the site, so it is never published.",
        "A password says that a post is not meant for everybody.",
        "Take the password away in WordPress if it should go out: crosspost then looks at it anew.",
    ),
    Code.CATEGORY: Words(
        "Left out by its category",
        "The category rules of the feed[ {feed}] leave it out[: {term}].",
        "The settings say which categories of a feed are published and which are not.",
        "Change its categories in WordPress, or publish it all the same with `crosspost retry STORY`.",
    ),
    Code.PATTERN: Words(
        "Left out by its words",
        "The text rules of the feed[ {feed}] leave it out[: {pattern}].",
        "The settings have `include` or `exclude` for this feed, which look at title and text.",
        "Publish it all the same with `crosspost retry STORY`, or change the rules in the settings.",
    ),
    Code.LANGUAGE: Words(
        "Another language",
        "It is written in {language}, and this account takes other languages only.",
        "The settings name the languages of this account.",
        "Publish it all the same with `crosspost retry STORY`, or add the language in the settings.",
    ),
    Code.ROUTE: Words(
        "Not for this account",
        "This account takes stories of other categories only.",
        "The settings name the categories of this account.",
        "Publish it all the same with `crosspost retry STORY`, or add the category in the settings.",
    ),
    Code.BASELINE: Words(
        "Known from the start",
        "It was on the site before crosspost began with this account, so it counts as known.",
        "Otherwise a new account would be flooded with old news on its first day.",
        "Publish it all the same with `crosspost retry STORY`, as long as the feed still lists it.",
    ),
    Code.SURFACED: Words(
        "From before the start",
        "It is of {date}, older than all that the feed listed when crosspost began with this account.",
        "A feed lists the newest posts only: when one is taken down, an older one comes up that is no news.",
        "If it is news with an old date: `crosspost retry STORY`.",
    ),
    Code.FLOOD: Words(
        "Too many at once",
        "All at once {count} new stories came from the feed {feed}; more than {limit} wait for a person.",
        "A changed or faulty site can list all its old posts as new; they must not all go out.",
        _LOOK + ". If all is well: `crosspost approve --all`; else `crosspost skip STORY`.",
    ),
    Code.TOO_OLD: Words(
        "Too old",
        "It is dated {date}: older than {max_age_days} when crosspost first saw it.",
        "An old post that turns up in a feed is seldom news.",
        "Publish it all the same with `crosspost retry STORY`, or raise `max_age` in the settings.",
    ),
    Code.AWAY: Words(
        "Appeared while nobody looked",
        "It is dated {date}, after the feed was last read ({last_read}), and is old by now.",
        "crosspost didn't run for a while, so a person decides whether it is still news.",
        "`crosspost approve STORY` lets it go, `crosspost skip STORY` drops it.",
    ),
    Code.LOOKS_LIKE: Words(
        "Looks like another story",
        "It looks like story {number}, which is known already; a person must say whether it is news.",
        "Only its number on the site, its title and date, or its title and text are the same: that is no proof.",
        "If it is another story: `crosspost approve STORY`. If it is the same: `crosspost skip STORY`.",
    ),
    Code.HOLD_WORD: Words(
        "Has a word to look at",
        "It has “{word}” in it, and stories with that wait for a person.",
        "The settings have a list of words and patterns (`hold`) that a person wants to see first.",
        _LOOK + ", then `crosspost approve STORY` or `crosspost skip STORY`.",
    ),
    Code.OTHER_SITE: Words(
        "Leads to another site",
        "Its link leads to a site that is not known as one of your own[: {host}].",
        "A site that was broken into could otherwise post links of strangers in your name.",
        "If the link is right, `crosspost approve STORY`. To trust that site, add it to the feed's `hosts`.",
    ),
    Code.OTHER_ACCOUNT: Words(
        "On another account already",
        "It goes out on the account {target} already, and the same words on two accounts are forbidden.",
        "X counts the same words on two accounts as spam, and can suspend both.",
        "Give it other words with `crosspost edit STORY --text`, or drop it here with `crosspost skip STORY`.",
    ),
    Code.APPROVAL: Words(
        "Waits for approval",
        "It waits until a person approves it.",
        "The settings say that nothing goes out without a person (`approval`).",
        _LOOK + ", then `crosspost approve STORY`.",
    ),
    Code.PLANNED: Words("Planned", "It is planned and goes out when its turn comes.", "No rule stands against it."),
    Code.LATEST: Words(
        "Chosen at the start",
        "It was chosen to go out when crosspost was set up.",
        "`crosspost init --publish-latest` takes the newest posts along.",
    ),
    # choosing
    Code.FUTURE: Words(
        "Dated ahead", "Its date lies ahead, and it goes out then.", "WordPress dates a post ahead on purpose.", _WAIT
    ),
    Code.SETTLING: Words(
        "Just written",
        "It is fresh: editors have a little time to correct it before it goes out.",
        "Most corrections are made within minutes, and a post on X can't be corrected.",
        "Nothing to do. The time is `settle` in the settings.",
    ),
    Code.BACKOFF: Words(
        "Waits after a failed try",
        "An earlier try did not work; crosspost waits a while before the next one.",
        "Trying again at once seldom helps, and platforms take it amiss.",
        _WAIT,
    ),
    Code.NOT_BEFORE: Words(
        "A person set its time",
        "A person set the earliest time for it.",
        "It was set with `crosspost edit --not-before`.",
        "Another time: `crosspost edit STORY --not-before WHEN`.",
    ),
    Code.STOPPED: Words(
        "Stopped by a person",
        "Publishing is stopped[ by {by}][: {why}].",
        "A person stopped it with `crosspost pause`; reading and planning go on.",
        "Let it go on with `crosspost resume`.",
    ),
    Code.TARGET_PAUSED: Words(
        "The account is paused",
        "The account[ {target}] is paused for now[: {cause}].",
        "The platform said no to the account itself, so crosspost waits instead of knocking on.",
        "`crosspost check` says what is wrong. When it is mended: `crosspost resume`.",
    ),
    Code.QUIET: Words(
        "Quiet hours",
        "These are quiet hours; it goes out after them.",
        "The settings have quiet hours (`quiet`).",
        _WAIT,
    ),
    Code.BUDGET: Words(
        "Over the budget",
        "It costs {cost}, and {spent} of this month's {budget} are spent.",
        "Nothing is sent that would pass the monthly budget in the settings.",
        "Raise `budget` in the settings, or wait for the next month.",
    ),
    Code.SPACING: Words(
        "Too soon after the last one",
        "The last post on this account is too fresh; it goes out in a later run.",
        "The settings keep some time between two posts (`spacing`).",
        _WAIT,
    ),
    Code.CAP: Words(
        "Next time",
        "At most {limit} stories go out on an account in one run; it goes out in a later one.",
        "Many posts at once are read by nobody (`max_per_run` in the settings).",
        _WAIT,
    ),
    Code.NOT_ASKED: Words(
        "Not asked for",
        "This run was asked to send another story only.",
        "`crosspost run --only` sends that one alone.",
    ),
    Code.GAP_UNREAD: Words(
        "The account must be read first",
        "The ledger may lack something, so what stands on the account[ {target}] must be read first.",
        "Nobody ran for a while, or an older copy of the ledger was put back: it could be out already.",
        "Nothing to do, if the next run can read the account. `crosspost check` says whether it can.",
    ),
    Code.NO_KEYS: Words(
        "Keys are missing",
        "The keys of the account[ {target}] are missing: {names}.",
        "Without its keys nothing can be sent to an account; the other accounts go on.",
        "Set the variables named here (as secrets, where GitHub runs it), then `crosspost check`.",
    ),
    Code.AFTER_LOST: Words(
        "Waits after an unclear answer",
        "The answer to the post before it was lost, so this account gets nothing more in this run.",
        "When a platform is in trouble, one unclear post is better than ten.",
        _WAIT,
    ),
    Code.NO_TEXT: Words(
        "No text fits",
        "No text could be made that fits[: {detail}].",
        "Text, link and hashtags together must stay within the platform's limit.",
        "Write one yourself: `crosspost edit STORY --text`.",
    ),
    Code.OVER: Words(
        "Too late",
        "Its event or deadline has passed, so a person decides.",
        "An invitation to yesterday helps nobody.",
        "`crosspost approve STORY` lets it go all the same, `crosspost skip STORY` drops it.",
    ),
    Code.PRIVATE_LINK: Words(
        "Its link is not public",
        "Its link leads to a private address ({link}), so it is not sent.",
        "Readers could not open it, and it would tell them how your network is built.",
        "Correct the site's address in WordPress; if it is meant so, add the host to `allow_private` in the settings.",
    ),
    Code.LINK_DOWN: Words(
        "Its page does not open",
        "Its page on the site does not open, so it waits.",
        "Readers would follow the link to an error (`check_link` in the settings).",
        "Open the link. If the page is really gone: `crosspost skip STORY`.",
    ),
    Code.DUE: Words("Goes out now", "It is due: a run sends it.", "Its time has come, and nothing stands against it."),
    # sending and after
    Code.SENDING: Words(
        "Being sent",
        "It is being sent right now.",
        "The ledger notes this before the post leaves, so that nothing is ever sent twice.",
        "Nothing to do. If a run died over it, the next one finds out what became of it.",
    ),
    Code.SENT: Words("Published", "It is out.", "The platform took the post and gave it an address."),
    Code.NOT_CONNECTED: Words(
        "Not reached",
        "The platform[ of {target}] could not be reached[: {kind}]. Nothing was posted, and it is tried again.",
        "The connection failed before anything of the post was sent.",
        "Nothing to do, unless it lasts: then look at the network of the machine that runs crosspost.",
    ),
    Code.LEASE_SLEPT: Words(
        "Slept in between",
        "Too much time passed between preparing and sending. Nothing was posted, and it is tried again.",
        "The computer slept or was very busy; by now another run could have sent it.",
        _WAIT,
    ),
    Code.NOT_REACHED: Words(
        "Its turn didn't come",
        "The run ended before its turn came. Nothing was posted, and it is tried again.",
        "Several posts were prepared together, and the run stopped before this one.",
        _WAIT,
    ),
    Code.LOST: Words(
        "No clear answer",
        "It was sent, but no clear answer came back: nobody knows yet whether it is out.",
        "A platform in trouble often posts and answers with an error. Sending again could post it twice.",
        "The next runs look on the account. If you have looked yourself:"
        " `crosspost resolve STORY --published URL`, or `--absent`.",
    ),
    Code.LEASE_OVER: Words(
        "The run stopped in the middle",
        "The run that was sending it stopped in the middle: nobody knows yet whether it is out.",
        "The machine was switched off, or the run was ended, between sending and noting the answer.",
        "The next runs look on the account. If you have looked yourself:"
        " `crosspost resolve STORY --published URL`, or `--absent`.",
    ),
    Code.OWN_FAULT: Words(
        "A fault of crosspost's own",
        "A fault in crosspost itself stopped it before anything was sent[ ({kind})].",
        "It is not tried again by itself, or it could fail for ever.",
        "Please report it to whoever looks after crosspost; then `crosspost retry STORY`.",
    ),
    Code.FOUND: Words(
        "Found on the account",
        "It was found on the account: it is out.",
        "The answer had been lost, and a look at the account cleared it up.",
    ),
    Code.ABSENT_ONCE: Words(
        "Not found yet",
        "A first look did not find it on the account; a second look decides.",
        "A new post can take up to a quarter of an hour to show, so one look proves nothing.",
        _WAIT,
    ),
    Code.ABSENT_TWICE: Words(
        "Not out, so sent again",
        "Two looks did not find it on the account, so it is sent again.",
        "Two looks, half an hour apart, prove that the lost post was not published.",
        _WAIT,
    ),
    Code.DUPLICATE_ABSENT: Words(
        "Called a duplicate, but not there",
        "The platform says that it has the same text already, but it was not found on the account.",
        "Sending the same words again would be refused again.",
        "Change the words with `crosspost edit STORY --text`, or drop it with `crosspost skip STORY`.",
    ),
    Code.CANT_TELL: Words(
        "Could not be checked",
        "A look at the account[ {target}] could not tell whether a post is out[: {detail}].",
        "The account could not be read, or what came proves nothing; so crosspost sends nothing again.",
        "Look on the account, then `crosspost resolve STORY --published URL`, or `--absent`. Were its posts deleted "
        "there by hand? `crosspost retract STORY` notes that.",
    ),
    Code.UNREAD: Words(
        "The account could not be read",
        "The account could not be read[: {detail}].",
        "The platform is down, or the network of this machine is. Nothing follows from it about any post.",
        "Try again in a while. If it lasts, look at the network of the machine that runs crosspost.",
    ),
    Code.FOUND_AFTER_GAP: Words(
        "Was out already",
        "It stood on the account already, though the ledger didn't know.",
        "An older copy of the ledger was put back, or somebody posted it by hand.",
    ),
    Code.TOO_MANY: Words(
        "Tried too often",
        "Five tries did not bring it out, so crosspost stopped trying.",
        "Something stands against this post that waiting doesn't mend.",
        "Look at `crosspost history STORY`, mend the cause, then `crosspost retry STORY`.",
    ),
    Code.PAUSED_TWICE: Words(
        "Stopped its account twice",
        "Sending it has paused its account twice, so a person decides[: {cause}].",
        "One post that the platform always answers like that would keep all the others waiting.",
        "Change its words with `crosspost edit STORY --text`, then approve it; or `crosspost skip STORY`.",
    ),
    Code.POSTED_BY_HAND: Words(
        "Stands there already",
        "It stands on {target} already, so it does not go out again[: {address}].",
        "The account's newest posts were read before sending (`look` in the settings), and this story is among them.",
        "If that post is the story: `crosspost resolve STORY --published URL`. If not: `crosspost approve STORY`.",
    ),
    Code.TARGET_LEFT: Words(
        "Its account left the settings",
        "Its account[ {target}] is not in the settings any more.",
        "The name of an account in the settings is how crosspost knows it; another name is another account.",
        "Put the account back into the settings, or drop the story with `crosspost skip STORY`.",
    ),
    Code.GONE: Words(
        "Taken off the site",
        "It is gone from the site, so it does not go out.",
        "It disappeared from the feed while older posts are still listed: somebody took it away.",
        "Nothing to do. If it comes back to the site, it is looked at anew.",
    ),
    Code.CHANGED_SINCE: Words(
        "Changed since a person saw it",
        "It was changed on the site after a person had {what} it.",
        "What was approved and what would go out are not the same any more.",
        _LOOK + " and decide again: `crosspost approve STORY`, `edit` or `skip`.",
    ),
    Code.CHANGED: Words(
        "Changed on the site",
        "It was changed on the site before it went out; the new words count.",
        "Texts are made from the newest version of a post.",
        _WAIT,
    ),
    Code.CHANGED_AFTER: Words(
        "Changed after it went out",
        "It was changed on the site after it went out; what was posted stays as it is.",
        "A changed story is not published again. On Facebook a post can be changed by hand.",
        "If the post is wrong now: `crosspost edit STORY --text` (Facebook), or `crosspost retract STORY`.",
    ),
    Code.GONE_AFTER: Words(
        "Taken off the site after it went out",
        "It is gone from the site, but its post still stands.",
        "crosspost takes nothing down by itself.",
        "If the post should go too: `crosspost retract STORY`.",
    ),
    Code.LATE: Words(
        "Published, noted late",
        "The platform's yes came late: it is out.",
        "Another run had moved on meanwhile; a yes is never thrown away.",
    ),
    Code.SAME_STORY: Words(
        "The same story",
        "It is a story that is known already, so it does not go out again.",
        "Its link or its lasting name in the feed is the same.",
    ),
    # a person's decisions
    Code.APPROVED: Words("Approved", "A person approved it[: {why}].", "`crosspost approve` let it go."),
    Code.EDITED: Words(
        "Changed by a person", "A person changed its words or its time[: {why}].", "`crosspost edit` was used."
    ),
    Code.SKIPPED: Words(
        "Dropped by a person",
        "A person decided that it does not go out[: {why}].",
        "`crosspost skip` was used.",
        "Take it up again with `crosspost retry STORY`.",
    ),
    Code.MAY_BE_OUT: Words(
        "Dropped, but perhaps out",
        "A person dropped it while nobody knew whether it is out[: {why}]. It may stand on the account.",
        "Its answer had been lost, and no look at the account had cleared it up.",
        "Look on the account, and delete it there if need be.",
    ),
    Code.RETRIED: Words("Taken up again", "A person took it up again[: {why}].", "`crosspost retry` was used."),
    Code.RESOLVED_PUBLISHED: Words(
        "Said to be out", "A person said that it is out[: {why}].", "`crosspost resolve --published` was used."
    ),
    Code.RESOLVED_ABSENT: Words(
        "Said not to be out",
        "A person said that it is not out, so it is sent again[: {why}].",
        "`crosspost resolve --absent` was used.",
    ),
    Code.RETRACT_ASKED: Words(
        "To be taken down", "A person asked to take it down[: {why}].", "`crosspost retract` was used.", _WAIT
    ),
    Code.RETRACTED: Words(
        "Taken down",
        "It was taken down from the account[: {why}].",
        "A person asked for it, and the platform confirmed it.",
        "To publish it anew: `crosspost retry STORY`.",
    ),
    Code.RETRACT_UNCONFIRMED: Words(
        "Perhaps not taken down",
        "It should be taken down, but the platform has not confirmed it yet.",
        "No clear answer came back; the next run asks again.",
        "Look on the account if it is urgent, and delete it there by hand.",
    ),
    Code.EDIT_ASKED: Words(
        "To be changed", "A person asked to change the post[: {why}].", "`crosspost edit` was used.", _WAIT
    ),
    Code.EDIT_DONE: Words(
        "Changed on the account",
        "The post on the account has its new words[: {why}].",
        "A person asked for it, and the platform confirmed it.",
    ),
    Code.EDIT_UNCONFIRMED: Words(
        "Perhaps not changed",
        "The post should be changed, but the platform has not confirmed it yet.",
        "No clear answer came back; the next run asks again.",
        "Look on the account if it is urgent, and change it there by hand.",
    ),
    # troubles that are no story's own
    Code.FEED_DOWN: Words(
        "The site's feed can't be read",
        "A feed could not be read[: {error}].",
        "Without its feed crosspost doesn't see what is new; nothing is lost, it catches up.",
        "Open the feed's address in a browser. `crosspost check` says what came instead.",
    ),
    Code.FEED_STALE: Words(
        "Nothing new for long",
        "The feed[ {feed}] has brought nothing new for a long time[, since {date}].",
        "Either there is no news, or the feed stands still while the site goes on.",
        "Look whether the site's newest post is in the feed. Caches of the site are a usual cause.",
    ),
    Code.ENTRIES_MISSED: Words(
        "Some news may have been missed",
        "More appeared on the site than the feed[ {feed}] still shows: some stories may have been missed.",
        "A feed shows the newest ten posts or so, and the older pages did not reach back far enough.",
        "Compare the site with `crosspost history`, and post by hand what is missing. Run crosspost more often.",
    ),
    Code.LEDGER_BUSY: Words(
        "Another run is at work",
        "Another run is at work with the ledger; this one leaves it alone.",
        "Only one run at a time may write, so that nothing goes out twice.",
        "Nothing to do: the next run takes its turn.",
    ),
    Code.LEDGER_UNWRITABLE: Words(
        "The ledger can't be written",
        "The ledger can't be written[: {detail}]. Nothing was sent.",
        "A post whose sending can't be noted first could go out twice, so it doesn't go out at all.",
        "Free some space on the disk, or give crosspost the right to write there.",
    ),
    Code.GAP: Words(
        "The ledger may lack something",
        "The ledger may lack something, so nothing is sent before the account[ {target}] has been read.",
        "Nobody ran for a while, or an older copy of the ledger was put back.",
        "Nothing to do, if the next run can read the account. `crosspost check` says whether it can.",
    ),
    Code.TOKEN_EXPIRES: Words(
        "An account's access ends soon",
        "crosspost's access to the account[ {target}] ends[ {expires}].",
        "The platform gave its keys an end date; afterwards nothing can be posted there.",
        "Make new keys now, as docs/first-post.md tells; then `crosspost check`.",
    ),
    Code.PAUSED: Words(
        "An account is paused",
        "Nothing goes out on the account[ {target}][ until {until}][: {cause}].",
        "The platform said no to the account itself; the other accounts go on.",
        "`crosspost check` says what is wrong. When it is mended: `crosspost resume`.",
    ),
    # what a preview says of itself
    Code.NO_LEDGER_YET: Words(
        "No ledger yet",
        "There is no ledger yet, so every story here counts as new.",
        "The ledger remembers what was seen and published; before there is one, nothing is known.",
        "`crosspost run --baseline` makes one, and counts what stands in the feed today as known.",
    ),
    Code.NOTHING_YOUNG: Words(
        "Nothing young enough",
        "Everything in the feed is too old to go out; the newest story is shown all the same.",
        "A preview of nothing tells nothing.",
        "`--all` shows the texts of all of them.",
    ),
    # what check finds to be well
    Code.SETTINGS_GOOD: Words(
        "Sound settings", "The settings were read from {file}.", "They hold no mistake that can be seen in them."
    ),
    Code.FEED_GOOD: Words("A sound feed", "The feed was read and lists {stories}.", "It is read as a run reads it."),
    Code.LEDGER_GOOD: Words("A sound ledger", "The ledger can be read.", "It was opened as a run opens it."),
}

# What is raised: the message says what happened; these words are for `explain` and the reference.
# The author of an error adds its code here. A code that is a reason too stands above.
ERRORS: Mapping[str, Words] = {
    "code-unknown": Words(
        "No such code",
        "There is no reason and no error of that name.",
        "`crosspost explain` knows the codes that reports and errors show.",
        "All of them stand in docs/reference.md.",
    ),
    "settings": Words(
        "Settings with mistakes",
        "The settings have mistakes; nothing was done.",
        "All mistakes are told together, each with its file, its key, what was found and what was expected.",
        "Mend them, then `crosspost check`.",
    ),
    "settings-missing": Words(
        "No settings file",
        "There is no settings file where it was looked for.",
        "Without settings crosspost doesn't know your site and your accounts.",
        "`crosspost init https://your-site.org` writes one; `--config FILE` names another place.",
    ),
    "settings-unreadable": Words(
        "A settings file that can't be read",
        "The settings file can't be read as text.",
        "It lacks permission, or was saved in another form than UTF-8.",
        "Save it anew as UTF-8 text, or give crosspost the right to read it.",
    ),
    "settings-exist": Words(
        "There are settings already",
        "There is a settings file already; it was left as it is.",
        "What stands in it may be somebody's work.",
        "Use it as it is, or let `crosspost init --force` write a new one in its place.",
    ),
    "file-exists": Words(
        "A file is there already",
        "A file that was to be written is there already; it was left as it is.",
        "What stands in it may be somebody's work.",
        "Use it as it is, or let `crosspost init --force` write a new one in its place.",
    ),
    "file-unwritable": Words(
        "A file that can't be written",
        "A file could not be written.",
        "It lacks permission, its folder isn't there, or the disk is full.",
        "Name another place, or give crosspost the right to write there.",
    ),
    "needs-yes": Words(
        "Needs a yes",
        "That needs a person's yes, and there is no terminal to ask on.",
        "A program should not decide by accident what only a person can.",
        "Add `--yes` if you are sure.",
    ),
    "port-taken": Words(
        "The port is taken",
        "The sandbox can't listen there.",
        "Another program listens on that port, or this user may not.",
        "Leave `--port` away: a free one is taken.",
    ),
    "bug": Words(
        "A bug in crosspost",
        "Something went wrong that should not: this is a bug in crosspost.",
        "Nobody foresaw this case. What was recorded stays recorded; nothing goes out twice by it.",
        "Run the command again with `--debug` before its name, and report what it prints.",
    ),
    "story-unknown": Words(
        "No such story",
        "No story is known by that number, link or piece of a title.",
        "Only what a run has recorded has a number, and can be skipped or edited.",
        "`crosspost status` and `crosspost history` list the stories with their numbers. To keep a new one back, give "
        "it the category no-crosspost on the site, or `crosspost pause`.",
    ),
    "story-ambiguous": Words(
        "More than one story fits",
        "More than one story fits what was typed.",
        "crosspost does nothing rather than the wrong thing.",
        "Name the story by its number.",
    ),
    "target-unknown": Words(
        "No such account",
        "The settings have no account of that name.",
        "An account is named by its `name` in the settings.",
        "Take one of the names that the message lists.",
    ),
    "copy-broken": Words(
        "A copy that differs",
        "The copied ledger is not what was copied.",
        "After copying, both are read and compared.",
        "Go on with the old ledger, remove the new one, and try again while no run is going on.",
    ),
    "not-legal": Words(
        "Not possible as it stands",
        "That can't be done with the story as it stands.",
        "What is possible depends on where a story stands: a published one can't be approved any more.",
        "`crosspost history STORY` shows what happened to it; the page how-a-story-travels all that is possible.",
    ),
    "not-listed": Words(
        "Its words are not known",
        "The story was known from the start, and the feed doesn't list it any more, so its words are not known.",
        "Of what was on the site before crosspost began, only the names are kept.",
        "Publish it anew on the site, or post it by hand and say so with `crosspost resolve STORY --published URL`.",
    ),
    "not-an-address": Words(
        "No address of a post",
        "What was given is no address of a post.",
        "The address is noted as the proof that the post is out.",
        "Open the post in a browser and copy its whole address.",
    ),
    "not-its-address": Words(
        "Another account's address",
        "The address is no post of the account that it was given for.",
        "An address of elsewhere would count as the proof that the post is out here.",
        "Open the post on that account in a browser and copy its whole address.",
    ),
    "others-post": Words(
        "Another story's post",
        "At that address stands the post of another story.",
        "One post can't be the proof that two stories are out.",
        "Look again which post it is, and copy its address.",
    ),
    "target-needed": Words(
        "Which account?",
        "A text is for one account, and the story has more of them.",
        "What fits on Facebook is too long for X, so each account has a text of its own.",
        "Name the account with `--target`.",
    ),
    "text-empty": Words(
        "An empty text",
        "The text is empty, so nothing was changed.",
        "An empty post helps nobody.",
        "To send nothing, `crosspost skip STORY`.",
    ),
    "text-too-long": Words(
        "A text too long",
        "The text is longer than the account allows, so nothing was changed.",
        "crosspost never cuts a text that a person wrote.",
        "Shorten it. On X a link counts 23 characters, and an emoji 2.",
    ),
    "no-edit": Words(
        "Can't be changed any more",
        "A post that is out can't be changed on that platform.",
        "X lets only some accounts edit, and those for an hour.",
        "`crosspost retract STORY` takes it down; `crosspost retry STORY` then publishes it anew.",
    ),
    "code-stale": Words(
        "The text is another by now",
        "The text has changed since the code was shown, so nothing was approved.",
        "What you approve is what goes out: not one word that you haven't seen.",
        "Look at the preview again, and approve with the code that it shows now.",
    ),
    "usage": Words(
        "Wrong use",
        "The command was not understood.",
        "A word or an option of it is unknown, missing, or doesn't go with another.",
        "`crosspost --help`, or `--help` after the command's name, shows how it is used.",
    ),
    "feed-html": Words(
        "A web page instead of a feed",
        "The feed's address brought a web page.",
        "The address is the site's and not its feed's, or the site shows a login, an error or a check for robots.",
        "Open the address in a browser. The feed of a WordPress site is usually its address with /feed/ at the end.",
    ),
    "feed-empty": Words(
        "Nothing in the feed",
        "The feed's address answered, but with nothing.",
        "A cache or an error of the site; a category that doesn't exist has an empty feed too.",
        "Open the address in a browser, and tell whoever looks after the site if it stays empty.",
    ),
    "feed-status": Words(
        "The site answered with an error",
        "The site answered with an error instead of its feed.",
        "The page is not there, is forbidden, or the site is in trouble.",
        "Open the address in a browser. If it works there, the site may refuse programs: ask whoever looks after it.",
    ),
    "feed-garbage": Words(
        "Not a feed",
        "What came from the feed's address can't be read as a feed.",
        "Something on the site, often a plug-in's message, breaks its form.",
        "Tell whoever looks after the site; a feed checker on the web shows the place.",
    ),
    "feed-cut": Words(
        "A feed cut off",
        "The feed broke off in the middle.",
        "The connection ended early. Half a feed is not used: a story could be missing from it.",
        "Nothing to do, unless it lasts: the next run reads it again.",
    ),
    "feed-unreachable": Words(
        "The site can't be reached",
        "The site of the feed could not be reached.",
        "The site is down, its name is wrong, or the network of this machine is.",
        "Open the address in a browser. The next run tries again.",
    ),
    "feed-private": Words(
        "An address inside a private network",
        "The feed's address leads into a private network, so it was not read.",
        "A faulty or hostile site could otherwise make crosspost read what only this network may see.",
        "If it is right, add the host to `allow_private` in the settings.",
    ),
    "feed-too-large": Words(
        "A feed far too large",
        "The feed is larger than crosspost reads.",
        "Ten megabytes are a hundred times an ordinary feed; more is a fault of the site, or an attack.",
        "Tell whoever looks after the site.",
    ),
    "feed-file": Words(
        "No such file",
        "There is no readable file of that name.",
        "What looks like the name of a file is taken for one.",
        "Check the name. The address of a site is written with its https:// in front.",
    ),
    "feed-none": Words(
        "No feed found",
        "The page names no feed, and none stands where WordPress has it.",
        "The site's feed is switched off, or its page comes from something other than WordPress.",
        "Give the feed's own address, or ask whoever looks after the site for it.",
    ),
    "feed-slow": Words(
        "The site is too slow",
        "The feed did not come within half a minute.",
        "The site is overloaded; waiting longer would keep everything else waiting.",
        "Nothing to do, unless it lasts: the next run tries again.",
    ),
    "ledger-missing": Words(
        "No ledger",
        "There is no ledger where the settings say.",
        "The ledger remembers what was published. Taking a missing one for a new start could publish all of it twice.",
        "At a new start: `crosspost init` or `crosspost run --baseline`. Otherwise put the ledger back in its place.",
    ),
    "ledger-foreign": Words(
        "Not a ledger",
        "The place that the settings name for the ledger holds something else.",
        "crosspost writes only into what it has made itself.",
        "Name another place in the settings, under `[ledger]`.",
    ),
    "ledger-newer": Words(
        "A ledger from a newer crosspost",
        "A newer crosspost has written this ledger.",
        "An older one could misread it, so it doesn't touch it.",
        "Update crosspost.",
    ),
    "ledger-url": Words(
        "No address of a ledger",
        "What the settings name as the ledger is not an address that crosspost knows.",
        "The ledger is a file, whose address begins with sqlite: and three slashes, or a branch of a git remote.",
        'Write it like `url = "sqlite:///crosspost.db"` or `url = "git:origin#crosspost"`.',
    ),
    "ledger-exists": Words(
        "There is a ledger already",
        "There is a ledger already where a new one was to be made; it was left as it is.",
        "The ledger remembers what was published. Without it all of that could go out again.",
        "Use the one that is there. If you really want a new one, move the old one away first.",
    ),
    "platform-broken": Words(
        "A platform that can't be used",
        "A package brings a platform that can't be used.",
        "The package doesn't fit this version of crosspost, or is not whole.",
        "Update that package, or remove it.",
    ),
    "ledger-rewritten": Words(
        "A ledger with another past",
        "The ledger is not the one that was here before: its past was rewritten, or an older copy put back.",
        "What went out in between could go out again, so nothing is sent.",
        "Put the newest copy back. Protect the branch that it is kept on against being overwritten.",
    ),
    "ledger-damaged": Words(
        "A damaged ledger",
        "The ledger can't be read as it was written.",
        "A faulty disk, or a copy made while it was being written.",
        "Put back the newest copy, then `crosspost run`: it reads the accounts before it sends anything.",
    ),
}

_KINDS = {
    "refused": "nothing answered at its address",
    "dns": "its name could not be found",
    "tls": "no secure connection could be made",
    "private": "its address lies inside a private network",
    "timeout": "it did not answer in time",
    "deadline": "it took too long",
    "cut": "the connection broke off",
    "proxy": "the proxy in between did not let it through",
    "invalid": "what came could not be understood",
}
_CAUSES = {
    "unauthorized": "its keys were not accepted",
    "permission": "a permission is missing",
    "no-credit": "it has no credit left",
    "spend-cap": "its spending limit is reached",
    "rate-limit": "the platform asked for fewer posts in that time",
    "blocked": "the platform blocked it for posting too fast",
    "suspended": "the platform suspended it",
}
_LANGUAGES = {
    "ar": "Arabic", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "pt": "Portuguese",
    "ru": "Russian", "zh": "Chinese",
}  # fmt: skip
_MONEY = frozenset({"budget", "cost", "spent"})
_SENTENCES = frozenset({"cause", "detail", "error", "why"})  # they end a sentence of ours: no second full stop
_DETAILS = {
    "control": "posts that are known to be there did not show",
    "permission": "a permission to read is missing",
    "reach": "older posts could not be read",
    "no-article": "its words are not known",
}
_OURS = frozenset({"error", "todo", "file"})  # our own words, in which strangers' are cut short already
_DAYS = frozenset({"max_age_days"})
_TABLES = {"cause": _CAUSES, "kind": _KINDS, "detail": {**_DETAILS, **_KINDS}, "language": _LANGUAGES}
_PART = re.compile(r"\[([^\[\]{}]*\{\w+\}[^\[\]]*)\]|\{(\w+)\}")
_STORY = re.compile(r"#(\d+)\b")
_ASIDE = re.compile(r" \([^()]*\{\w+\}[^()]*\)")
_NAME = re.compile(r"\{(\w+)\}")
_UNKNOWN = Words(
    "Words are missing",
    "This crosspost has no words for the reason “{code}”.",
    "A newer crosspost, or a platform that isn't installed here, gave it.",
    "Update crosspost.",
)


def say(reason: Reason, extra: Mapping[str, str] = NONE, zone: tzinfo = UTC) -> str:
    """The reason's sentence. `extra`: sentences of platforms, by code; `zone`: where its times are told."""
    known = find_words(reason.code)
    template = extra.get(reason.code) or (known.sentence if known else "")
    if reason.code in ERRORS and "error" in reason.named:
        template = "{error}."
    if not template:
        return _fill(_UNKNOWN.sentence, {"code": clean_line(reason.code, _LONGEST)})
    return _fill(template, {name: _word(name, value, extra, zone) for name, value in reason.params})


def hint(reason: Reason, extra: Mapping[str, str] = NONE) -> str:
    """What to do about it; "" where nothing is. `extra`: hints of platforms, by code."""
    known = find_words(reason.code)
    template = extra.get(reason.code) or (known.hint if known else "")
    if reason.code in ERRORS and reason.named.get("todo"):
        template = "{todo}"
    return _fill(template, {name: _word(name, value, NONE, UTC) for name, value in reason.params})


def advice(alert: Alert, extra: Mapping[str, str] = NONE) -> str:
    """What to do about an alert, with the story's number where it is about one ("#12 x")."""
    number = _STORY.match(alert.subject)
    return hint(alert.reason, extra).replace("STORY", number[1] if number else "STORY")


def as_reason(error: CrosspostError, line: str = "") -> Reason:
    """An error told as a reason, in its own words (or one line of them): `check` goes on after a fault."""
    return Reason.of(error.code, error=line or error.message, todo=error.hint)


def explain(code: str, sentences: Mapping[str, str] = NONE, hints: Mapping[str, str] = NONE) -> Words:
    """A code's words, the platforms' own included. Raises RequestError for a code that nobody knows."""
    known = find_words(code)
    if known:
        return known
    if code in sentences:
        return Words(_title_of(code), sentences[code], "The platform answered so.", hints.get(code, ""))
    near = difflib.get_close_matches(code, [*codes(), *sentences], n=1)
    guess = f" The nearest is {near[0]}." if near else ""
    raise RequestError(
        "code-unknown", f"There is no code “{clean_line(code, 60)}”.{guess}", ERRORS["code-unknown"].hint
    )


def codes() -> tuple[str, ...]:
    """Every code that has words here: the reasons in their order, then the errors."""
    return (*(code.value for code in REASONS), *ERRORS)


def find_words(code: str) -> Words | None:
    """The words of a reason or error of crosspost's own; None for a platform's, and for what nobody knows."""
    try:
        return REASONS[Code(code)]
    except ValueError:
        return ERRORS.get(code)


def _title_of(code: str) -> str:
    platform, _, name = code.partition(".")
    return f"{platform.capitalize()}: {name.replace('-', ' ')}" if name else code


def _fill(template: str, params: Mapping[str, str]) -> str:
    def part(match: re.Match[str]) -> str:
        optional, name = match[1], match[2]
        if name:
            return params.get(name) or "?"
        if all(params.get(inner) for inner in _NAME.findall(optional)):
            return _NAME.sub(lambda inner: params[inner[1]], optional)
        return ""

    return _PART.sub(part, template)


def _word(name: str, value: Param, extra: Mapping[str, str], zone: tzinfo) -> str:
    """A parameter as people read it: money, times, durations, languages, causes; strangers' text made harmless."""
    if isinstance(value, int):
        return money(value) if name in _MONEY else count(value, "day") if name in _DAYS else str(value)
    moment = _moment(value)
    if moment:
        return when(moment, zone)
    table = _TABLES.get(name, NONE)
    if value in table:
        return table[value]
    if name in _SENTENCES:
        # What a platform said is told inside a sentence of ours; its own parameters aren't at hand there.
        value = _fill(_ASIDE.sub("", extra[value]), {}) if value in extra else value
        value = value.strip().rstrip(".")
    return clean_line(value, _LONGEST if name not in _OURS else 0)


def _moment(value: str) -> datetime | None:
    if len(value) < len("2026-11-24T09:10Z") or value[10] != "T":
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
