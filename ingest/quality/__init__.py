"""Judges each landed batch before it reaches the marts: Great Expectations over what ClickHouse counts.

`suites` is data and light. `gate` has the importer's libraries behind it, and judging loads
Great Expectations.
"""
