"""Model calls and their money: events, settings and commands. Plain modules; the sums are in `nlp.spend`."""
