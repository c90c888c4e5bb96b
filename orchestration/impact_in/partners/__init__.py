"""One folder per way to a partner: how it is spoken to, and per version what it is told."""
