"""The book's own money as transfers: bank entries and payments by buyers, each the transfer that it tells of.

A payout and a withdrawal from a wallet arrive at the bank as an entry, which is the transfer: they are not told twice.
Who stands on the other side of a bank entry is known by name alone. Own accounts go by the name that the book has.
"""

from __future__ import annotations

OWN = """
SELECT evidence, line, 'bank' AS origin, CAST(NULL AS VARCHAR) AS transfer_id,
  CAST(NULL AS VARCHAR) AS payer_institution,
  CASE WHEN amount < 0 THEN account END AS payer_account,
  CASE WHEN amount >= 0 THEN nullif(trim(counterparty), '') END AS payer, CAST(NULL AS VARCHAR) AS payer_country,
  CAST(NULL AS VARCHAR) AS payee_institution,
  CASE WHEN amount >= 0 THEN account END AS payee_account,
  CASE WHEN amount < 0 THEN nullif(trim(counterparty), '') END AS payee, CAST(NULL AS VARCHAR) AS payee_country,
  abs(amount) AS paid, currency AS paid_currency, abs(amount) AS received, currency AS received_currency,
  CAST(NULL AS TIMESTAMPTZ) AS moment, booked_on AS day, 'day' AS dated_by, CAST(NULL AS BIGINT) AS sequence,
  'transfer' AS kind, reference, CAST(NULL AS VARCHAR) AS original
FROM bank_used
UNION ALL
SELECT evidence, line, 'payment', payment_id || ':' || coalesce(order_id, ''),
  CAST(NULL AS VARCHAR), payer_account, payer, payer_country,
  institution, institution, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR),
  abs(amount), currency, abs(amount), currency,
  paid_at, CAST(paid_at AS DATE), 'executed', CAST(NULL AS BIGINT),
  CASE WHEN amount < 0 THEN 'return' ELSE 'card' END, order_id, CAST(NULL AS VARCHAR)
FROM payments
"""
