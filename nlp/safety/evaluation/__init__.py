"""Labelled texts for screening, and what they measure. They were written without sight of the rules."""
