"""The keys of the case table. What the items hold stands in docs/architecture.md, "The case table"."""

from typing import Final

# Partitions beside the cases, whose partition is the case id.
INSTANCE_PREFIX: Final = "instance#"
MAIL_PREFIX: Final = "mail#"
RESOURCE_PREFIX: Final = "resource#"
ROSTER: Final = "roster"
HOUR_PREFIX: Final = "hour#"
LISTED_MAILS_PREFIX: Final = "listed-mails#"
UNPROVEN_QUESTIONS_PREFIX: Final = "unproven-questions#"

# Sort keys of a case.
CASE: Final = "case"
NOTICE_PREFIX: Final = "notice#"
ENTRY_PREFIX: Final = "entry#"
OUTCOME_PREFIX: Final = "outcome#"
QUESTION_PREFIX: Final = "question#"
BEFORE_PREFIX: Final = "before#"
TARGETS_PREFIX: Final = "targets#"
RELEASE_PREFIX: Final = "release#"
WATCH_PREFIX: Final = "watch#"
SNAPSHOTS_PREFIX: Final = "snapshots#"
SNAPSHOT_COPIES_PREFIX: Final = "snapshot-copies#"
REMINDER_LOCK_PREFIX: Final = "reminder-lock#"

# Sort keys of the other partitions.
HEALTH_EVENT_PREFIX: Final = "health#"
RELEASED_PREFIX: Final = "released#"
LAST_REPORT: Final = "last-report"
CONFIRMATION_LOCK_PREFIX: Final = "confirmation-lock#"
CONTAINED: Final = "contained"
LANE_PREFIX: Final = "lane#"
REMINDED_PREFIX: Final = "reminded#"
ADMISSION: Final = "admission"
