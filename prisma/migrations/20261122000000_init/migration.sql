-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "shop" (
    "id" SERIAL NOT NULL,
    "domain" TEXT NOT NULL,
    "shopify_gid" TEXT,
    "installed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "uninstalled_at" TIMESTAMPTZ(3),
    "scopes" TEXT NOT NULL DEFAULT '',
    "install_seq" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "shop_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shopify_session" (
    "id" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "payload" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "shopify_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_inbox" (
    "id" BIGSERIAL NOT NULL,
    "shop_id" INTEGER,
    "domain" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "event_id" TEXT,
    "api_version" TEXT,
    "triggered_at" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "body" TEXT,
    "subject" TEXT,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "error" TEXT,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shop_profile" (
    "shop_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "currency" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "taxes_included" BOOLEAN NOT NULL,
    "country" TEXT,
    "primary_locale" TEXT NOT NULL DEFAULT 'en',
    "plan_name" TEXT NOT NULL DEFAULT '',
    "is_development" BOOLEAN NOT NULL DEFAULT false,
    "primary_domain" TEXT,
    "setup" JSONB NOT NULL DEFAULT '{}',
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "shop_profile_pkey" PRIMARY KEY ("shop_id")
);

-- CreateTable
CREATE TABLE "product_fact" (
    "shop_id" INTEGER NOT NULL,
    "product_gid" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "vendor" TEXT NOT NULL DEFAULT '',
    "product_type" TEXT NOT NULL DEFAULT '',
    "tags" TEXT[],
    "collection_ids" TEXT[],
    "deleted_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "product_fact_pkey" PRIMARY KEY ("shop_id","product_gid")
);

-- CreateTable
CREATE TABLE "health_alert" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "params" JSONB NOT NULL DEFAULT '{}',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "health_alert_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "reconciliation_run" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "mark" TIMESTAMPTZ(3),
    "seen" INTEGER NOT NULL DEFAULT 0,
    "matched" INTEGER NOT NULL DEFAULT 0,
    "healed" INTEGER NOT NULL DEFAULT 0,
    "unexplained" INTEGER NOT NULL DEFAULT 0,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "status" TEXT NOT NULL DEFAULT 'running',

    CONSTRAINT "reconciliation_run_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "program_version" (
    "shop_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "rules" JSONB NOT NULL,
    "effective_from" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,

    CONSTRAINT "program_version_pkey" PRIMARY KEY ("shop_id","version")
);

-- CreateTable
CREATE TABLE "member" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "customer_gid" TEXT,
    "email" TEXT,
    "name" TEXT NOT NULL DEFAULT '',
    "locale" TEXT,
    "tags" TEXT[],
    "status" TEXT NOT NULL DEFAULT 'active',
    "merged_into" BIGINT,
    "joined_at" TIMESTAMPTZ(3),
    "email_consent" TEXT,
    "sms_consent" TEXT,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_order_at" TIMESTAMPTZ(3),
    "orders_count" INTEGER NOT NULL DEFAULT 0,
    "source_updated_at" TIMESTAMPTZ(3),
    "pending" BIGINT NOT NULL DEFAULT 0,
    "available" BIGINT NOT NULL DEFAULT 0,
    "reserved" BIGINT NOT NULL DEFAULT 0,
    "redeemed" BIGINT NOT NULL DEFAULT 0,
    "expired" BIGINT NOT NULL DEFAULT 0,
    "revoked" BIGINT NOT NULL DEFAULT 0,
    "debt" BIGINT NOT NULL DEFAULT 0,
    "balance_seq" BIGINT NOT NULL DEFAULT 0,
    "published_seq" BIGINT NOT NULL DEFAULT 0,
    "search_grams" TEXT[],

    CONSTRAINT "member_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "member_note" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "member_id" BIGINT NOT NULL,
    "entry_id" BIGINT,
    "text" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_note_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "customer_order" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "order_gid" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "member_id" BIGINT,
    "customer_gid" TEXT,
    "email" TEXT,
    "processed_at" TIMESTAMPTZ(3),
    "source_updated_at" TIMESTAMPTZ(3),
    "facts" JSONB,
    "read_due_at" TIMESTAMPTZ(3),
    "facts_from" TEXT NOT NULL DEFAULT 'payload',
    "deleted_at" TIMESTAMPTZ(3),
    "kind" TEXT NOT NULL DEFAULT 'live',
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "customer_order_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "order_earning" (
    "shop_id" INTEGER NOT NULL,
    "order_id" BIGINT NOT NULL,
    "rule" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "target" BIGINT NOT NULL,
    "gross" BIGINT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "state" TEXT NOT NULL DEFAULT 'none',
    "available_at" TIMESTAMPTZ(3),
    "explanation" JSONB NOT NULL DEFAULT '{}',
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_earning_pkey" PRIMARY KEY ("shop_id","order_id","rule")
);

-- CreateTable
CREATE TABLE "lot" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "member_id" BIGINT NOT NULL,
    "source_type" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "version" INTEGER,
    "size" BIGINT NOT NULL,
    "remaining" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "available_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "is_test" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "lot_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "points_entry" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "member_id" BIGINT NOT NULL,
    "lot_id" BIGINT,
    "kind" TEXT NOT NULL,
    "from_bucket" TEXT NOT NULL,
    "to_bucket" TEXT NOT NULL,
    "points" BIGINT NOT NULL,
    "key" TEXT NOT NULL,
    "source_type" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "order_line" TEXT,
    "rule" TEXT NOT NULL,
    "version" INTEGER,
    "reason" TEXT NOT NULL,
    "params" JSONB NOT NULL DEFAULT '{}',
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "is_test" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "points_entry_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "shop_domain_key" ON "shop"("domain");

-- CreateIndex
CREATE UNIQUE INDEX "shop_shopify_gid_key" ON "shop"("shopify_gid");

-- CreateIndex
CREATE INDEX "shopify_session_domain_idx" ON "shopify_session"("domain");

-- CreateIndex
CREATE INDEX "webhook_inbox_shop_id_received_at_idx" ON "webhook_inbox"("shop_id", "received_at");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_inbox_domain_topic_webhook_id_key" ON "webhook_inbox"("domain", "topic", "webhook_id");

-- CreateIndex
CREATE INDEX "reconciliation_run_shop_id_kind_started_at_idx" ON "reconciliation_run"("shop_id", "kind", "started_at");

-- CreateIndex
CREATE INDEX "member_shop_id_email_idx" ON "member"("shop_id", "email");

-- CreateIndex
CREATE INDEX "member_shop_id_available_id_idx" ON "member"("shop_id", "available" DESC, "id");

-- CreateIndex
CREATE INDEX "member_shop_id_last_order_at_id_idx" ON "member"("shop_id", "last_order_at" DESC, "id");

-- CreateIndex
CREATE INDEX "member_shop_id_name_id_idx" ON "member"("shop_id", "name", "id");

-- CreateIndex
CREATE INDEX "member_shop_id_first_seen_at_id_idx" ON "member"("shop_id", "first_seen_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "member_shop_id_customer_gid_key" ON "member"("shop_id", "customer_gid");

-- CreateIndex
CREATE INDEX "member_note_shop_id_member_id_idx" ON "member_note"("shop_id", "member_id");

-- CreateIndex
CREATE INDEX "customer_order_shop_id_member_id_processed_at_id_idx" ON "customer_order"("shop_id", "member_id", "processed_at", "id");

-- CreateIndex
CREATE INDEX "customer_order_shop_id_source_updated_at_idx" ON "customer_order"("shop_id", "source_updated_at");

-- CreateIndex
CREATE INDEX "customer_order_shop_id_email_idx" ON "customer_order"("shop_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "customer_order_shop_id_order_gid_key" ON "customer_order"("shop_id", "order_gid");

-- CreateIndex
CREATE INDEX "lot_shop_id_member_id_expires_at_id_idx" ON "lot"("shop_id", "member_id", "expires_at", "id");

-- CreateIndex
CREATE INDEX "lot_shop_id_source_type_source_id_rule_idx" ON "lot"("shop_id", "source_type", "source_id", "rule");

-- CreateIndex
CREATE INDEX "points_entry_shop_id_member_id_id_idx" ON "points_entry"("shop_id", "member_id", "id" DESC);

-- CreateIndex
CREATE INDEX "points_entry_shop_id_source_type_source_id_idx" ON "points_entry"("shop_id", "source_type", "source_id");

-- CreateIndex
CREATE INDEX "points_entry_shop_id_at_idx" ON "points_entry"("shop_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "points_entry_shop_id_key_key" ON "points_entry"("shop_id", "key");


-- ─── What Prisma's schema language cannot say ────────────────────────────────────────────────────

-- Two group roles without login. A deployment's own login roles are members of exactly one of them:
-- the app's (tenant tables under row-level security) or the router's (the closed routing list).
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['kizuna_app', 'kizuna_router'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', wanted);
      EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this cluster was quicker
        WHEN insufficient_privilege THEN
          RAISE EXCEPTION 'The role % does not exist and this owner may not create it.', wanted
            USING HINT = format('Run as an administrator: CREATE ROLE %I NOLOGIN;', wanted);
      END;
    END IF;
  END LOOP;
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO kizuna_app, kizuna_router;

-- The shop of this statement or transaction; NULL (so: no rows) while nobody has set it.
CREATE FUNCTION current_shop() RETURNS integer
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT NULLIF(current_setting('app.shop', true), '')::integer $$;
GRANT EXECUTE ON FUNCTION current_shop() TO kizuna_app, kizuna_router;

-- Tenant tables: FORCE row-level security, one policy for the app by shop, one for the owner (who
-- migrates and audits). The router has no privilege on them at all.
CREATE PROCEDURE protect_tenant_table(tenant_table regclass)
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('CREATE POLICY by_shop ON %s FOR ALL TO kizuna_app USING (shop_id = (SELECT current_shop())) WITH CHECK (shop_id = (SELECT current_shop()))', tenant_table);
  EXECUTE format('CREATE POLICY by_owner ON %s FOR ALL TO %I USING (true) WITH CHECK (true)', tenant_table, current_user);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO kizuna_app', tenant_table);
END $$;
REVOKE EXECUTE ON PROCEDURE protect_tenant_table(regclass) FROM PUBLIC;

CALL protect_tenant_table('shop_profile');
CALL protect_tenant_table('product_fact');
CALL protect_tenant_table('health_alert');
CALL protect_tenant_table('reconciliation_run');
CALL protect_tenant_table('program_version');
CALL protect_tenant_table('member');
CALL protect_tenant_table('member_note');
CALL protect_tenant_table('customer_order');
CALL protect_tenant_table('order_earning');
CALL protect_tenant_table('lot');
CALL protect_tenant_table('points_entry');

GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kizuna_app;
REVOKE ALL ON SEQUENCE shop_id_seq, webhook_inbox_id_seq FROM kizuna_app;

-- The routing list.
GRANT SELECT, INSERT, UPDATE, DELETE ON shop, shopify_session, webhook_inbox TO kizuna_router;
GRANT USAGE ON SEQUENCE shop_id_seq, webhook_inbox_id_seq TO kizuna_router;

ALTER TABLE webhook_inbox ADD CONSTRAINT webhook_inbox_status
  CHECK (status IN ('pending', 'parked', 'done', 'ignored', 'dead', 'quarantined'));
-- The claim reads only what is unprocessed, so its cost does not grow with history.
CREATE INDEX webhook_inbox_due ON webhook_inbox (next_attempt, id) WHERE status IN ('pending', 'parked');
CREATE INDEX webhook_inbox_due_by_shop ON webhook_inbox (domain, id) WHERE status IN ('pending', 'parked');
CREATE INDEX webhook_inbox_dead ON webhook_inbox (shop_id, id) WHERE status IN ('dead', 'quarantined');
ALTER TABLE webhook_inbox SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- The one door from a tenant's transaction to the letter box: applying an event and marking it are
-- one commit, and a worker whose lease has passed to another can mark nothing.
CREATE FUNCTION settle_event(inbox_id bigint, lease uuid, outcome text, detail text)
  RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    WITH settled AS (
      UPDATE webhook_inbox
         SET status = outcome, error = detail, lease_token = NULL, lease_until = NULL, settled_at = now()
       WHERE id = inbox_id AND lease_token = lease AND lease_until > now()
         AND shop_id = current_shop() AND outcome IN ('done', 'ignored')
      RETURNING 1)
    SELECT EXISTS (SELECT FROM settled)
  $$;
REVOKE EXECUTE ON FUNCTION settle_event(bigint, uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION settle_event(bigint, uuid, text, text) TO kizuna_app;

-- ─── The ledger protects itself ──────────────────────────────────────────────────────────────────

REVOKE UPDATE, DELETE ON points_entry, program_version FROM kizuna_app;

ALTER TABLE points_entry
  ADD CONSTRAINT points_entry_points CHECK (points > 0 AND points <= 1000000000000),
  ADD CONSTRAINT points_entry_buckets CHECK (
    from_bucket <> to_bucket
    AND from_bucket IN ('issued', 'pending', 'available', 'reserved', 'redeemed', 'expired', 'revoked', 'debt')
    AND to_bucket IN ('issued', 'pending', 'available', 'reserved', 'redeemed', 'expired', 'revoked', 'debt')),
  ADD CONSTRAINT points_entry_lot CHECK (
    lot_id IS NOT NULL OR from_bucket = 'debt' OR to_bucket = 'debt'),
  ADD CONSTRAINT points_entry_key CHECK (key <> ''),
  ADD CONSTRAINT points_entry_member_fk FOREIGN KEY (shop_id, member_id) REFERENCES member (shop_id, id),
  ADD CONSTRAINT points_entry_lot_fk FOREIGN KEY (shop_id, lot_id) REFERENCES lot (shop_id, id);

ALTER TABLE lot
  ADD CONSTRAINT lot_size CHECK (size > 0 AND size <= 1000000000000),
  ADD CONSTRAINT lot_remaining CHECK (remaining >= 0 AND remaining <= size),
  ADD CONSTRAINT lot_state CHECK (state IN ('pending', 'available')),
  ADD CONSTRAINT lot_member_fk FOREIGN KEY (shop_id, member_id) REFERENCES member (shop_id, id);
-- Only open lots are read on the hot paths.
CREATE INDEX lot_open ON lot (shop_id, member_id, expires_at, id) WHERE remaining > 0;
CREATE INDEX lot_release_due ON lot (shop_id, available_at) WHERE state = 'pending' AND remaining > 0;

ALTER TABLE member
  ADD CONSTRAINT member_status CHECK (status IN ('active', 'merged', 'deleted', 'redacted')),
  ADD CONSTRAINT member_balances CHECK (
    pending >= 0 AND available >= 0 AND reserved >= 0 AND redeemed >= 0 AND expired >= 0 AND revoked >= 0 AND debt >= 0),
  ADD CONSTRAINT member_merged_fk FOREIGN KEY (shop_id, merged_into) REFERENCES member (shop_id, id);
CREATE INDEX member_search ON member USING gin (search_grams);
CREATE INDEX member_publish_due ON member (shop_id, id) WHERE balance_seq > published_seq;

ALTER TABLE member_note
  ADD CONSTRAINT member_note_member_fk FOREIGN KEY (shop_id, member_id) REFERENCES member (shop_id, id);

ALTER TABLE customer_order
  ADD CONSTRAINT customer_order_member_fk FOREIGN KEY (shop_id, member_id) REFERENCES member (shop_id, id);
CREATE INDEX customer_order_read_due ON customer_order (shop_id, read_due_at) WHERE read_due_at IS NOT NULL;

ALTER TABLE order_earning
  ADD CONSTRAINT order_earning_order_fk FOREIGN KEY (shop_id, order_id) REFERENCES customer_order (shop_id, id),
  ADD CONSTRAINT order_earning_points CHECK (target >= 0 AND gross >= 0 AND revision >= 0),
  ADD CONSTRAINT order_earning_state CHECK (state IN ('waiting', 'pending', 'available', 'none'));

-- Entries and program versions never change, whoever asks. The redaction of a whole shop is the one
-- exception: it runs as the owner inside a function that names the shop it is erasing.
CREATE FUNCTION refuse_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('kizuna.erasing_shop', true) = OLD.shop_id::text
     AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% on % is refused: rows are append-only, correct by adding', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON points_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON program_version FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_truncate() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'TRUNCATE on % is refused: rows are append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON points_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON program_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
