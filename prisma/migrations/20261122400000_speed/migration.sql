-- What was slow is looked up by an index of its own, and what was long is done in pieces.
-- Every step is safe on a live table: new tables, new columns with constant defaults, new functions.

-- ─── Birthdays are looked up by day ──────────────────────────────────────────────────────────────
-- The next instant at which the keyed days of birthdays are asked; no member's row says when theirs is. NULL: never were.
ALTER TABLE "shop_profile" ADD COLUMN     "birthdays_at" TIMESTAMPTZ(3);

-- Which shops have something due: birthdays of the day, too.
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
        SELECT 'media' WHERE EXISTS (SELECT FROM review_media m WHERE m.shop_id = shop.id AND m.status = 'received' AND m.created_at <= at - interval '1 hour')
          OR EXISTS (
          SELECT FROM review_media m WHERE m.shop_id = shop.id AND m.review_id IS NULL AND m.removed_at IS NULL AND m.created_at <= at - interval '24 hours')
          OR EXISTS (SELECT FROM review_media m WHERE m.shop_id = shop.id AND m.status IN ('refused', 'removed') AND m.erased_at IS NULL)
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

-- ─── A shop is erased in pieces ──────────────────────────────────────────────────────────────────
-- What an erasure that goes on has counted so far; such a shop cannot be installed. NULL: none goes on.
ALTER TABLE "shop" ADD COLUMN     "erasing" JSONB;
ALTER TABLE shop ADD CONSTRAINT shop_erasing CHECK (erasing IS NULL OR uninstalled_at IS NOT NULL) NOT VALID;
ALTER TABLE shop VALIDATE CONSTRAINT shop_erasing;

-- Erases at most so many rows of one uninstalled shop, in the order in which tables point at each other. The catalogue
-- says which tables those are: whatever forces row-level security is a tenant's. NULL: call again. Else all is gone, and
-- this is what the tombstone says: how many rows there were, the ledger's totals, and where the chain of seals ended.
CREATE FUNCTION erase_shop_rows(erased integer, at timestamptz, at_most integer)
  RETURNS jsonb
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  -- Each piece begins behind those before it: an index remembers which of its rows are gone, a table is read through.
  SET enable_seqscan = off SET enable_bitmapscan = off
  AS $$
DECLARE
  counts jsonb;
  tenant record;
  left_over bigint := at_most;
  in_pass bigint;
  gone bigint;
  issued bigint;
BEGIN
  IF erased IS DISTINCT FROM current_shop() THEN
    RAISE EXCEPTION 'a shop is erased from its own transaction' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF coalesce(at_most, 0) < 1 THEN
    RAISE EXCEPTION 'a piece has at least one row' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT coalesce(erasing, jsonb_build_object('entries', 0, 'pointsIssued', 0,
           'lastSeal', (SELECT encode(hash, 'hex') FROM ledger_seal WHERE shop_id = erased ORDER BY through_id DESC LIMIT 1),
           'sealedEntries', (SELECT coalesce(max(total), 0) FROM ledger_seal WHERE shop_id = erased)))
    INTO counts FROM shop WHERE id = erased AND uninstalled_at IS NOT NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'shop % is installed and is not erased', erased USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  PERFORM set_config('kizuna.erasing_shop', erased::text, true);
  -- Only a look that finds nothing anywhere is the last one: erasing one row may write another.
  LOOP
    in_pass := 0;
    FOR tenant IN
      WITH RECURSIVE tenants AS (
        SELECT c.oid, c.relname AS name FROM pg_class c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relforcerowsecurity AND c.relname <> 'erasure'
      ), points_at AS (
        SELECT DISTINCT conrelid AS child, confrelid AS parent FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid
      ), depth AS (
        SELECT oid, 0 AS steps FROM tenants
         UNION
        SELECT points_at.child, depth.steps + 1 FROM depth JOIN points_at ON points_at.parent = depth.oid WHERE depth.steps < 50
      )
      SELECT t.name,
             -- A row may point at another of its own table, as a member at the one it was merged into.
             ARRAY(SELECT a.attname FROM pg_constraint k CROSS JOIN unnest(k.conkey) num
                     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = num
                    WHERE k.contype = 'f' AND k.conrelid = t.oid AND k.confrelid = t.oid AND NOT a.attnotnull) AS own_pointers
        FROM tenants t JOIN depth USING (oid) GROUP BY t.oid, t.name ORDER BY max(depth.steps) DESC, t.name
    LOOP
      IF NOT counts ? tenant.name THEN
        FOR i IN 1 .. cardinality(tenant.own_pointers) LOOP
          EXECUTE format('UPDATE %1$I SET %2$I = NULL WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE shop_id = $1 AND %2$I IS NOT NULL LIMIT $2))',
            tenant.name, tenant.own_pointers[i]) USING erased, left_over;
          GET DIAGNOSTICS gone = ROW_COUNT;
          left_over := left_over - gone;
          in_pass := in_pass + gone;
          EXIT WHEN left_over = 0;
        END LOOP;
        EXIT WHEN left_over = 0;
      END IF;
      IF tenant.name = 'points_entry' THEN
        WITH erased_rows AS (
          DELETE FROM points_entry WHERE ctid = ANY (ARRAY(SELECT ctid FROM points_entry WHERE shop_id = erased LIMIT left_over))
          RETURNING points, from_bucket
        )
        SELECT count(*), coalesce(sum(points) FILTER (WHERE from_bucket = 'issued'), 0) INTO gone, issued FROM erased_rows;
        counts := counts || jsonb_build_object('entries', (counts->>'entries')::bigint + gone,
                                               'pointsIssued', (counts->>'pointsIssued')::bigint + issued);
      ELSE
        EXECUTE format('DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I WHERE shop_id = $1 LIMIT $2))', tenant.name)
          USING erased, left_over;
        GET DIAGNOSTICS gone = ROW_COUNT;
      END IF;
      counts := counts || jsonb_build_object(tenant.name, coalesce((counts->>tenant.name)::bigint, 0) + gone);
      left_over := left_over - gone;
      in_pass := in_pass + gone;
      -- Whoever deletes what many rows pointed at asks for each of them again, until a commit lets them be forgotten.
      EXIT WHEN left_over = 0 OR gone > 500;
    END LOOP;
    EXIT WHEN left_over = 0 OR in_pass = 0 OR gone > 500;
  END LOOP;
  IF in_pass > 0 THEN
    UPDATE shop SET erasing = counts WHERE id = erased;
    PERFORM set_config('kizuna.erasing_shop', '', true);
    RETURN NULL;
  END IF;
  -- Earlier tombstones named members by their numbers; the shop's own says enough.
  DELETE FROM erasure WHERE shop_id = erased AND kind <> 'shop';
  DELETE FROM shopify_session WHERE domain = (SELECT domain FROM shop WHERE id = erased);
  PERFORM set_config('kizuna.erasing_shop', '', true);
  UPDATE shop SET erasing = NULL WHERE id = erased;
  INSERT INTO erasure (shop_id, kind, subject, at, counts) VALUES (erased, 'shop', 'shop', erase_shop_rows.at, counts);
  RETURN counts;
END $$;
REVOKE EXECUTE ON FUNCTION erase_shop_rows(integer, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_shop_rows(integer, timestamptz, integer) TO kizuna_app;

-- In one go, for the version that still runs during an upgrade.
CREATE OR REPLACE FUNCTION erase_shop(erased integer, at timestamptz)
  RETURNS jsonb
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
DECLARE
  counts jsonb;
BEGIN
  LOOP
    counts := erase_shop_rows(erased, at, 100000);
    EXIT WHEN counts IS NOT NULL;
  END LOOP;
  RETURN counts;
END $$;

-- ─── A search knows what its matches are sorted by ───────────────────────────────────────────────
-- Everybody whose name or address matches, with what lists are sorted by, so that only the page's own rows are read again.
-- Bitmaps only: read in the order of the table, each page of it once. The shop is part of every gram.
CREATE FUNCTION members_found(grams text[], prefix text)
  RETURNS TABLE (shop_id integer, id bigint, status text, tier_id text, name text, available bigint, last_order_at timestamptz, first_seen_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET jit = off
  AS $$
    SELECT m.shop_id, m.id, m.status, m.tier_id, m.name, m.available, m.last_order_at, m.first_seen_at
      FROM member m WHERE m.search_grams @> grams AND m.shop_id + 0 = (SELECT current_shop())
    UNION ALL
    SELECT m.shop_id, m.id, m.status, m.tier_id, m.name, m.available, m.last_order_at, m.first_seen_at
      FROM member m WHERE m.shop_id = (SELECT current_shop()) AND m.email ~>=~ prefix AND m.email ~<~ (prefix || U&'\+10FFFF')
                      AND NOT coalesce(m.search_grams @> grams, false)
  $$;
REVOKE EXECUTE ON FUNCTION members_found(text[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION members_found(text[], text) TO kizuna_app;
