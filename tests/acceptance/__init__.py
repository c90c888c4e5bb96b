"""The checklist of what the platform has to do, on a platform of its own: `python -m tests.acceptance`.

A package, so that its platform is stopped after its last test.
"""
