// An inbox: the list left, the review right; on a phone one after the other. Everything works from the keyboard.
import { Link, useNavigate } from "@remix-run/react";
import { Box, Button, Card, EmptySearchResult, EmptyState, InlineStack, Pagination } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { QueueCounts, QueuePage } from "../../../reviews/moderation/queue";
import type { Sent } from "../../sent";
import { useListAddress } from "../use-list-address";
import { BulkBar } from "./bulk-bar";
import { InboxFilters } from "./inbox-filters";
import { KEPT, type InboxAddress, type Pane, type PaneContext } from "./inbox-views";
import { QueueList, rowId } from "./queue-list";
import { RejectModal } from "./reject-modal";
import { ReviewPane } from "./review-pane";
import { ShortcutsModal } from "./shortcuts-modal";
import { actsOn } from "./use-acts";
import { useDecisions, type DecisionRequest } from "./use-decisions";
import { useReviewWork } from "./use-review-work";
import { useShortcuts } from "./use-shortcuts";

interface InboxProps {
  address: InboxAddress;
  page: Sent<QueuePage>;
  counts: QueueCounts;
  context: PaneContext;
  pane: Pane | null;
  /** Of the product filter; empty: not known, or no filter. */
  productTitle: string;
  /** The shop has no review at all. */
  isNew: boolean;
  loading: boolean;
}

/** The list, the review, and the keys that go from one to the next. */
export function Inbox(props: InboxProps) {
  const { address, page, context, loading } = props;
  const inbox = useInbox(props);
  const { items, pane, chosen } = inbox;
  return (
    <Card padding="0">
      <InboxFilters {...props} />
      {chosen.length > 0 ? (
        <BulkBar
          count={chosen.length}
          allChosen={items.every(({ reviewId }) => chosen.includes(reviewId))}
          onAll={(on) => inbox.choose(on ? items.map(({ reviewId }) => reviewId) : [])}
          onPublish={() => inbox.decideChosen({ decision: "publish" })}
          onReject={() => inbox.ask("chosen")}
          onClear={() => inbox.choose([])}
        />
      ) : null}
      {items.length === 0 && address.review === null ? (
        <Nothing {...props} />
      ) : (
        <div className="kz-inbox" data-open={address.review !== null} aria-busy={loading}>
          <div className="kz-inbox-side">
            <QueueList
              items={items}
              now={context.now}
              current={pane?.review.reviewId ?? null}
              chosen={chosen}
              addressOf={inbox.addressOf}
              onChoose={inbox.toggle}
            />
            <Pages address={address} nextCursor={page.nextCursor} />
          </div>
          <div className="kz-inbox-main">
            <BackLink />
            {pane ? (
              <ReviewPane
                key={pane.review.reviewId}
                pane={pane}
                context={context}
                work={inbox.work}
                onApprove={inbox.acts.approve}
                onReject={inbox.acts.refuse}
              />
            ) : (
              <Gone />
            )}
          </div>
        </div>
      )}
      <Shortcuts inbox={inbox} />
      <RejectModal
        key={inbox.asking ?? ""}
        count={inbox.asking === null ? 0 : inbox.asking === "chosen" ? chosen.length : 1}
        onClose={() => inbox.ask(null)}
        onReject={inbox.rejectAsked}
      />
    </Card>
  );
}

function useInbox({ page, pane, address }: InboxProps) {
  const navigate = useNavigate();
  const list = useListAddress([...KEPT, "cursor"]);
  const [chosen, choose] = useState<number[]>([]);
  const [asking, ask] = useState<"one" | "chosen" | null>(null);
  const { waiting, decide } = useDecisions();
  const place = JSON.stringify([address.tab, address.kind, address.product, address.q, address.cursor, address.status]);
  useEffect(() => choose([]), [place]);
  const items = page.items.filter(({ reviewId }) => !waiting.includes(reviewId) || address.tab === "all");
  const addressOf = (reviewId: number) => list.address({ review: String(reviewId) });
  const current = pane?.review.reviewId ?? null;
  const work = useReviewWork(current);
  const open = (reviewId: number | undefined) => {
    if (reviewId === undefined) return;
    void navigate(addressOf(reviewId), { replace: true, preventScrollReset: true });
    const row = document.getElementById(rowId(reviewId));
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  };
  const step = (by: 1 | -1) => {
    const place = items.findIndex(({ reviewId }) => reviewId === current);
    open(items[place === -1 ? 0 : place + by]?.reviewId);
  };
  // What was decided leaves the list; the next one takes its place, where the list is open beside it.
  const decideAndGoOn = (request: DecisionRequest) => {
    const left = items.filter(({ reviewId }) => !request.ids.includes(reviewId));
    const place = items.findIndex(({ reviewId }) => reviewId === current);
    decide(request);
    if (current === null || !request.ids.includes(current) || address.tab === "all") return;
    const next = items.slice(place + 1).find(({ reviewId }) => !request.ids.includes(reviewId)) ?? left.at(-1);
    void navigate(next && address.review !== null ? addressOf(next.reviewId) : list.address({}), {
      replace: true,
      preventScrollReset: true,
    });
  };
  const acts = actsOn(pane, work, { decide: decideAndGoOn, ask: () => ask("one") });
  const decideChosen = (decision: Pick<DecisionRequest, "decision" | "reason">) => {
    decideAndGoOn({ ids: chosen, ...decision });
    choose([]);
  };
  const toggle = (reviewId: number, on: boolean) =>
    choose((before) => (on ? [...before, reviewId] : before.filter((other) => other !== reviewId)));
  return {
    items,
    pane: current !== null && waiting.includes(current) && address.tab !== "all" ? null : pane,
    chosen,
    choose,
    toggle,
    addressOf,
    work: { ...work, busy: work.busy || (current !== null && waiting.includes(current)) },
    acts,
    asking,
    ask,
    decideChosen,
    rejectAsked(reason: NonNullable<DecisionRequest["reason"]>) {
      if (asking === "chosen") decideChosen({ decision: "reject", reason });
      else acts.reject(reason);
      ask(null);
    },
    keys: {
      j: () => step(1),
      k: () => step(-1),
      a: acts.approve,
      r: acts.respond,
      x: () => current !== null && toggle(current, !chosen.includes(current)),
    },
  };
}

function Shortcuts({ inbox }: { inbox: ReturnType<typeof useInbox> }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const shortcuts = useShortcuts({ ...inbox.keys, "?": () => setOpen(true) });
  return (
    <div className="kz-inbox-foot">
      <Button variant="plain" onClick={() => setOpen(true)}>
        {t("reviews.shortcuts.open")}
      </Button>
      <ShortcutsModal open={open} on={shortcuts.on} onChange={shortcuts.setOn} onClose={() => setOpen(false)} />
    </div>
  );
}

function Pages({ address, nextCursor }: { address: InboxAddress; nextCursor: string | null }) {
  const list = useListAddress(KEPT);
  if (address.cursor === null && nextCursor === null) return null;
  return (
    <Box padding="300">
      <InlineStack align="center">
        <Pagination
          hasPrevious={address.cursor !== null}
          onPrevious={() => window.history.back()}
          hasNext={nextCursor !== null}
          onNext={() => list.open({ cursor: nextCursor })}
        />
      </InlineStack>
    </Box>
  );
}

function BackLink() {
  const { t } = useTranslation();
  const list = useListAddress([...KEPT, "cursor"]);
  return (
    <p className="kz-inbox-back">
      <Link to={list.address({})} preventScrollReset>
        {t("reviews.inbox.back")}
      </Link>
    </p>
  );
}

function Gone() {
  const { t } = useTranslation();
  return (
    <Box padding="400">
      <EmptySearchResult
        title={t("reviews.inbox.choose")}
        description={t("reviews.inbox.choose_body")}
        withIllustration={false}
      />
    </Box>
  );
}

function Nothing({ address, isNew }: InboxProps) {
  const { t } = useTranslation();
  const list = useListAddress([]);
  const isFiltered = address.q !== "" || address.kind !== null || address.product !== null || address.status !== null;
  if (isFiltered || (address.tab !== "needs_you" && address.tab !== "all") || address.cursor !== null)
    return (
      <Box padding="400">
        <EmptySearchResult
          title={t("reviews.inbox.nothing.title")}
          description={t("reviews.inbox.nothing.body")}
          withIllustration={false}
        />
      </Box>
    );
  const kind = isNew ? "empty" : "calm";
  return (
    <Box paddingInline="400">
      <EmptyState
        heading={t(`reviews.inbox.${kind}.title`)}
        action={{
          content: t(`reviews.inbox.${kind}.action`),
          url: isNew ? "/app/settings/reviews" : `/app/reviews${list.address({ tab: "all" })}`,
        }}
        image="/empty-reviews.svg"
      >
        <p>{t(`reviews.inbox.${kind}.body`)}</p>
      </EmptyState>
    </Box>
  );
}
