-- ─── Points expire ───────────────────────────────────────────────────────────────────────────────
-- What expired stays with its lot, so that a refund takes an order's own expired points back before it
-- reaches for others or makes debt.
ALTER TABLE lot ADD COLUMN expired BIGINT NOT NULL DEFAULT 0;
ALTER TABLE lot
  DROP CONSTRAINT lot_remaining,
  ADD CONSTRAINT lot_remaining CHECK (remaining >= 0 AND expired >= 0 AND remaining + expired <= size);
-- In the order in which they fall due; a lot leaves the index as it expires.
CREATE INDEX lot_expiry_due ON lot (shop_id, expires_at, id) WHERE state = 'available' AND remaining > 0;

CREATE OR REPLACE FUNCTION due_shops(at timestamptz)
  RETURNS TABLE (shop_id integer, work text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT shop.id, due.work
      FROM shop
      CROSS JOIN LATERAL (
        SELECT 'read' AS work WHERE EXISTS (
          SELECT FROM customer_order o WHERE o.shop_id = shop.id AND o.read_due_at IS NOT NULL AND o.read_due_at <= at)
        UNION ALL
        SELECT 'publish' WHERE EXISTS (
          SELECT FROM member m WHERE m.shop_id = shop.id AND m.balance_seq > m.published_seq)
        UNION ALL
        SELECT 'learn' WHERE EXISTS (SELECT FROM product_wanted w WHERE w.shop_id = shop.id)
        UNION ALL
        SELECT 'release' WHERE EXISTS (
          SELECT FROM lot l WHERE l.shop_id = shop.id AND l.state = 'pending' AND l.remaining > 0 AND l.available_at <= at)
        UNION ALL
        SELECT 'expire' WHERE EXISTS (
          SELECT FROM lot l WHERE l.shop_id = shop.id AND l.state = 'available' AND l.remaining > 0 AND l.expires_at <= at)
      ) due
     WHERE shop.uninstalled_at IS NULL
  $$;
