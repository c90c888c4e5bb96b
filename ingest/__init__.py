"""The ground floor: event contracts, the stores and their schema, and every way in."""
