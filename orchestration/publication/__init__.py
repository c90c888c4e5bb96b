"""How numbers leave the warehouse: a mart's rows into Postgres, and what changed onto the UPDATES stream.

Plain functions over connections the caller opened; the assets in `orchestration/assets` call them.
"""
