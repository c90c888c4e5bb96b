"""The embedded platform: every process of the house on one machine, started, watched and stopped."""
