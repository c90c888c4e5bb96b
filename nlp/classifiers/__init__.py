"""Classifiers of texts behind one interface: whoever labels, labels and scores mean the same."""
