import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigate, useNavigation, useSearchParams } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { BlockStack, Card, EmptyState, Page, useIndexResourceState } from "@shopify/polaris";
import { startTransition, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../../clock.server";
import { needsConfirmation } from "../../loyalty/adjust-limits";
import { adjustMany } from "../../loyalty/adjust-many.server";
import { listMembers } from "../../loyalty/member-list.server";
import { readTierNames } from "../../loyalty/tiers/read-tiers.server";
import { recordAccess } from "../../privacy/record-access.server";
import { requireProfile, requireShop } from "../../shop-session.server";
import { AdjustModal } from "../../ui/adjust-modal";
import { AppError } from "../../ui/app-error";
import { MemberTable, MEMBER_SORTS, NO_TIER } from "../../ui/member-table";
import { useExport } from "../../ui/transfers/use-export";
import { shownWhole, WholePage } from "../../ui/whole-page";
import { bulkAdjustRequestSchema } from "./adjust-request";
import { useBulkAdjust } from "./use-bulk-adjust";

const PAGE_SIZE = 50;

const listSchema = z.object({
  q: z.string().trim().max(100).catch(""),
  sort: z.enum(MEMBER_SORTS).catch("last_order"),
  /** A tier's id, or NO_TIER. */
  tier: z.string().min(1).max(40).nullable().catch(null),
  cursor: z.string().max(500).nullable().catch(null),
  direction: z.enum(["next", "previous"]).catch("next"),
});

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const { searchParams } = new URL(request.url);
  const {
    q,
    sort,
    tier: asked,
    cursor,
    direction,
  } = listSchema.parse({
    q: searchParams.get("q") ?? "",
    sort: searchParams.get("sort"),
    tier: searchParams.get("tier"),
    cursor: searchParams.get("cursor"),
    direction: searchParams.get("direction") ?? "next",
  });
  const tiers = await readTierNames(shop.shopId, await businessNow());
  // A tier that is no more filters nothing: nobody could take the filter away.
  const tier = tiers.length > 0 && (asked === NO_TIER || tiers.some(({ id }) => id === asked)) ? asked : null;
  const tierId = tier === NO_TIER ? "" : tier;
  const page = await listMembers(shop.shopId, {
    search: q || null,
    sort,
    tierId,
    cursor,
    direction,
    limit: PAGE_SIZE,
  });
  await recordAccess(shop, q ? "member_search" : "member_list", { people: page.members.length });
  return { page, q, sort, tier, tiers };
}

export async function action({ request }: ActionFunctionArgs) {
  const { shopId, actor } = await requireShop(request);
  const parsed = bulkAdjustRequestSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "invalid" as const };
  const { note, confirmed, ...adjustment } = parsed.data;
  if (needsConfirmation(adjustment.points, adjustment.memberIds.length) && !confirmed)
    return { outcome: "unconfirmed" as const };
  const result = await adjustMany(shopId, { ...adjustment, note: note || null, actor }, await businessNow());
  return { outcome: "adjusted" as const, adjusted: result.adjusted, refused: result.refused.length };
}
export type BulkAdjustAnswer = Awaited<ReturnType<typeof action>>;

/** Find this person, or this group. */
export default function Members() {
  const { page, q, sort, tier, tiers } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const members = useMemo(
    () => page.members.map((member) => ({ ...member, id: String(member.memberId) })),
    [page.members],
  );
  const selection = useIndexResourceState(members);
  const bulk = useBulkModal(selection.clearSelection);
  const list = useListAddress(selection.clearSelection);
  const navigation = useNavigation();
  const exporting = useExport();
  if (members.length === 0 && q === "" && tier === null && !page.previousCursor) return <NoMembers />;
  return (
    <Page
      fullWidth
      title={t("members.title")}
      secondaryActions={[
        { content: t("transfers.import"), url: "/app/members/import" },
        ...(["members", "history"] as const).map((what) => ({
          content: t(`transfers.export.${what}`),
          loading: exporting.busy === what,
          onAction: () => exporting.download(what),
        })),
      ]}
    >
      <BlockStack gap="400">
        <MemberTable
          members={members}
          search={q}
          sort={sort}
          tier={tier}
          tiers={tiers}
          loading={navigation.state === "loading"}
          selection={selection}
          onSearch={(search) => list.open({ q: search }, { replace: true })}
          onSort={(next) => list.open({ sort: next })}
          onTier={(next) => list.open({ tier: next })}
          onAdjust={bulk.open}
          onNext={page.nextCursor ? () => list.open({ cursor: page.nextCursor, direction: "next" }) : null}
          onPrevious={
            page.previousCursor ? () => list.open({ cursor: page.previousCursor, direction: "previous" }) : null
          }
        />
        <AdjustModal
          key={bulk.form}
          open={bulk.isOpen}
          title={t("members.adjust_title")}
          about={t("members.adjust_about", { count: selection.selectedResources.length })}
          members={selection.selectedResources.length}
          busy={bulk.busy}
          progress={bulk.run}
          problem={bulk.failed ? t("adjust.failed") : null}
          onClose={bulk.close}
          onSubmit={(adjustment) => bulk.start(selection.selectedResources.map(Number), adjustment)}
        />
      </BlockStack>
      <WholePage />
    </Page>
  );
}

function useBulkModal(clearSelection: () => void) {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const [isOpen, setOpen] = useState(false);
  const [form, setForm] = useState(0);
  const { start, run, failed, busy } = useBulkAdjust(({ adjusted, refused }) => {
    setOpen(false);
    clearSelection();
    const text =
      refused > 0
        ? t("members.partly_adjusted", { done: adjusted, refused })
        : t("members.adjusted", { count: adjusted });
    shopify.toast.show(text);
  });
  // The button answers the click at once; the dialog comes as soon as it is rendered.
  const open = () =>
    startTransition(() => {
      setForm((forms) => forms + 1);
      setOpen(true);
    });
  return { form, isOpen, run, failed, busy, start, open, close: () => setOpen(false) };
}

// The list's state lives in the address, so that "back" and a reload show the same page.
function useListAddress(clearSelection: () => void) {
  const navigate = useNavigate();
  const [searchParams] = useSearchParams();
  return {
    open(change: Record<string, string | null>, options: { replace?: boolean } = {}) {
      const next = new URLSearchParams();
      for (const name of ["q", "sort", "tier", "locale"]) {
        const value = searchParams.get(name);
        if (value) next.set(name, value);
      }
      for (const [name, value] of Object.entries(change)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      clearSelection();
      void navigate(`?${next.toString()}`, { ...options, preventScrollReset: true });
    },
  };
}

function NoMembers() {
  const { t } = useTranslation();
  return (
    <Page title={t("members.title")}>
      <Card>
        <EmptyState
          heading={t("members.empty.title")}
          action={{ content: t("members.empty.action"), url: "/app" }}
          secondaryAction={{ content: t("transfers.import"), url: "/app/members/import" }}
          image="/empty-members.svg"
        >
          <p>{t("members.empty.body")}</p>
        </EmptyState>
      </Card>
    </Page>
  );
}

export { AppError as ErrorBoundary, shownWhole as links };
