-- ─── The letter box: one index for the claim ─────────────────────────────────────────────────────
-- A claim pushes next_attempt past its lease, so "due" alone says what may be taken; leased, parked
-- and retried rows cost a claim nothing. Two indexes less to write for each delivery.
DROP INDEX webhook_inbox_due;
DROP INDEX webhook_inbox_due_by_shop;
CREATE INDEX webhook_inbox_claim ON webhook_inbox (domain, next_attempt, id) WHERE status IN ('pending', 'parked');

-- ─── Products that orders named before anybody described them ────────────────────────────────────
-- Tags and collections are fixed with each order line when first known; until then the pair waits here.

-- CreateTable
CREATE TABLE "product_wanted" (
    "shop_id" INTEGER NOT NULL,
    "product_gid" TEXT NOT NULL,
    "order_id" BIGINT NOT NULL,

    CONSTRAINT "product_wanted_pkey" PRIMARY KEY ("shop_id","product_gid","order_id")
);
CALL protect_tenant_table('product_wanted');

-- ─── Which shops have something due ──────────────────────────────────────────────────────────────
-- Schedules look across shops; tenants see one. These answers hold shop ids and a kind, nothing else.
CREATE FUNCTION due_shops(at timestamptz)
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
      ) due
     WHERE shop.uninstalled_at IS NULL
  $$;
REVOKE EXECUTE ON FUNCTION due_shops(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_shops(timestamptz) TO kizuna_router;

-- ─── Jobs from inside a tenant's transaction ─────────────────────────────────────────────────────
-- The job and the change it follows are one commit, and the app role has no right on pgboss. One job
-- of a name waits or runs per shop and key. plpgsql: the pgboss schema is made after this migration.
CREATE FUNCTION enqueue_job(job_name text, job_data jsonb, job_key text, start_after timestamptz)
  RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE added integer;
BEGIN
  IF (job_data->>'shopId') IS DISTINCT FROM public.current_shop()::text THEN
    RAISE EXCEPTION 'a job must name the shop of its transaction' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO pgboss.job (id, name, data, start_after, singleton_key, expire_seconds, deletion_seconds, keep_until,
                          retry_limit, retry_delay, retry_backoff, retry_delay_max, policy, dead_letter, heartbeat_seconds)
  SELECT gen_random_uuid(), q.name, job_data, coalesce(start_after, now()), job_key, q.expire_seconds, q.deletion_seconds,
         coalesce(start_after, now()) + q.retention_seconds * interval '1s',
         q.retry_limit, q.retry_delay, coalesce(q.retry_backoff, false), q.retry_delay_max, q.policy, q.dead_letter, q.heartbeat_seconds
    FROM pgboss.queue q WHERE q.name = job_name
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;
  IF added = 0 AND NOT EXISTS (SELECT FROM pgboss.queue q WHERE q.name = job_name) THEN
    RAISE EXCEPTION 'no queue is named %', job_name USING ERRCODE = 'undefined_object';
  END IF;
  RETURN added > 0;
END $$;
REVOKE EXECUTE ON FUNCTION enqueue_job(text, jsonb, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enqueue_job(text, jsonb, text, timestamptz) TO kizuna_app;

-- ─── Privacy ─────────────────────────────────────────────────────────────────────────────────────

-- CreateTable
CREATE TABLE "data_export" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "request_key" TEXT NOT NULL,
    "customer_gid" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "content" JSONB NOT NULL,
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "data_export_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "erasure" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "counts" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "erasure_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "data_export_shop_id_request_key_key" ON "data_export"("shop_id", "request_key");

CALL protect_tenant_table('data_export');
CALL protect_tenant_table('erasure');
GRANT USAGE ON SEQUENCE data_export_id_seq, erasure_id_seq TO kizuna_app;
-- Tombstones stay.
REVOKE UPDATE, DELETE ON erasure FROM kizuna_app;
ALTER TABLE erasure ADD CONSTRAINT erasure_kind CHECK (kind IN ('member', 'shop'));

-- Erases everything of one uninstalled shop and leaves a tombstone: how many rows there were, and the
-- ledger's totals. The caller has decided; a shop that is installed is refused whatever the caller thinks.
CREATE FUNCTION erase_shop(erased integer, at timestamptz)
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
  SELECT jsonb_build_object('entries', count(*), 'pointsIssued', coalesce(sum(points) FILTER (WHERE from_bucket = 'issued'), 0))
    INTO counts FROM points_entry WHERE shop_id = erased;
  PERFORM set_config('kizuna.erasing_shop', erased::text, true);
  -- A member may point at the member it was merged into.
  UPDATE member SET merged_into = NULL WHERE shop_id = erased AND merged_into IS NOT NULL;
  FOREACH tenant_table IN ARRAY ARRAY['product_wanted', 'points_entry', 'lot', 'order_earning', 'customer_order', 'member_note', 'member',
    'program_version', 'product_fact', 'shop_profile', 'health_alert', 'reconciliation_run', 'data_export'] LOOP
    EXECUTE format('DELETE FROM %I WHERE shop_id = $1', tenant_table) USING erased;
    GET DIAGNOSTICS rows_gone = ROW_COUNT;
    counts := counts || jsonb_build_object(tenant_table, rows_gone);
  END LOOP;
  DELETE FROM shopify_session WHERE domain = (SELECT domain FROM shop WHERE id = erased);
  PERFORM set_config('kizuna.erasing_shop', '', true);
  INSERT INTO erasure (shop_id, kind, subject, at, counts) VALUES (erased, 'shop', 'shop', erase_shop.at, counts);
  RETURN counts;
END $$;
REVOKE EXECUTE ON FUNCTION erase_shop(integer, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_shop(integer, timestamptz) TO kizuna_app;
