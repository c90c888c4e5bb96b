"""The version of the API that this package was generated from."""

API_VERSION = "2026-11-27"
