"""People's rights over their data: what is declared, what they ask for, export, erasure, retention."""
