-- Who looked at customers' data, what an erased shop leaves behind, and what operations need to see.
-- Every step is safe on a live table: new tables, new columns with constant defaults, new functions.

-- ─── Privacy: sealed birthdays, data requests with an end, who looked, seals of the ledger ───────
-- AlterTable
ALTER TABLE "member" ADD COLUMN     "birthday_key" TEXT,
ADD COLUMN     "birthday_sealed" TEXT;

-- AlterTable
ALTER TABLE "data_export" ADD COLUMN     "delivered_to" TEXT,
ADD COLUMN     "due_at" TIMESTAMPTZ(3),
ADD COLUMN     "emptied_at" TIMESTAMPTZ(3),
ADD COLUMN     "expires_at" TIMESTAMPTZ(3),
ADD COLUMN     "member_ids" BIGINT[] NOT NULL DEFAULT ARRAY[]::BIGINT[],
ADD COLUMN     "outcome" TEXT NOT NULL DEFAULT 'exported',
ADD COLUMN     "told_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "ledger_seal" (
    "shop_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "through_id" BIGINT NOT NULL,
    "entries" INTEGER NOT NULL,
    "total" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_seal_pkey" PRIMARY KEY ("shop_id","day")
);

-- CreateTable
CREATE TABLE "customer_access" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "member_id" BIGINT,
    "subject" TEXT,
    "people" INTEGER NOT NULL,

    CONSTRAINT "customer_access_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "ledger_seal_shop_id_through_id_key" ON "ledger_seal"("shop_id", "through_id");

-- CreateIndex
CREATE INDEX "customer_access_shop_id_member_id_id_idx" ON "customer_access"("shop_id", "member_id", "id" DESC);

-- CreateIndex
CREATE INDEX "customer_access_shop_id_at_idx" ON "customer_access"("shop_id", "at");

-- CreateIndex
CREATE INDEX "member_shop_id_birthday_key_idx" ON "member"("shop_id", "birthday_key");

CALL protect_tenant_table('ledger_seal');
CALL protect_tenant_table('customer_access');
GRANT USAGE ON SEQUENCE customer_access_id_seq TO kizuna_app;

-- A seal that could be changed would prove nothing; a line of the access log only ever ends by its age.
REVOKE UPDATE, DELETE ON ledger_seal FROM kizuna_app;
REVOKE UPDATE ON customer_access FROM kizuna_app;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_seal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON ledger_seal FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
ALTER TABLE ledger_seal
  ADD CONSTRAINT ledger_seal_counts CHECK (entries > 0 AND total >= entries),
  ADD CONSTRAINT ledger_seal_hash CHECK (octet_length(hash) = 32);
ALTER TABLE customer_access ADD CONSTRAINT customer_access_people CHECK (people >= 0);

-- What the retention looks for, where nothing else indexes it.
CREATE INDEX member_birthday_clear ON member (shop_id, id) WHERE birthday IS NOT NULL;
CREATE INDEX message_texts ON message (shop_id, due_at) WHERE status IN ('sent', 'skipped', 'failed') AND params <> '{}';
CREATE INDEX review_vote_visitors ON review_vote (shop_id, at) WHERE NOT signed_in AND voter_key NOT LIKE 'old/%';
CREATE INDEX referral_networks ON referral (shop_id, claimed_at) WHERE signals <> '{}';
CREATE INDEX review_networks ON review (shop_id, submitted_at) WHERE visitor_key IS NOT NULL;
CREATE INDEX adjustment_row_addresses ON adjustment_row (shop_id, batch_id, row) WHERE email IS NOT NULL;
CREATE INDEX data_export_to_empty ON data_export (shop_id, expires_at) WHERE emptied_at IS NULL;

-- Erasing a shop reaches the new tables, and its tombstone says where the chain of seals ended.
CREATE OR REPLACE FUNCTION erase_shop(erased integer, at timestamptz)
  RETURNS jsonb
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
DECLARE
  counts jsonb := '{}';
  tenant_table text;
  rows_gone bigint;
BEGIN
  IF erased IS DISTINCT FROM current_shop() THEN
    RAISE EXCEPTION 'a shop is erased from its own transaction' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM FROM shop WHERE id = erased AND uninstalled_at IS NOT NULL FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'shop % is installed and is not erased', erased USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  SELECT jsonb_build_object('entries', count(*), 'pointsIssued', coalesce(sum(points) FILTER (WHERE from_bucket = 'issued'), 0),
           'lastSeal', (SELECT encode(hash, 'hex') FROM ledger_seal WHERE shop_id = erased ORDER BY through_id DESC LIMIT 1),
           'sealedEntries', (SELECT coalesce(max(total), 0) FROM ledger_seal WHERE shop_id = erased))
    INTO counts FROM points_entry WHERE shop_id = erased;
  PERFORM set_config('kizuna.erasing_shop', erased::text, true);
  -- A member may point at the member it was merged into.
  UPDATE member SET merged_into = NULL WHERE shop_id = erased AND merged_into IS NOT NULL;
  FOREACH tenant_table IN ARRAY ARRAY['product_wanted', 'ledger_seal', 'points_entry', 'lot', 'order_earning', 'order_qualifying', 'code_use',
    'voucher_code', 'redemption', 'reward', 'referral', 'way_grant', 'tier_override', 'tier_change', 'loyalty_event', 'message', 'suppression',
    'adjustment_row', 'adjustment_batch', 'review_mention', 'review_vote', 'review_report', 'review_event', 'review_note', 'review_notice',
    'support_task', 'review_media', 'review_version', 'rating_change', 'rating_summary', 'review_group', 'review', 'review_request', 'customer_order', 'member_note', 'member', 'staff',
    'program_version', 'product_fact', 'shop_profile', 'health_alert', 'reconciliation_run', 'data_export', 'customer_access'] LOOP
    EXECUTE format('DELETE FROM %I WHERE shop_id = $1', tenant_table) USING erased;
    GET DIAGNOSTICS rows_gone = ROW_COUNT;
    counts := counts || jsonb_build_object(tenant_table, rows_gone);
  END LOOP;
  -- Earlier tombstones named members by their numbers; the shop's own says enough.
  DELETE FROM erasure WHERE shop_id = erased AND kind <> 'shop';
  DELETE FROM shopify_session WHERE domain = (SELECT domain FROM shop WHERE id = erased);
  PERFORM set_config('kizuna.erasing_shop', '', true);
  INSERT INTO erasure (shop_id, kind, subject, at, counts) VALUES (erased, 'shop', 'shop', erase_shop.at, counts);
  RETURN counts;
END $$;

-- ─── What waits, over all shops ─────────────────────────────────────────────────────────────────
-- Numbers for whoever runs the server, never rows: each count rides on its own index and is bounded per shop.
CREATE FUNCTION waiting_totals()
  RETURNS TABLE (what text, amount bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT waiting.what, sum(waiting.amount)::bigint
      FROM shop
      CROSS JOIN LATERAL (
        SELECT 'redemptions' AS what, count(*) AS amount FROM (
          SELECT FROM redemption r WHERE r.shop_id = shop.id AND r.status = 'reserved' LIMIT 1000) r
        UNION ALL
        SELECT 'redemptions_for_a_person', count(*) FROM (
          SELECT FROM redemption r WHERE r.shop_id = shop.id AND r.status = 'needs_person' LIMIT 1000) r
        UNION ALL
        SELECT 'balances_to_publish', count(*) FROM (
          SELECT FROM member m WHERE m.shop_id = shop.id AND m.balance_seq > m.published_seq LIMIT 1000) m
        UNION ALL
        SELECT 'ratings_to_publish', count(*) FROM (
          SELECT FROM rating_summary s WHERE s.shop_id = shop.id AND s.counted_seq > s.published_seq LIMIT 1000) s
        UNION ALL
        SELECT 'mails', count(*) FROM (
          SELECT FROM message m WHERE m.shop_id = shop.id AND m.status IN ('queued', 'sending') LIMIT 1000) m
        UNION ALL
        SELECT 'reviews_held', count(*) FROM (
          SELECT FROM review r WHERE r.shop_id = shop.id AND r.status = 'held' LIMIT 1000) r
      ) waiting
     WHERE shop.uninstalled_at IS NULL
     GROUP BY waiting.what
  $$;
REVOKE EXECUTE ON FUNCTION waiting_totals() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION waiting_totals() TO kizuna_router;

-- Whether a process runs on a schema that it knows: the migrations' own table is the owner's.
CREATE FUNCTION newest_migration() RETURNS text
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
BEGIN
  RETURN (SELECT max(migration_name) FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL);
END $$;
REVOKE EXECUTE ON FUNCTION newest_migration() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION newest_migration() TO kizuna_router;

-- ─── Reviews: what a search reads, and what a vote costs ─────────────────────────────────────────
-- How few reviews have pictures: without it a third is guessed, and a frequent word among pictures reads thousands of rows.
CREATE STATISTICS review_pictures ON (photos + videos) FROM review;

-- A change that leaves every sum as it was, such as a vote: pages show it, nothing is counted again.
ALTER TABLE "rating_change" ADD COLUMN     "keeps_sums" BOOLEAN NOT NULL DEFAULT false;
-- How often each answer was given, counted with the sums. NULL: not since there is this column.
ALTER TABLE "rating_summary" ADD COLUMN     "answers" JSONB;
CREATE OR REPLACE FUNCTION note_rating_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rating_change (shop_id, group_key, keeps_sums) VALUES (NEW.shop_id, NEW.group_key, TG_OP = 'UPDATE' AND
    (OLD.group_key, OLD.status, OLD.rating, OLD.answers, OLD.verified, OLD.incentivised, OLD.photos + OLD.videos > 0)
      = (NEW.group_key, NEW.status, NEW.rating, NEW.answers, NEW.verified, NEW.incentivised, NEW.photos + NEW.videos > 0));
  IF TG_OP = 'UPDATE' AND OLD.group_key <> NEW.group_key THEN
    INSERT INTO rating_change (shop_id, group_key) VALUES (OLD.shop_id, OLD.group_key);
  END IF;
  RETURN NULL;
END $$;

-- reviews_with_grams for lists of photos, too: a frequent word among few pictures costs what the pictures cost.
CREATE FUNCTION reviews_with_grams(wanted_group text, grams text[], words text[], stars integer[], with_media boolean, at_most integer)
  RETURNS TABLE (review_id bigint)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET jit = off
  AS $$
BEGIN
  -- Without stars or pictures no other index may join in: the group's own has as many entries as the group has reviews.
  RETURN QUERY EXECUTE 'SELECT id FROM review WHERE search_grams @> $1 AND status = ''published'' AND shop_id = current_shop()'
      || CASE WHEN stars IS NULL AND NOT with_media THEN ' AND group_key || '''' = $2' ELSE ' AND group_key = $2' END
      || CASE WHEN stars IS NULL THEN '' ELSE ' AND rating = ANY ($3)' END
      || CASE WHEN with_media THEN ' AND photos + videos > 0' ELSE '' END
      -- Grams may lie apart from each other; the words themselves decide.
      || (SELECT coalesce(string_agg(format(' AND strpos(search_text, $5[%s]) > 0', place), ''), '') FROM generate_subscripts(words, 1) place)
      || ' LIMIT $4'
    USING grams, wanted_group, stars, at_most, words;
END $$;
REVOKE EXECUTE ON FUNCTION reviews_with_grams(text, text[], text[], integer[], boolean, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reviews_with_grams(text, text[], text[], integer[], boolean, integer) TO kizuna_app;
