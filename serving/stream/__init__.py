"""Live updates: JetStream's UPDATES stream on one side, server-sent events on the other.

log   reads the stream in order, noticing every hole
ring  the latest events of one company, encoded once for all its clients
channel   a ring and the clients level with it, which are written to in rounds
hub   follows the log once per process and fills the rings
history   parts of the log for a client that is behind its ring
response, wire   one client: how it begins, what it missed, how it ends, and its socket
"""
