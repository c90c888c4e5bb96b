"""The asset graph, one module per step on the way from an event to a number that the API serves."""
