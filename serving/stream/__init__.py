"""Live updates: JetStream's UPDATES stream on one side, server-sent events on the other.

log   reads the stream in order, noticing every hole
ring  the latest events of one company, encoded once for all its clients
hub   follows the log once per process and fills the rings
client, response   one client: where it is, what it is sent, when it ends
"""
