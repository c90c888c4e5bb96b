"""The second opinion: a linear model for what no rule has words for, and for words that need context."""
