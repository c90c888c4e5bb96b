"""Labelled texts for redaction. They were written without sight of the detectors."""
