"""The settings, and which SES rule set is active."""
