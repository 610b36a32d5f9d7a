# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the command saut answers, as its schemas have it; what that means for a play. Pure: runs nothing."""

from __future__ import annotations

import json


class Unreadable(Exception):
    """What came is no JSON of saut's."""


#: Outcomes of a trial after which nothing more comes of it.
OVER = ("confirmed", "refused", "silent", "lost", "forgiven", "redeemed")


def parse(text):
    """The document in @text; what a shell or a login has said before it is passed over."""
    start = text.find("{")
    try:
        document = json.loads(text[start:]) if start >= 0 else None
    except ValueError:
        document = None
    if not isinstance(document, dict) or "schema" not in document:
        raise Unreadable("saut has not answered: %s" % (text.strip()[-300:] or "there is no output"))
    return document


def refusal(document):
    """The sentence of an error that saut tells; None where it tells none."""
    error = document.get("error")
    if not error:
        return None
    hint = error.get("hint")
    return "cannot %s: %s%s" % (error["attempt"], error["reason"], " (%s)" % hint if hint else "")


def worst_rows(document):
    """The rows of `saut check` that fail, a sentence each."""
    rows = [row for row in document["checks"] if row["result"] == "fail"]
    return ["%s: %s%s" % (row["title"], row["reason"], " (%s)" % row["advice"] if row["advice"] else "")
            for row in rows]


def trial_of(status, since):
    """The trial that `saut status` tells of, if it began at @since, seconds since 1970, or later; else None."""
    trial = status.get("trial")
    if trial and (trial["when"] is None or trial["when"] >= since):
        return trial
    return None


def is_over(trial):
    """Whether it is known what became of it."""
    return trial["outcome"] in OVER


def verdict(trial, running):
    """Why a trial is a failure of the play; None where it is none. @running is the release that runs now."""
    if trial["failed"] is False or trial["outcome"] in ("confirmed", "redeemed"):
        return None
    new = trial["release"] or trial["kernel"]
    words = {
        "refused": "came up and was refused: %s" % (trial["reason"] or "nobody says why"),
        "silent": "gave no sign of life",
        "lost": "was lost: %s" % (trial["reason"] or "nobody says why"),
        "forgiven": "is not what was booted: %s" % (trial["reason"] or "nobody says why"),
    }
    said = words.get(trial["outcome"], "has not been confirmed")
    last = ": %s" % trial["last_words"] if trial.get("last_words") else ""
    return "the new kernel %s %s%s; %s runs now" % (new, said, last, running)
