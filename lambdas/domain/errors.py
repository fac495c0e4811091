"""What can go wrong by name. A class's name is the error's name in the state machine's Retry and Catch.

ResponderError
├── UnknownArrival
├── NotMoved
├── NotQuarantined
├── ForeignQuarantineGroup
└── SnapshotsBeingStarted
"""


class ResponderError(Exception):
    """Any error that the responder raises itself."""


class UnknownArrival(ResponderError):
    """A message in the front queue is not the word of SES about a mail in our bucket."""


class NotMoved(ResponderError):
    """EC2 refused to move some interfaces of an instance; the others were moved."""


class NotQuarantined(ResponderError):
    """EC2, read back, does not show every interface in the quarantine group without rules."""


class ForeignQuarantineGroup(ResponderError):
    """A security group that bears the quarantine group's name in the VPC is not ours."""


class SnapshotsBeingStarted(ResponderError):
    """Another execution is starting the snapshots of this instance at this moment."""
