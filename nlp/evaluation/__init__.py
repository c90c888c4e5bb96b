"""How well a classifier labels texts, measured on labelled sets that no classifier was trained on."""
