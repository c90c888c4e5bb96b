"""People's rights over their data: what is held about whom, export, erasure, retention."""
