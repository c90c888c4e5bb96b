"""Whether a model's answers have moved away from a pinned baseline, and how sure one can be of it."""
