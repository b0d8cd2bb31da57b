"""What the book knows of each trade, worked out once: desks read these tables and never the raw facts.

`lines` has settlement lines, payouts and bank entries, each once; `orders` every order decomposed, with its goods;
`papers` payments, refunds, parcels, declarations, receipts, invoices and disputes, a row each; `names` says whether
two names may be one person's; `days` on which local day something was, `territories` in which tax territory an address
is.
"""
