"""Partners on this machine: real HTTP servers that check what they are sent, and misbehave when told to."""
