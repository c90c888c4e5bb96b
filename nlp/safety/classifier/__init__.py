"""The second opinion: a calibrated linear model for what no rule has words for, and for words that need context."""
