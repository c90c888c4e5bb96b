"""Which model labels texts: versions in a file, in force from a stated time, once an evaluation passes."""
