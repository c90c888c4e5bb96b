"""For how long what is kept, and that it is not kept longer: figures, and a query that proves them.

periods     the periods, as data with legal bounds; what companies set instead
texts       words end after 90 days: a keyed hash stays in their place
tables      rows that are over are deleted
elsewhere   folders and streams
enforcing   all of it, each part on its own: a run that was killed is run again
"""
