"""The words by which the reader knows what AWS writes about: one table, with a module for each language.

A row gives the words of one feature: who acts, what is done, to what, and what turns the sense of it ("not", "if",
"will", "you told us"). What a sentence says follows from its features (`reading.statements`), not from fixed sentences.
The gate, the kind and the abuse type read the same rows.

How a row is written: blanks separate terms, "_" joins the words of one term, and a final "*" stands for any ending.
Letters have neither accents nor capitals, as `lexicon` folds them. Chinese, Japanese and Korean do not separate
words, so their terms are looked for inside the text.
"""

from collections.abc import Mapping
from enum import StrEnum


class Feature(StrEnum):
    """What a word contributes to a sentence."""

    # Who.
    WE = "we"  # AWS
    YOU = "you"
    YOUR = "your"
    # What is done.
    CUT = "cut"  # block, isolate, suspend: against the abuse
    APPLY = "apply"  # a restriction
    UNDO = "undo"  # what was cut
    REMOVE = "remove"  # undoes a block, or cuts an instance off the network: by its object
    CLOSE = "close"
    CONSIDER = "consider"  # closed
    RETRACT = "retract"
    SEND = "send"  # what can be a mistake: send, issue, flag
    MISTAKEN = "mistaken"  # "in error"
    RECEIVE = "receive"
    OBSERVE = "observe"
    MEND = "mend"  # delete, rotate, patch: what a customer does about abuse
    CEASE = "cease"  # what abuse does then
    REQUEST = "request"  # reply, provide, confirm: what AWS asks for
    THANK = "thank"
    SAY = "say"
    SEE = "see"
    REOPEN = "reopen"
    # To what.
    CASE = "case"
    RESOURCE = "resource"
    ACCOUNT = "account"
    KEY = "key"
    CONTENT = "content"
    TRAFFIC = "traffic"  # traffic, ports, the network
    ACCESS = "access"
    LIMIT = "limit"  # the block itself
    REPORT = "report"  # what a third party sent
    ANSWER = "answer"
    ACTION = "action"  # of "no further action is required"
    NEEDED = "needed"
    ACTIVITY = "activity"
    HARM = "harm"  # a word of abuse; `HARM` says of which type
    EXPOSED = "exposed"
    COMPROMISED = "compromised"
    VIOLATION = "violation"  # of "no violation"
    # What turns the sense.
    NOT = "not"
    IF = "if"  # for the rest of the sentence
    ONCE = "once"  # as IF, but what is asked for then is asked for
    WHEN = "when"  # for the rest of the clause
    MAY = "may"
    WILL = "will"
    NOW = "now"
    TO = "to"
    BUT = "but"
    BE = "be"
    HAVE = "have"
    STILL = "still"
    REMAIN = "remain"
    NEW = "new"
    PREVIOUS = "previous"
    PLEASE = "please"
    MUST = "must"
    OPTIONAL = "optional"  # "feel free to", "if you have questions"
    REMINDER = "reminder"
    SILENCE = "silence"  # "we have not heard from you"
    PASSING = "passing"  # "for now"
    AWAY = "away"  # "from the network"
    WHILE = "while"
    # The form of a verb.
    BASE = "base"
    ING = "ing"
    DONE = "done"


Rows = Mapping[Feature, str]
"""The terms of each feature."""
