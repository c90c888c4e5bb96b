"""What people write is sealed before it leaves the door: without its key it is noise, wherever it was copied.

fields    which fields of an event are sealed, and events with them sealed
tokens    one text as it is stored: AES-256-GCM under its person's key
master    the key that wraps the keys of people: a file or the environment, never a store
keys      keys of people in `privacy.text_keys`; `shred` and `rotate`
columns   the same for whole columns of a file
rows      texts of rows that are in `raw.events` already: sealed later, or ended by retention
"""

from ingest.sealing.keys import shred

__all__ = ["shred"]
