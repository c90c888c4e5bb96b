"""The one exception an operator sees: its message says what was wrong, where, and what to do."""


class PlatformError(Exception):
    """Something the operator can put right. The command line prints the message without a traceback."""
