"""What can go wrong by name. A class's name is the error's name in the state machine's Retry and Catch.

ResponderError
├── UnknownArrival
├── CredentialsNotCut
├── CredentialsNotPutBack
├── NotAMember
├── NotDeregistered
├── NotLocked
├── NotMoved
├── NotProtected
├── NotQuarantined
├── NotStopped
├── ForeignQuarantineGroup
├── SnapshotsBeingStarted
├── SnapshotsMissing
└── SnapshotTooSoon
"""


class ResponderError(Exception):
    """Any error that the responder raises itself."""


class UnknownArrival(ResponderError):
    """A message in the front queue is not the word of SES about a mail in our bucket."""


class NotAMember(ResponderError):
    """An account is neither the responder's own nor one of those that the settings name as members."""


class CredentialsNotCut(ResponderError):
    """IAM or EC2 did not take, or does not show, all that cuts an instance off its role's rights."""


class CredentialsNotPutBack(ResponderError):
    """IAM or EC2 did not take, or does not show, all that gives an instance its role's rights back."""


class NotDeregistered(ResponderError):
    """A load balancer still sends requests to an instance."""


class NotLocked(ResponderError):
    """EC2 refused to lock some snapshots; the others are locked."""


class NotMoved(ResponderError):
    """EC2 refused to move some interfaces of an instance; the others were moved."""


class NotProtected(ResponderError):
    """AWS did not take, or does not show, all that keeps an instance from being lost."""


class NotQuarantined(ResponderError):
    """EC2, read back, does not show every interface in the quarantine group without rules."""


class NotStopped(ResponderError):
    """EC2 does not show an instance as stopping."""


class ForeignQuarantineGroup(ResponderError):
    """A security group that bears the quarantine group's name in the VPC is not ours."""


class SnapshotsBeingStarted(ResponderError):
    """Another execution is starting the snapshots of this instance at this moment."""


class SnapshotsMissing(ResponderError):
    """EC2 shows no snapshot of some volumes of an instance."""


class SnapshotTooSoon(ResponderError):
    """A volume was snapshotted by somebody less than 15 seconds ago, and EC2 asks to wait so long."""
