import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, useNavigate, useSearchParams } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import {
  Banner,
  BlockStack,
  Box,
  Card,
  EmptySearchResult,
  EmptyState,
  Icon,
  InlineGrid,
  Page,
  Pagination,
  Select,
  TextField,
} from "@shopify/polaris";
import { SearchIcon } from "@shopify/polaris-icons";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { withdrawReward } from "../jobs/withdraw-reward.server";
import { cancelRedemption, resolveRedemption } from "../loyalty/rewards/cancel-redemption.server";
import { listRedemptions, type ListedRedemption } from "../loyalty/rewards/list-redemptions.server";
import { recordAccess } from "../privacy/record-access.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { CancelModal, ResolveModal, VERDICTS } from "../ui/rewards/redemption-modals";
import { REDEMPTION_STATUSES, RedemptionTable } from "../ui/rewards/redemption-table";

const listSchema = z.object({
  status: z.enum(REDEMPTION_STATUSES).nullable().catch(null),
  code: z.string().trim().max(100).catch(""),
  cursor: z.coerce.number().int().positive().nullable().catch(null),
});

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const { searchParams } = new URL(request.url);
  const { status, code, cursor } = listSchema.parse({
    status: searchParams.get("status"),
    code: searchParams.get("code") ?? "",
    cursor: searchParams.get("cursor"),
  });
  const page = await listRedemptions(shop.shopId, {
    ...(status ? { status } : {}),
    ...(code ? { code } : {}),
    cursor: cursor || null,
  });
  await recordAccess(shop, "redemptions", { people: page.redemptions.length });
  return { ...page, status, code };
}

const id = z.number().int().positive();
const intentSchema = z.discriminatedUnion("intent", [
  z.strictObject({ intent: z.literal("cancel"), id }),
  z.strictObject({ intent: z.literal("withdraw"), id, why: z.string().max(2_000) }),
  z.strictObject({ intent: z.literal("resolve"), id, verdict: z.enum(VERDICTS) }),
]);

type Asked = z.infer<typeof intentSchema>;

export async function action({ request }: ActionFunctionArgs) {
  const { shopId, actor } = await requireShop(request);
  const parsed = intentSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "invalid" as const };
  const now = await businessNow();
  const { data } = parsed;
  const answer = await obey(shopId, data, actor, now);
  if (answer.outcome === "unknown_redemption") throw new Response(null, { status: 404 });
  return { outcome: answer.outcome };
}

async function obey(shopId: number, asked: Asked, actor: string, now: Date) {
  switch (asked.intent) {
    case "cancel":
      return cancelRedemption(shopId, asked.id, actor, now);
    case "withdraw":
      return withdrawReward(shopId, { id: asked.id, why: asked.why, actor }, now);
    case "resolve":
      return resolveRedemption(shopId, asked.id, asked.verdict, actor, now);
  }
}

/** What was taken, and where are its points? */
export default function Redemptions() {
  const { redemptions, next, status, code } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const list = useListAddress();
  const work = useWork();
  const isFiltered = status !== null || code !== "" || list.isBehind;
  return (
    <Page
      fullWidth
      title={t("redemptions.title")}
      subtitle={t("redemptions.lead")}
      backAction={{ content: t("rewards.back"), url: "/app/rewards" }}
    >
      <BlockStack gap="400">
        {work.refused ? (
          <Banner tone="warning" onDismiss={work.forget}>
            <p>{t(work.refused === "day_over" ? "redemptions.day_over" : "redemptions.not_cancelled")}</p>
          </Banner>
        ) : null}
        <Card padding="0">
          <Filters key={`${status}/${code}`} status={status} code={code} onFilter={list.open} />
          {redemptions.length > 0 ? (
            <RedemptionTable redemptions={redemptions} onCancel={work.askCancel} onResolve={work.askResolve} />
          ) : (
            <Nothing filtered={isFiltered} />
          )}
          {next !== null || list.isBehind ? (
            <div className="kz-tools">
              <Pagination
                hasNext={next !== null}
                onNext={() => list.open({ cursor: String(next) })}
                hasPrevious={list.isBehind}
                onPrevious={list.back}
              />
            </div>
          ) : null}
        </Card>
        <CancelModal
          key={work.cancelling?.id ?? "none"}
          redemption={work.cancelling}
          busy={work.busy}
          onClose={() => work.askCancel(null)}
          onCancel={work.cancel}
        />
        <ResolveModal
          key={work.resolving?.id ?? 0}
          redemption={work.resolving}
          busy={work.busy}
          onClose={() => work.askResolve(null)}
          onResolve={work.resolve}
        />
      </BlockStack>
    </Page>
  );
}

function useWork() {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const fetcher = useFetcher<typeof action>();
  const [cancelling, askCancel] = useState<ListedRedemption | null>(null);
  const [resolving, askResolve] = useState<ListedRedemption | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const answer = fetcher.data;
  useEffect(() => {
    if (!answer) return;
    askCancel(null);
    askResolve(null);
    const done = answer.outcome === "voided" || answer.outcome === "returning";
    setRefused(done || answer.outcome === "resolved" ? null : answer.outcome);
    if (done) shopify.toast.show(t("redemptions.cancelled"));
    if (answer.outcome === "resolved") shopify.toast.show(t("redemptions.resolved"));
  }, [answer, shopify, t]);
  const send = (asked: Asked) => void fetcher.submit(asked, { method: "post", encType: "application/json" });
  return {
    cancelling,
    resolving,
    refused,
    busy: fetcher.state !== "idle",
    askCancel,
    askResolve,
    forget: () => setRefused(null),
    cancel: (why: string | null) => {
      if (!cancelling) return;
      const { id } = cancelling;
      send(why === null ? { intent: "cancel", id } : { intent: "withdraw", id, why });
    },
    resolve: (verdict: (typeof VERDICTS)[number]) =>
      resolving && send({ intent: "resolve", id: resolving.id, verdict }),
  };
}

// The list's state lives in the address, so that "back" and a reload show the same page.
function useListAddress() {
  const navigate = useNavigate();
  const [searchParams] = useSearchParams();
  return {
    isBehind: searchParams.has("cursor"),
    back: () => void navigate(-1),
    open(change: { status?: string; code?: string; cursor?: string }) {
      const next = new URLSearchParams();
      for (const name of ["status", "code", "locale"]) {
        const value = searchParams.get(name);
        if (value) next.set(name, value);
      }
      for (const [name, value] of Object.entries(change)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      void navigate(`?${next.toString()}`, { preventScrollReset: true });
    },
  };
}

interface FiltersProps {
  status: string | null;
  code: string;
  onFilter(filter: { status?: string; code?: string }): void;
}
function Filters({ status, code, onFilter }: FiltersProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(code);
  return (
    <form
      className="kz-tools"
      onSubmit={(event) => {
        event.preventDefault();
        onFilter({ code: text.trim() });
      }}
    >
      <InlineGrid columns={{ xs: 1, sm: ["twoThirds", "oneThird"] }} gap="300">
        <TextField
          label={t("redemptions.search")}
          labelHidden
          placeholder={t("redemptions.search")}
          prefix={<Icon source={SearchIcon} />}
          type="search"
          value={text}
          onChange={setText}
          clearButton
          onClearButtonClick={() => onFilter({ code: "" })}
          autoComplete="off"
        />
        <Select
          label={t("redemptions.filter")}
          labelInline
          options={[
            { value: "", label: t("redemptions.all") },
            ...REDEMPTION_STATUSES.map((value) => ({ value, label: t(`redemptions.status.${value}`) })),
          ]}
          value={status ?? ""}
          onChange={(value) => onFilter({ status: value })}
        />
      </InlineGrid>
    </form>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation();
  return filtered ? (
    <div className="kz-tools">
      <EmptySearchResult
        title={t("redemptions.nothing_found.title")}
        description={t("redemptions.nothing_found.body")}
        withIllustration={false}
      />
    </div>
  ) : (
    <Box paddingInline="400">
      <EmptyState heading={t("redemptions.empty.title")} image="/empty-rewards.svg">
        <p>{t("redemptions.empty.body")}</p>
      </EmptyState>
    </Box>
  );
}

export { AppError as ErrorBoundary };
