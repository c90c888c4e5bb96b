"""Money for model calls: what a call can cost, who may spend it, and what was spent.

Money is put aside before a call and settled after it, so no call is made that could pass a company's cap.
Everything here takes the connection from its caller; amounts are whole micro-dollars.
"""
