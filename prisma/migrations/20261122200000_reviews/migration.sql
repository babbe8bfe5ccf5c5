-- AlterTable
ALTER TABLE "shop_profile" ADD COLUMN     "reviews" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "reviews_since" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "message" ADD COLUMN     "address_key" TEXT,
ADD COLUMN     "request_id" BIGINT,
ADD COLUMN     "review_id" BIGINT,
ALTER COLUMN "member_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "product_fact" ADD COLUMN     "handle" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "identifiers" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "review_request" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "order_id" BIGINT NOT NULL,
    "member_id" BIGINT,
    "status" TEXT NOT NULL DEFAULT 'scheduled',
    "why" TEXT,
    "basis" TEXT NOT NULL DEFAULT 'fulfilled',
    "due_at" TIMESTAMPTZ(3),
    "invited_at" TIMESTAMPTZ(3),
    "reminded_at" TIMESTAMPTZ(3),
    "token_hash" BYTEA,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "token_expires_at" TIMESTAMPTZ(3),
    "promised" BOOLEAN NOT NULL DEFAULT false,
    "products" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "review_request_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "review" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "product_gid" TEXT NOT NULL,
    "group_key" TEXT NOT NULL,
    "member_id" BIGINT,
    "customer_gid" TEXT,
    "order_id" BIGINT,
    "line_id" TEXT,
    "request_id" BIGINT,
    "source" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'held',
    "rating" INTEGER NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "body" TEXT NOT NULL DEFAULT '',
    "pros" TEXT NOT NULL DEFAULT '',
    "cons" TEXT NOT NULL DEFAULT '',
    "answers" JSONB NOT NULL DEFAULT '[]',
    "author_name" TEXT NOT NULL DEFAULT '',
    "author_email" TEXT,
    "author_key" BYTEA,
    "visitor_key" TEXT,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "verified" BOOLEAN NOT NULL DEFAULT false,
    "incentivised" BOOLEAN NOT NULL DEFAULT false,
    "refunded" BOOLEAN NOT NULL DEFAULT false,
    "confirmed_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "hold_reasons" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "hold_until" TIMESTAMPTZ(3),
    "findings" JSONB NOT NULL DEFAULT '[]',
    "queued_at" TIMESTAMPTZ(3),
    "reject_reason" TEXT,
    "appeal" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" TEXT,
    "reply" TEXT,
    "replied_at" TIMESTAMPTZ(3),
    "replied_by" TEXT,
    "helpful" INTEGER NOT NULL DEFAULT 0,
    "unhelpful" INTEGER NOT NULL DEFAULT 0,
    "helpful_anon" INTEGER NOT NULL DEFAULT 0,
    "unhelpful_anon" INTEGER NOT NULL DEFAULT 0,
    "helpful_rank" INTEGER NOT NULL DEFAULT 0,
    "photos" INTEGER NOT NULL DEFAULT 0,
    "videos" INTEGER NOT NULL DEFAULT 0,
    "search_grams" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "search_text" TEXT NOT NULL DEFAULT '',
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "published_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "award_due" BOOLEAN NOT NULL DEFAULT false,
    "analysed" INTEGER,

    CONSTRAINT "review_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "review_version" (
    "shop_id" INTEGER NOT NULL,
    "review_id" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,
    "content" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'held',
    "hold_reasons" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "hold_until" TIMESTAMPTZ(3),
    "findings" JSONB NOT NULL DEFAULT '[]',
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" TEXT,

    CONSTRAINT "review_version_pkey" PRIMARY KEY ("shop_id","review_id","version")
);

-- CreateTable
CREATE TABLE "review_media" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "review_id" BIGINT,
    "ticket_hash" BYTEA,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'received',
    "why" TEXT,
    "position" INTEGER NOT NULL DEFAULT 0,
    "storage_key" TEXT NOT NULL,
    "files" JSONB NOT NULL DEFAULT '[]',
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "width" INTEGER,
    "height" INTEGER,
    "alt" TEXT NOT NULL DEFAULT '',
    "viewed_at" TIMESTAMPTZ(3),
    "viewed_by" TEXT,
    "licence" JSONB NOT NULL DEFAULT '{}',
    "curated_at" TIMESTAMPTZ(3),
    "curated_by" TEXT,
    "gallery_position" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "review_media_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "review_group" (
    "shop_id" INTEGER NOT NULL,
    "product_gid" TEXT NOT NULL,
    "group_key" TEXT NOT NULL,

    CONSTRAINT "review_group_pkey" PRIMARY KEY ("shop_id","product_gid")
);

-- CreateTable
CREATE TABLE "rating_summary" (
    "shop_id" INTEGER NOT NULL,
    "group_key" TEXT NOT NULL,
    "counts" INTEGER[] DEFAULT ARRAY[0, 0, 0, 0, 0]::INTEGER[],
    "verified" INTEGER NOT NULL DEFAULT 0,
    "incentivised" INTEGER NOT NULL DEFAULT 0,
    "with_media" INTEGER NOT NULL DEFAULT 0,
    "topics" JSONB NOT NULL DEFAULT '[]',
    "counted_seq" BIGINT NOT NULL DEFAULT 0,
    "published_seq" BIGINT NOT NULL DEFAULT 0,
    "counted_at" TIMESTAMPTZ(3),

    CONSTRAINT "rating_summary_pkey" PRIMARY KEY ("shop_id","group_key")
);

-- CreateTable
CREATE TABLE "rating_change" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "group_key" TEXT NOT NULL,

    CONSTRAINT "rating_change_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "review_mention" (
    "shop_id" INTEGER NOT NULL,
    "review_id" BIGINT NOT NULL,
    "topic" TEXT NOT NULL,
    "group_key" TEXT NOT NULL,
    "sentiment" INTEGER NOT NULL,

    CONSTRAINT "review_mention_pkey" PRIMARY KEY ("shop_id","review_id","topic")
);

-- CreateTable
CREATE TABLE "review_vote" (
    "shop_id" INTEGER NOT NULL,
    "review_id" BIGINT NOT NULL,
    "voter_key" TEXT NOT NULL,
    "helpful" BOOLEAN NOT NULL,
    "signed_in" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "review_vote_pkey" PRIMARY KEY ("shop_id","review_id","voter_key")
);

-- CreateTable
CREATE TABLE "review_report" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "review_id" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "text" TEXT NOT NULL DEFAULT '',
    "reporter" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "review_report_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "review_event" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "review_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "params" JSONB NOT NULL DEFAULT '{}',
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "review_event_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "review_note" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "review_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "review_note_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "review_notice" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "request_id" BIGINT,
    "review_id" BIGINT,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "params" JSONB NOT NULL DEFAULT '{}',
    "at" TIMESTAMPTZ(3) NOT NULL,
    "announced_at" TIMESTAMPTZ(3),

    CONSTRAINT "review_notice_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateTable
CREATE TABLE "support_task" (
    "shop_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "review_id" BIGINT,
    "order_id" BIGINT,
    "member_id" BIGINT,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "assignee" TEXT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by" TEXT,

    CONSTRAINT "support_task_pkey" PRIMARY KEY ("shop_id","id")
);

-- CreateIndex
CREATE INDEX "review_request_shop_id_status_id_idx" ON "review_request"("shop_id", "status", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "review_request_shop_id_order_id_key" ON "review_request"("shop_id", "order_id");

-- CreateIndex
CREATE UNIQUE INDEX "review_request_shop_id_token_hash_key" ON "review_request"("shop_id", "token_hash");

-- CreateIndex
CREATE INDEX "review_shop_id_member_id_id_idx" ON "review"("shop_id", "member_id", "id" DESC);

-- CreateIndex
CREATE INDEX "review_shop_id_order_id_idx" ON "review"("shop_id", "order_id");

-- CreateIndex
CREATE INDEX "review_shop_id_request_id_idx" ON "review"("shop_id", "request_id");

-- CreateIndex
CREATE INDEX "review_shop_id_submitted_at_id_idx" ON "review"("shop_id", "submitted_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "review_shop_id_product_gid_id_idx" ON "review"("shop_id", "product_gid", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "review_shop_id_author_key_key" ON "review"("shop_id", "author_key");

-- CreateIndex
CREATE INDEX "review_media_shop_id_review_id_position_idx" ON "review_media"("shop_id", "review_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "review_media_shop_id_storage_key_key" ON "review_media"("shop_id", "storage_key");

-- CreateIndex
CREATE INDEX "review_group_shop_id_group_key_idx" ON "review_group"("shop_id", "group_key");

-- CreateIndex
CREATE INDEX "rating_change_shop_id_group_key_idx" ON "rating_change"("shop_id", "group_key");

-- CreateIndex
CREATE INDEX "review_mention_shop_id_group_key_topic_review_id_idx" ON "review_mention"("shop_id", "group_key", "topic", "review_id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "review_report_shop_id_review_id_reporter_key" ON "review_report"("shop_id", "review_id", "reporter");

-- CreateIndex
CREATE INDEX "review_event_shop_id_review_id_id_idx" ON "review_event"("shop_id", "review_id", "id");

-- CreateIndex
CREATE INDEX "review_note_shop_id_review_id_id_idx" ON "review_note"("shop_id", "review_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "review_notice_shop_id_key_key" ON "review_notice"("shop_id", "key");

-- CreateIndex
CREATE INDEX "support_task_shop_id_status_due_at_id_idx" ON "support_task"("shop_id", "status", "due_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "support_task_shop_id_kind_review_id_key" ON "support_task"("shop_id", "kind", "review_id");

-- CreateIndex
CREATE INDEX "message_shop_id_request_id_idx" ON "message"("shop_id", "request_id");



-- ─── What Prisma's schema language cannot say ────────────────────────────────────────────────────

CALL protect_tenant_table('review_request');
CALL protect_tenant_table('review');
CALL protect_tenant_table('review_version');
CALL protect_tenant_table('review_media');
CALL protect_tenant_table('review_group');
CALL protect_tenant_table('rating_summary');
CALL protect_tenant_table('rating_change');
CALL protect_tenant_table('review_mention');
CALL protect_tenant_table('review_vote');
CALL protect_tenant_table('review_report');
CALL protect_tenant_table('review_event');
CALL protect_tenant_table('review_note');
CALL protect_tenant_table('review_notice');
CALL protect_tenant_table('support_task');
GRANT USAGE ON SEQUENCE review_request_id_seq, review_id_seq, review_media_id_seq, rating_change_id_seq, review_report_id_seq, review_event_id_seq,
  review_note_id_seq, review_notice_id_seq, support_task_id_seq TO kizuna_app;
-- Reviews are emptied, never deleted: the star and the date stay. Who did what is never changed.
REVOKE DELETE ON review, review_request FROM kizuna_app;
REVOKE UPDATE, DELETE ON review_event FROM kizuna_app;

ALTER TABLE message
  ADD CONSTRAINT message_recipient CHECK (member_id IS NOT NULL OR request_id IS NOT NULL OR review_id IS NOT NULL) NOT VALID;
ALTER TABLE message VALIDATE CONSTRAINT message_recipient;

ALTER TABLE review_request
  ADD CONSTRAINT review_request_status CHECK (status IN ('scheduled', 'due', 'sent', 'reviewed', 'skipped', 'cancelled', 'closed')),
  ADD CONSTRAINT review_request_basis CHECK (basis IN ('delivered', 'fulfilled')),
  ADD CONSTRAINT review_request_order_fk FOREIGN KEY (shop_id, order_id) REFERENCES customer_order (shop_id, id);
CREATE INDEX review_request_due ON review_request (shop_id, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX review_request_why ON review_request (shop_id, why, id DESC) WHERE why IS NOT NULL;
CREATE INDEX review_request_asked ON review_request (shop_id, member_id, invited_at) WHERE invited_at IS NOT NULL;
-- People look an order up by what is printed on it.
CREATE INDEX customer_order_name ON customer_order (shop_id, name);

ALTER TABLE review
  ADD CONSTRAINT review_rating CHECK (rating BETWEEN 1 AND 5),
  ADD CONSTRAINT review_status CHECK (status IN ('published', 'held', 'rejected', 'unconfirmed', 'deleted')),
  ADD CONSTRAINT review_source CHECK (source IN ('request', 'account', 'signed_in', 'open', 'import')),
  ADD CONSTRAINT review_appeal CHECK (appeal IN ('open', 'upheld', 'dismissed')),
  -- "Verified" is a fact of an order, whoever writes the row (I19).
  ADD CONSTRAINT review_verified CHECK (NOT verified OR (order_id IS NOT NULL AND line_id IS NOT NULL)),
  ADD CONSTRAINT review_rejected CHECK (status <> 'rejected' OR reject_reason IS NOT NULL),
  ADD CONSTRAINT review_member_fk FOREIGN KEY (shop_id, member_id) REFERENCES member (shop_id, id),
  ADD CONSTRAINT review_order_fk FOREIGN KEY (shop_id, order_id) REFERENCES customer_order (shop_id, id),
  ADD CONSTRAINT review_request_fk FOREIGN KEY (shop_id, request_id) REFERENCES review_request (shop_id, id);
-- One review per purchase, and one per customer and product without one.
CREATE UNIQUE INDEX review_line ON review (shop_id, line_id) WHERE line_id IS NOT NULL AND status <> 'deleted';
CREATE UNIQUE INDEX review_customer_product ON review (shop_id, customer_gid, product_gid)
  WHERE line_id IS NULL AND customer_gid IS NOT NULL AND status <> 'deleted';
-- The lists shoppers see: each order and filter walks an index, so that a page costs the same at 100,000 reviews.
CREATE INDEX review_newest ON review (shop_id, group_key, published_at DESC, id DESC) WHERE status = 'published';
CREATE INDEX review_helpful ON review (shop_id, group_key, helpful_rank DESC, published_at DESC, id DESC) WHERE status = 'published';
CREATE INDEX review_stars ON review (shop_id, group_key, rating, published_at DESC, id DESC) WHERE status = 'published';
CREATE INDEX review_with_media ON review (shop_id, group_key, published_at DESC, id DESC) WHERE status = 'published' AND photos + videos > 0;
CREATE INDEX review_of_shop ON review (shop_id, published_at DESC, id DESC) WHERE status = 'published';
CREATE INDEX review_stars_helpful ON review (shop_id, group_key, rating, helpful_rank DESC, published_at DESC, id DESC) WHERE status = 'published';
CREATE INDEX review_media_helpful ON review (shop_id, group_key, helpful_rank DESC, published_at DESC, id DESC) WHERE status = 'published' AND photos + videos > 0;
-- Reviews are read a thousand times for each one written: no list of pending grams that every search would walk.
CREATE INDEX review_search ON review USING gin (search_grams) WITH (fastupdate = off) WHERE status = 'published';
-- What people and jobs look for is always the smaller part.
CREATE INDEX review_queue ON review (shop_id, queued_at, id) WHERE queued_at IS NOT NULL;
CREATE INDEX review_not_shown ON review (shop_id, status, submitted_at DESC, id DESC) WHERE status <> 'published';
CREATE INDEX review_hold ON review (shop_id, hold_until, id) WHERE status = 'held' AND hold_until IS NOT NULL;
CREATE INDEX review_award ON review (shop_id, id) WHERE award_due;
CREATE INDEX review_unread ON review (shop_id, id) WHERE status = 'published' AND analysed IS NULL;
CREATE INDEX review_visitor ON review (shop_id, visitor_key, submitted_at) WHERE visitor_key IS NOT NULL;
CREATE INDEX review_author_email ON review (shop_id, author_email) WHERE author_email IS NOT NULL;

ALTER TABLE review_version
  ADD CONSTRAINT review_version_status CHECK (status IN ('held', 'shown', 'rejected', 'superseded')),
  ADD CONSTRAINT review_version_review_fk FOREIGN KEY (shop_id, review_id) REFERENCES review (shop_id, id);
CREATE INDEX review_version_hold ON review_version (shop_id, hold_until) WHERE status = 'held' AND hold_until IS NOT NULL;

ALTER TABLE review_media
  ADD CONSTRAINT review_media_kind CHECK (kind IN ('photo', 'video')),
  ADD CONSTRAINT review_media_status CHECK (status IN ('received', 'ready', 'refused', 'removed')),
  ADD CONSTRAINT review_media_bytes CHECK (bytes >= 0),
  ADD CONSTRAINT review_media_review_fk FOREIGN KEY (shop_id, review_id) REFERENCES review (shop_id, id);
CREATE INDEX review_media_received ON review_media (shop_id, id) WHERE status = 'received';
CREATE INDEX review_media_orphan ON review_media (shop_id, created_at) WHERE review_id IS NULL AND removed_at IS NULL;
CREATE INDEX review_media_to_erase ON review_media (shop_id, id) WHERE status IN ('refused', 'removed') AND erased_at IS NULL;
CREATE INDEX review_media_ticket ON review_media (shop_id, ticket_hash) WHERE ticket_hash IS NOT NULL;
CREATE INDEX review_media_gallery ON review_media (shop_id, gallery_position, id) WHERE curated_at IS NOT NULL AND status = 'ready';
CREATE INDEX review_media_kept ON review_media (shop_id, bytes) WHERE erased_at IS NULL;

CREATE INDEX rating_summary_due ON rating_summary (shop_id, group_key) WHERE counted_seq > published_seq;
ALTER TABLE review_mention
  ADD CONSTRAINT review_mention_sentiment CHECK (sentiment IN (-1, 0, 1)),
  ADD CONSTRAINT review_mention_review_fk FOREIGN KEY (shop_id, review_id) REFERENCES review (shop_id, id);
ALTER TABLE review_vote ADD CONSTRAINT review_vote_review_fk FOREIGN KEY (shop_id, review_id) REFERENCES review (shop_id, id);
ALTER TABLE review_report ADD CONSTRAINT review_report_review_fk FOREIGN KEY (shop_id, review_id) REFERENCES review (shop_id, id);
CREATE INDEX review_report_open ON review_report (shop_id, review_id) WHERE resolved_at IS NULL;
ALTER TABLE review_event ADD CONSTRAINT review_event_review_fk FOREIGN KEY (shop_id, review_id) REFERENCES review (shop_id, id);
ALTER TABLE review_note ADD CONSTRAINT review_note_review_fk FOREIGN KEY (shop_id, review_id) REFERENCES review (shop_id, id);
ALTER TABLE review_notice
  ADD CONSTRAINT review_notice_subject CHECK (request_id IS NOT NULL OR review_id IS NOT NULL),
  ADD CONSTRAINT review_notice_request_fk FOREIGN KEY (shop_id, request_id) REFERENCES review_request (shop_id, id),
  ADD CONSTRAINT review_notice_review_fk FOREIGN KEY (shop_id, review_id) REFERENCES review (shop_id, id);
CREATE INDEX review_notice_new ON review_notice (shop_id, id) WHERE announced_at IS NULL;
ALTER TABLE support_task
  ADD CONSTRAINT support_task_status CHECK (status IN ('open', 'doing', 'done'));

-- A promise was made once: nothing unmakes it.
CREATE FUNCTION keep_incentivised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a review that was promised something stays marked' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER keep_incentivised BEFORE UPDATE OF incentivised ON review
  FOR EACH ROW WHEN (OLD.incentivised AND NOT NEW.incentivised) EXECUTE FUNCTION keep_incentivised();

-- Words as a search compares them (app/reviews/display/review-grams.ts): folding them for each of a thousand rows at
-- each search costs a hundred times as much as folding them once.
CREATE FUNCTION fold_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search_text := regexp_replace(lower(normalize(NEW.title || E'\x01' || NEW.body || E'\x01' || NEW.pros || E'\x01' || NEW.cons, NFKC)), '\s+', '', 'g');
  RETURN NEW;
END $$;
CREATE TRIGGER review_folded BEFORE INSERT OR UPDATE OF title, body, pros, cons ON review FOR EACH ROW EXECUTE FUNCTION fold_review();

-- Whatever changes what shoppers see of a group leaves a row, in the same commit, without waiting for anybody.
CREATE FUNCTION note_rating_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rating_change (shop_id, group_key) VALUES (NEW.shop_id, NEW.group_key);
  IF TG_OP = 'UPDATE' AND OLD.group_key <> NEW.group_key THEN
    INSERT INTO rating_change (shop_id, group_key) VALUES (OLD.shop_id, OLD.group_key);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER review_shown AFTER INSERT ON review
  FOR EACH ROW WHEN (NEW.status = 'published') EXECUTE FUNCTION note_rating_change();
CREATE TRIGGER review_changed
  AFTER UPDATE OF status, rating, title, body, pros, cons, answers, author_name, reply, verified, incentivised, refunded, photos, videos, helpful_rank, group_key ON review
  FOR EACH ROW WHEN (NEW.status = 'published' OR OLD.status = 'published') EXECUTE FUNCTION note_rating_change();
-- The policy tells in public how many are held and rejected, so these count as shown, for the shop as a whole.
CREATE FUNCTION note_policy_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rating_change (shop_id, group_key) VALUES (NEW.shop_id, '');
  RETURN NULL;
END $$;
CREATE TRIGGER review_held AFTER INSERT ON review
  FOR EACH ROW WHEN (NEW.status IN ('held', 'rejected')) EXECUTE FUNCTION note_policy_change();
CREATE TRIGGER review_decided AFTER UPDATE OF status ON review
  FOR EACH ROW WHEN (OLD.status <> NEW.status AND OLD.status <> 'published' AND NEW.status <> 'published') EXECUTE FUNCTION note_policy_change();

-- Under row-level security array containment cannot use its index (see members_with_grams). The conditions that
-- narrow it further go in here, so that a frequent word among few stars costs what the few cost; only bitmaps are
-- allowed, because walking an ordered index for a rare word reads every review.
CREATE FUNCTION reviews_with_grams(wanted_group text, grams text[], words text[], stars integer[], at_most integer)
  RETURNS TABLE (review_id bigint)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET jit = off
  AS $$
BEGIN
  -- Without stars no other index may join in: the group's own has as many entries as the group has reviews.
  RETURN QUERY EXECUTE 'SELECT id FROM review WHERE search_grams @> $1 AND status = ''published'' AND shop_id = current_shop()'
      || CASE WHEN stars IS NULL THEN ' AND group_key || '''' = $2' ELSE ' AND group_key = $2 AND rating = ANY ($3)' END
      -- Grams may lie apart from each other; the words themselves decide.
      || (SELECT coalesce(string_agg(format(' AND strpos(search_text, $5[%s]) > 0', place), ''), '') FROM generate_subscripts(words, 1) place)
      || ' LIMIT $4'
    USING grams, wanted_group, stars, at_most, words;
END $$;
REVOKE EXECUTE ON FUNCTION reviews_with_grams(text, text[], text[], integer[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reviews_with_grams(text, text[], text[], integer[], integer) TO kizuna_app;

-- ─── Which shops have something due: reviews, too ────────────────────────────────────────────────
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
    'adjustment_row', 'adjustment_batch', 'review_mention', 'review_vote', 'review_report', 'review_event', 'review_note', 'review_notice',
    'support_task', 'review_media', 'review_version', 'rating_change', 'rating_summary', 'review_group', 'review', 'review_request', 'customer_order', 'member_note', 'member', 'staff',
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
