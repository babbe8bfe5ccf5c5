-- AlterTable
ALTER TABLE "shop_profile" ADD COLUMN     "mail" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "remind_at" TIMESTAMPTZ(3),
ADD COLUMN     "tier_plans_from" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "member" ADD COLUMN     "birthday" TEXT,
ADD COLUMN     "birthday_set_at" TIMESTAMPTZ(3),
ADD COLUMN     "occasion_due_at" TIMESTAMPTZ(3),
ADD COLUMN     "referral_code" TEXT,
ADD COLUMN     "tier_id" TEXT,
ADD COLUMN     "tier_progress" JSONB,
ADD COLUMN     "tier_review_at" TIMESTAMPTZ(3),
ADD COLUMN     "tier_since" TIMESTAMPTZ(3),
ADD COLUMN     "tier_until" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "staff" (
    "shop_id" INTEGER NOT NULL,
    "user_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "staff_pkey" PRIMARY KEY ("shop_id","user_id")
);

-- CreateTable
CREATE TABLE "way_grant" (
    "shop_id" INTEGER NOT NULL,
    "member_id" BIGINT NOT NULL,
    "way_id" TEXT NOT NULL,
    "occasion" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "points" BIGINT NOT NULL,
    "version" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'granted',

    CONSTRAINT "way_grant_pkey" PRIMARY KEY ("shop_id","member_id","way_id","occasion")
);

-- CreateTable
CREATE TABLE "order_qualifying" (
    "shop_id" INTEGER NOT NULL,
    "order_id" BIGINT NOT NULL,
    "member_id" BIGINT NOT NULL,
    "processed_at" TIMESTAMPTZ(3) NOT NULL,
    "steps" JSONB NOT NULL,
    "tier_used" TEXT,
    "is_purchase" BOOLEAN NOT NULL DEFAULT false,
    "inputs" TEXT,

    CONSTRAINT "order_qualifying_pkey" PRIMARY KEY ("shop_id","order_id")
);

-- CreateTable
CREATE TABLE "tier_override" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "member_id" BIGINT NOT NULL,
    "tier_id" TEXT NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "until_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "actor" TEXT NOT NULL,

    CONSTRAINT "tier_override_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "tier_change" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "member_id" BIGINT NOT NULL,
    "from_tier_id" TEXT,
    "to_tier_id" TEXT,
    "cause" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "entry_due" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "tier_change_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "reward" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'draft',
    "position" INTEGER NOT NULL DEFAULT 0,
    "points" BIGINT NOT NULL,
    "terms" JSONB NOT NULL,
    "texts" JSONB NOT NULL,
    "picture" JSONB,
    "stock" INTEGER,
    "taken" INTEGER NOT NULL DEFAULT 0,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,

    CONSTRAINT "reward_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "redemption" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "member_id" BIGINT NOT NULL,
    "reward_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "request_key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "points" BIGINT NOT NULL,
    "value_minor" BIGINT,
    "currency" TEXT NOT NULL,
    "code" TEXT,
    "terms" JSONB NOT NULL,
    "texts" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'reserved',
    "shopify_gid" TEXT,
    "fingerprint" TEXT,
    "reserved_at" TIMESTAMPTZ(3) NOT NULL,
    "issued_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "deactivated_at" TIMESTAMPTZ(3),
    "posted_at" TIMESTAMPTZ(3),
    "voided_at" TIMESTAMPTZ(3),
    "order_id" BIGINT,
    "returned" BIGINT NOT NULL DEFAULT 0,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt" TIMESTAMPTZ(3),
    "lease_token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "actor" TEXT NOT NULL,

    CONSTRAINT "redemption_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "code_use" (
    "shop_id" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "order_id" BIGINT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "code_use_pkey" PRIMARY KEY ("shop_id","code","order_id")
);

-- CreateTable
CREATE TABLE "voucher_code" (
    "shop_id" INTEGER NOT NULL,
    "reward_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "code" TEXT NOT NULL,
    "redemption_id" BIGINT,
    "added_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "voucher_code_pkey" PRIMARY KEY ("shop_id","reward_id","id")
);

-- CreateTable
CREATE TABLE "referral" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "advocate_id" BIGINT NOT NULL,
    "friend_key" TEXT NOT NULL,
    "friend_id" BIGINT,
    "code" TEXT,
    "shopify_gid" TEXT,
    "status" TEXT NOT NULL DEFAULT 'claimed',
    "order_id" BIGINT,
    "flags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "points" BIGINT NOT NULL DEFAULT 0,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" TEXT,
    "next_attempt" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "signals" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "referral_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "loyalty_event" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "member_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "params" JSONB NOT NULL DEFAULT '{}',
    "at" TIMESTAMPTZ(3) NOT NULL,
    "announced_at" TIMESTAMPTZ(3),

    CONSTRAINT "loyalty_event_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "adjustment_batch" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "file_name" TEXT,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "undone_at" TIMESTAMPTZ(3),
    "undone_by" TEXT,

    CONSTRAINT "adjustment_batch_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "adjustment_row" (
    "shop_id" INTEGER NOT NULL,
    "batch_id" BIGINT NOT NULL,
    "row" INTEGER NOT NULL,
    "email" TEXT,
    "member_id" BIGINT,
    "points" BIGINT,
    "outcome" TEXT NOT NULL,

    CONSTRAINT "adjustment_row_pkey" PRIMARY KEY ("shop_id","batch_id","row")
);

-- CreateTable
CREATE TABLE "message" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "member_id" BIGINT NOT NULL,
    "channel" TEXT NOT NULL DEFAULT 'email',
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "cap_key" TEXT,
    "locale" TEXT NOT NULL,
    "params" JSONB NOT NULL DEFAULT '{}',
    "status" TEXT NOT NULL DEFAULT 'queued',
    "why" TEXT,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "message_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "suppression" (
    "shop_id" INTEGER NOT NULL,
    "address_key" TEXT NOT NULL,
    "channel" TEXT NOT NULL DEFAULT 'email',
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "suppression_pkey" PRIMARY KEY ("shop_id","address_key","channel")
);

-- CreateIndex
CREATE INDEX "way_grant_shop_id_way_id_at_idx" ON "way_grant"("shop_id", "way_id", "at");

-- CreateIndex
CREATE INDEX "order_qualifying_shop_id_member_id_processed_at_idx" ON "order_qualifying"("shop_id", "member_id", "processed_at");

-- CreateIndex
CREATE INDEX "tier_override_shop_id_member_id_idx" ON "tier_override"("shop_id", "member_id");

-- CreateIndex
CREATE INDEX "tier_change_shop_id_member_id_id_idx" ON "tier_change"("shop_id", "member_id", "id" DESC);

-- CreateIndex
CREATE INDEX "reward_shop_id_status_position_id_idx" ON "reward"("shop_id", "status", "position", "id");

-- CreateIndex
CREATE INDEX "redemption_shop_id_member_id_id_idx" ON "redemption"("shop_id", "member_id", "id" DESC);

-- CreateIndex
CREATE INDEX "redemption_shop_id_reward_id_id_idx" ON "redemption"("shop_id", "reward_id", "id" DESC);

-- CreateIndex
CREATE INDEX "redemption_shop_id_status_id_idx" ON "redemption"("shop_id", "status", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "redemption_shop_id_member_id_request_key_key" ON "redemption"("shop_id", "member_id", "request_key");

-- CreateIndex
CREATE UNIQUE INDEX "redemption_shop_id_code_key" ON "redemption"("shop_id", "code");

-- CreateIndex
CREATE INDEX "code_use_shop_id_order_id_idx" ON "code_use"("shop_id", "order_id");

-- CreateIndex
CREATE UNIQUE INDEX "voucher_code_shop_id_reward_id_code_key" ON "voucher_code"("shop_id", "reward_id", "code");

-- CreateIndex
CREATE INDEX "referral_shop_id_advocate_id_id_idx" ON "referral"("shop_id", "advocate_id", "id" DESC);

-- CreateIndex
CREATE INDEX "referral_shop_id_status_id_idx" ON "referral"("shop_id", "status", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "referral_shop_id_friend_key_key" ON "referral"("shop_id", "friend_key");

-- CreateIndex
CREATE UNIQUE INDEX "referral_shop_id_code_key" ON "referral"("shop_id", "code");

-- CreateIndex
CREATE UNIQUE INDEX "loyalty_event_shop_id_key_key" ON "loyalty_event"("shop_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "adjustment_batch_shop_id_key_key" ON "adjustment_batch"("shop_id", "key");

-- CreateIndex
CREATE INDEX "message_shop_id_member_id_id_idx" ON "message"("shop_id", "member_id", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "message_shop_id_key_key" ON "message"("shop_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "message_shop_id_cap_key_key" ON "message"("shop_id", "cap_key");

-- CreateIndex
CREATE INDEX "member_shop_id_tier_id_id_idx" ON "member"("shop_id", "tier_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "member_shop_id_referral_code_key" ON "member"("shop_id", "referral_code");


-- ─── What Prisma's schema language cannot say ────────────────────────────────────────────────────

CALL protect_tenant_table('staff');
CALL protect_tenant_table('way_grant');
CALL protect_tenant_table('order_qualifying');
CALL protect_tenant_table('tier_override');
CALL protect_tenant_table('tier_change');
CALL protect_tenant_table('reward');
CALL protect_tenant_table('redemption');
CALL protect_tenant_table('code_use');
CALL protect_tenant_table('voucher_code');
CALL protect_tenant_table('referral');
CALL protect_tenant_table('loyalty_event');
CALL protect_tenant_table('adjustment_batch');
CALL protect_tenant_table('adjustment_row');
CALL protect_tenant_table('message');
CALL protect_tenant_table('suppression');
GRANT USAGE ON SEQUENCE tier_override_id_seq, tier_change_id_seq, reward_id_seq, redemption_id_seq, voucher_code_id_seq, referral_id_seq,
  loyalty_event_id_seq, adjustment_batch_id_seq, message_id_seq TO kizuna_app;
-- What points bought, what was granted once and which tier came when are never deleted by the app.
REVOKE DELETE ON redemption, way_grant, tier_override, tier_change, code_use, referral FROM kizuna_app;
REVOKE UPDATE ON code_use FROM kizuna_app;

ALTER TABLE member
  ADD CONSTRAINT member_birthday CHECK (birthday ~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$') NOT VALID;
ALTER TABLE member VALIDATE CONSTRAINT member_birthday;
CREATE INDEX member_occasion_due ON member (shop_id, occasion_due_at) WHERE occasion_due_at IS NOT NULL;
CREATE INDEX member_tier_review ON member (shop_id, tier_review_at) WHERE tier_review_at IS NOT NULL;

ALTER TABLE way_grant
  ADD CONSTRAINT way_grant_points CHECK (points >= 0),
  ADD CONSTRAINT way_grant_state CHECK (state IN ('granted', 'revoked')),
  ADD CONSTRAINT way_grant_member_fk FOREIGN KEY (shop_id, member_id) REFERENCES member (shop_id, id);
ALTER TABLE order_qualifying
  ADD CONSTRAINT order_qualifying_order_fk FOREIGN KEY (shop_id, order_id) REFERENCES customer_order (shop_id, id),
  ADD CONSTRAINT order_qualifying_member_fk FOREIGN KEY (shop_id, member_id) REFERENCES member (shop_id, id);
ALTER TABLE tier_override ADD CONSTRAINT tier_override_member_fk FOREIGN KEY (shop_id, member_id) REFERENCES member (shop_id, id);
ALTER TABLE tier_change ADD CONSTRAINT tier_change_member_fk FOREIGN KEY (shop_id, member_id) REFERENCES member (shop_id, id);
CREATE INDEX tier_change_entry_due ON tier_change (shop_id, id) WHERE entry_due;

ALTER TABLE reward
  ADD CONSTRAINT reward_points CHECK (points > 0 AND points <= 1000000000000),
  ADD CONSTRAINT reward_stock CHECK (stock IS NULL OR stock >= 0),
  ADD CONSTRAINT reward_taken CHECK (taken >= 0),
  ADD CONSTRAINT reward_status CHECK (status IN ('draft', 'active', 'archived'));
ALTER TABLE redemption
  ADD CONSTRAINT redemption_points CHECK (points > 0 AND points <= 1000000000000),
  ADD CONSTRAINT redemption_returned CHECK (returned >= 0 AND returned <= points),
  ADD CONSTRAINT redemption_revision CHECK (revision >= 0),
  ADD CONSTRAINT redemption_status CHECK (status IN ('reserved', 'issued', 'posted', 'returning', 'voided', 'needs_person')),
  ADD CONSTRAINT redemption_member_fk FOREIGN KEY (shop_id, member_id) REFERENCES member (shop_id, id),
  ADD CONSTRAINT redemption_reward_fk FOREIGN KEY (shop_id, reward_id) REFERENCES reward (shop_id, id);
CREATE INDEX redemption_due ON redemption (shop_id, next_attempt, id) WHERE next_attempt IS NOT NULL;
ALTER TABLE code_use ADD CONSTRAINT code_use_order_fk FOREIGN KEY (shop_id, order_id) REFERENCES customer_order (shop_id, id);
ALTER TABLE voucher_code
  ADD CONSTRAINT voucher_code_reward_fk FOREIGN KEY (shop_id, reward_id) REFERENCES reward (shop_id, id),
  ADD CONSTRAINT voucher_code_redemption_fk FOREIGN KEY (shop_id, redemption_id) REFERENCES redemption (shop_id, id);
-- One code per redemption; free codes are taken in the order of their upload.
CREATE UNIQUE INDEX voucher_code_given ON voucher_code (shop_id, redemption_id) WHERE redemption_id IS NOT NULL;
CREATE INDEX voucher_code_free ON voucher_code (shop_id, reward_id, id) WHERE redemption_id IS NULL;

ALTER TABLE referral
  ADD CONSTRAINT referral_status CHECK (status IN ('claimed', 'issued', 'ordered', 'held', 'rewarded', 'rejected', 'expired')),
  ADD CONSTRAINT referral_advocate_fk FOREIGN KEY (shop_id, advocate_id) REFERENCES member (shop_id, id);
CREATE INDEX referral_due ON referral (shop_id, next_attempt, id) WHERE next_attempt IS NOT NULL;
CREATE INDEX loyalty_event_new ON loyalty_event (shop_id, id) WHERE announced_at IS NULL;
ALTER TABLE loyalty_event ADD CONSTRAINT loyalty_event_member_fk FOREIGN KEY (shop_id, member_id) REFERENCES member (shop_id, id);
CREATE INDEX adjustment_row_ready ON adjustment_row (shop_id, batch_id, row) WHERE outcome = 'ready';
CREATE INDEX adjustment_row_applied ON adjustment_row (shop_id, batch_id, row) WHERE outcome = 'applied';
ALTER TABLE adjustment_row ADD CONSTRAINT adjustment_row_batch_fk FOREIGN KEY (shop_id, batch_id) REFERENCES adjustment_batch (shop_id, id);
ALTER TABLE message
  ADD CONSTRAINT message_status CHECK (status IN ('queued', 'sending', 'sent', 'skipped', 'failed')),
  ADD CONSTRAINT message_member_fk FOREIGN KEY (shop_id, member_id) REFERENCES member (shop_id, id);
CREATE INDEX message_due ON message (shop_id, due_at, id) WHERE status IN ('queued', 'sending');

-- ─── Which shops have something due ──────────────────────────────────────────────────────────────
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
      ) due
     WHERE shop.uninstalled_at IS NULL
  $$;

-- ─── Erasing a shop reaches the new tables ──────────────────────────────────────────────────────
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
  SELECT jsonb_build_object('entries', count(*), 'pointsIssued', coalesce(sum(points) FILTER (WHERE from_bucket = 'issued'), 0))
    INTO counts FROM points_entry WHERE shop_id = erased;
  PERFORM set_config('kizuna.erasing_shop', erased::text, true);
  -- A member may point at the member it was merged into.
  UPDATE member SET merged_into = NULL WHERE shop_id = erased AND merged_into IS NOT NULL;
  FOREACH tenant_table IN ARRAY ARRAY['product_wanted', 'points_entry', 'lot', 'order_earning', 'order_qualifying', 'code_use',
    'voucher_code', 'redemption', 'reward', 'referral', 'way_grant', 'tier_override', 'tier_change', 'loyalty_event', 'message', 'suppression',
    'adjustment_row', 'adjustment_batch', 'customer_order', 'member_note', 'member', 'staff',
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
