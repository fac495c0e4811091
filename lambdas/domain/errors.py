"""What can go wrong by name. A class's name is the error's name in the state machine's Retry and Catch.

ResponderError
├── UnknownArrival
├── CredentialsNotRevoked
├── CredentialsNotPutBack
├── ProfileNotReplaced
├── NotAMember
├── NotContained
├── StillRegistered
├── NotLocked
├── SearchIncomplete
├── InterfacesNotMoved
├── NotPossibleNow
├── NotProtected
├── NotPublished
├── NotPutBack
├── NotQuarantined
├── NotReleased
├── NotStopped
├── NothingToRelease
├── ForeignQuarantineGroup
├── SnapshotsInProgress
├── SnapshotsMissing
├── SnapshotRateExceeded
├── TooManyInstances
└── UnknownCase
"""


class ResponderError(Exception):
    """Any error that the responder raises itself."""


class UnknownArrival(ResponderError):
    """A message in the intake queue is not the word of SES about a mail in our bucket."""


class NotAMember(ResponderError):
    """An account is neither the responder's own nor one of those that the settings name as members."""


class CredentialsNotRevoked(ResponderError):
    """IAM or EC2 did not take, or does not show, all that cuts an instance off its role's rights."""


class CredentialsNotPutBack(ResponderError):
    """IAM or EC2 did not take, or does not show, all that gives an instance its role's rights back."""


class ProfileNotReplaced(ResponderError):
    """EC2, read back, does not show an instance with the profile that it was given."""


class StillRegistered(ResponderError):
    """A load balancer still sends requests to an instance."""


class NotLocked(ResponderError):
    """EC2 refused to lock some snapshots; the others are locked."""


class SearchIncomplete(ResponderError):
    """Something was not found, and a Region or an account that may hold it could not be looked at."""


class InterfacesNotMoved(ResponderError):
    """EC2 refused to move some interfaces of an instance; the others were moved."""


class NotProtected(ResponderError):
    """AWS did not take, or does not show, all that keeps an instance from being lost."""


class NotPublished(ResponderError):
    """EventBridge did not take an event for the bus."""


class NotQuarantined(ResponderError):
    """EC2, read back, does not show every interface in the quarantine group without rules."""


class NotStopped(ResponderError):
    """EC2 does not show an instance as stopping."""


class ForeignQuarantineGroup(ResponderError):
    """A security group that bears the quarantine group's name in the VPC is not ours."""


class SnapshotsInProgress(ResponderError):
    """Another execution is starting the snapshots of this instance at this moment."""


class SnapshotsMissing(ResponderError):
    """EC2 shows no snapshot of some volumes of an instance."""


class SnapshotRateExceeded(ResponderError):
    """A volume was snapshotted by somebody less than 15 seconds ago, and EC2 asks to wait so long."""


class UnknownCase(ResponderError):
    """The case table holds nothing under the name that an admin gave."""


class NotContained(ResponderError):
    """An admin named an instance that the case did not contain."""


class NotPossibleNow(ResponderError):
    """What an admin asked for makes no sense as the case stands; the message says why, and what would."""


class NothingToRelease(ResponderError):
    """The case holds no instance, or no more."""


class TooManyInstances(ResponderError):
    """More instances than one release can look at: what is known of them would not fit."""


class NotPutBack(ResponderError):
    """AWS refused to put back some of a part, or does not show it as before; the rest is put back."""


class NotReleased(ResponderError):
    """AWS, read back, does not show everything as before that was to be put back."""


class NoAdminReached(ResponderError):
    """A message was published, and no subscription of an admin lets it through."""
