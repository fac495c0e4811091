"""The responder's own errors. A class's name is the error's name in the state machine's Retry and Catch."""


class ResponderError(Exception):
    """Any error that the responder raises itself."""


class UnknownArrival(ResponderError):
    """A message in the intake queue is not SES's notification about a mail in our bucket."""


class NotAMember(ResponderError):
    """An account is neither the home account nor a member in the settings."""


class CredentialsNotRevoked(ResponderError):
    """IAM or EC2 refused, or does not show, a change that revokes an instance's credentials."""


class CredentialsNotPutBack(ResponderError):
    """IAM or EC2 refused, or does not show, a change that restores an instance's credentials."""


class ProfileNotReplaced(ResponderError):
    """EC2, read back, does not show the instance profile that was set."""


class StillRegistered(ResponderError):
    """A load balancer still sends requests to an instance."""


class NotLocked(ResponderError):
    """EC2 refused to lock some snapshots; the others are locked."""


class SearchIncomplete(ResponderError):
    """Something was not found, and a Region or account that may hold it could not be searched."""


class InterfacesNotMoved(ResponderError):
    """EC2 refused to move some interfaces of an instance; the others were moved."""


class NotProtected(ResponderError):
    """AWS refused, or does not show, some of an instance's protection."""


class NotPublished(ResponderError):
    """EventBridge did not accept an event for the bus."""


class NotQuarantined(ResponderError):
    """EC2, read back, does not show every interface in the quarantine group without rules."""


class NotStopped(ResponderError):
    """EC2 does not show an instance as stopping."""


class ForeignQuarantineGroup(ResponderError):
    """A security group in the VPC has the quarantine group's name and is not ours."""


class SnapshotsInProgress(ResponderError):
    """Another execution is starting this instance's snapshots right now."""


class SnapshotsMissing(ResponderError):
    """EC2 shows no snapshot of some volumes of an instance."""


class SnapshotRateExceeded(ResponderError):
    """Somebody took a snapshot of a volume less than 15 seconds ago, and EC2 requires that pause."""


class UnknownCase(ResponderError):
    """The case table has no case with the name that an admin gave."""


class NotContained(ResponderError):
    """An admin named an instance that the case did not contain."""


class NotPossibleNow(ResponderError):
    """An admin's request does not fit the state of the case; the message says why, and what would."""


class NothingToRelease(ResponderError):
    """The case has no contained instance, or none any more."""


class TooManyInstances(ResponderError):
    """One release cannot handle this many instances: their state would not fit."""


class NotPutBack(ResponderError):
    """AWS refused to put back something of a part, or does not show it as before; the rest is back."""


class NotReleased(ResponderError):
    """AWS, read back, does not show everything as it was before."""


class NoAdminReached(ResponderError):
    """A message was published, but no admin's subscription lets it through."""
