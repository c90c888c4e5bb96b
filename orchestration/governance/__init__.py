"""Evaluating, promoting and watching the models that label texts, over the platform's stores."""
