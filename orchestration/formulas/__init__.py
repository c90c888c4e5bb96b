"""Parameters of the metric formulas: what everybody reckons with, and what companies chose instead."""
