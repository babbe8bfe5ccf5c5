-- Every step is safe on a live table: new columns without a default, new functions; indexes that the version before no
-- longer reads go.

-- ─── A store may need time for a file ────────────────────────────────────────────────────────────
-- When it is asked again, for what is received and for what shall be erased. NULL: there is nothing to ask.
ALTER TABLE "review_media" ADD COLUMN     "check_at" TIMESTAMPTZ(3);

-- Which shops have something due: files that the store was still at work on, too.
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
        UNION ALL
        SELECT 'complete' WHERE EXISTS (
          SELECT FROM redemption r WHERE r.shop_id = shop.id AND r.next_attempt IS NOT NULL AND r.next_attempt <= at)
        UNION ALL
        SELECT 'refer' WHERE EXISTS (
          SELECT FROM referral r WHERE r.shop_id = shop.id AND r.next_attempt IS NOT NULL AND r.next_attempt <= at)
        UNION ALL
        SELECT 'occasion' WHERE EXISTS (
          SELECT FROM member m WHERE m.shop_id = shop.id AND m.occasion_due_at IS NOT NULL AND m.occasion_due_at <= at)
          OR EXISTS (SELECT FROM shop_profile p WHERE p.shop_id = shop.id AND p.birthdays_at <= at)
          OR EXISTS (SELECT FROM shop_profile p WHERE p.shop_id = shop.id AND p.birthdays_at IS NULL AND EXISTS (
            SELECT FROM member m WHERE m.shop_id = shop.id AND m.birthday_key IS NOT NULL))
        UNION ALL
        SELECT 'tier' WHERE EXISTS (
          SELECT FROM member m WHERE m.shop_id = shop.id AND m.tier_review_at IS NOT NULL AND m.tier_review_at <= at)
          OR EXISTS (SELECT FROM tier_change c WHERE c.shop_id = shop.id AND c.entry_due)
          OR EXISTS (SELECT FROM shop_profile p WHERE p.shop_id = shop.id AND p.tier_plans_from IS NOT NULL)
        UNION ALL
        SELECT 'remind' WHERE EXISTS (
          SELECT FROM shop_profile p WHERE p.shop_id = shop.id AND coalesce(p.remind_at <= at, true))
        UNION ALL
        SELECT 'announce' WHERE EXISTS (SELECT FROM loyalty_event e WHERE e.shop_id = shop.id AND e.announced_at IS NULL)
        UNION ALL
        SELECT 'mail' WHERE EXISTS (
          SELECT FROM message m WHERE m.shop_id = shop.id AND m.status IN ('queued', 'sending') AND m.due_at <= at)
        UNION ALL
        SELECT 'ask' WHERE EXISTS (
          SELECT FROM review_request r WHERE r.shop_id = shop.id AND r.due_at IS NOT NULL AND r.due_at <= at)
        UNION ALL
        SELECT 'notify' WHERE EXISTS (SELECT FROM review_notice n WHERE n.shop_id = shop.id AND n.announced_at IS NULL)
        UNION ALL
        SELECT 'hold' WHERE EXISTS (
          SELECT FROM review r WHERE r.shop_id = shop.id AND r.status = 'held' AND r.hold_until IS NOT NULL AND r.hold_until <= at)
          OR EXISTS (
          SELECT FROM review_version v WHERE v.shop_id = shop.id AND v.status = 'held' AND v.hold_until IS NOT NULL AND v.hold_until <= at)
        UNION ALL
        SELECT 'media' WHERE EXISTS (
          SELECT FROM review_media m WHERE m.shop_id = shop.id AND m.status = 'received' AND coalesce(m.check_at, m.created_at + interval '1 hour') <= at)
          OR EXISTS (
          SELECT FROM review_media m WHERE m.shop_id = shop.id AND m.review_id IS NULL AND m.removed_at IS NULL AND m.created_at <= at - interval '24 hours')
          OR EXISTS (
          SELECT FROM review_media m WHERE m.shop_id = shop.id AND m.status IN ('refused', 'removed') AND m.erased_at IS NULL AND coalesce(m.check_at <= at, true))
        UNION ALL
        SELECT 'recount' WHERE EXISTS (SELECT FROM rating_change c WHERE c.shop_id = shop.id)
        UNION ALL
        SELECT 'rate' WHERE EXISTS (SELECT FROM rating_summary s WHERE s.shop_id = shop.id AND s.counted_seq > s.published_seq)
        UNION ALL
        SELECT 'award' WHERE EXISTS (SELECT FROM review r WHERE r.shop_id = shop.id AND r.award_due)
        UNION ALL
        SELECT 'analyse' WHERE EXISTS (
          SELECT FROM review r WHERE r.shop_id = shop.id AND r.status = 'published' AND r.analysed IS NULL)
      ) due
     WHERE shop.uninstalled_at IS NULL
  $$;

-- ─── Plans follow a table that grows fast ────────────────────────────────────────────────────────
-- Counts anew what has grown by half since it was counted last; PostgreSQL itself looks once a minute. Until then plans are
-- those of a nearly empty table, where reading all of it costs as little as any index. Who is at it already is not waited for.
CREATE FUNCTION count_grown_tables()
  RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
DECLARE
  grown regclass;
  counted integer := 0;
BEGIN
  FOR grown IN
    SELECT s.relid FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
     WHERE s.schemaname = 'public' AND s.n_mod_since_analyze > 100 + greatest(c.reltuples, 0) / 2
  LOOP
    EXECUTE format('ANALYZE (SKIP_LOCKED) %s', grown);
    counted := counted + 1;
  END LOOP;
  RETURN counted;
END $$;
REVOKE EXECUTE ON FUNCTION count_grown_tables() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_grown_tables() TO kizuna_router;

-- ─── Indexes that no statement needs ─────────────────────────────────────────────────────────────
-- Lists by last order walk the index of the column itself; an address is looked up by its prefix index as well.
DROP INDEX member_by_last_order;
DROP INDEX "member_shop_id_email_idx";
