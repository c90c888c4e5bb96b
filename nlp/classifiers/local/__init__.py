"""The classifier that runs here: phrase rules with citations, a calibrated linear model, and abstention.

How it decides and how to add a rule: docs/q2q-local.md.
"""

from nlp.classifiers.local.classifier import MODEL_VERSION, LocalClassifier

__all__ = ["MODEL_VERSION", "LocalClassifier"]
