"""What this package says it is."""

VERSION = "1.0.0"
USER_AGENT = f"impact-client-python/{VERSION}"
