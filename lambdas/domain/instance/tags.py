"""The tags by which the responder marks what it makes or changes. IAM lets it set no others."""

ROLE_TAG = "AbuseResponder:Role"
"""On a security group: QUARANTINE, the group without rules, one for each VPC; or TWO_STEP, which allows all traffic."""
QUARANTINE = "quarantine"
TWO_STEP = "two-step"

CASE_TAG = "AbuseResponder:Case"
STATE_TAG = "AbuseResponder:State"
INSTANCE_TAG = "AbuseResponder:Instance"
# Names the snapshot that was copied: EC2 gives the copy a volume ID that means nothing.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopySnapshot.html
COPY_TAG = "AbuseResponder:CopyOf"
