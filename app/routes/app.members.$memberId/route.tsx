import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { Badge, BlockStack, Card, Layout, Page, Text, type BadgeProps } from "@shopify/polaris";
import { startTransition, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../../clock.server";
import { withdrawReward } from "../../jobs/withdraw-reward.server";
import { readMessages } from "../../journeys/message-log.server";
import { adjustPoints } from "../../loyalty/adjust-points.server";
import { readHistory } from "../../loyalty/member-history.server";
import { needsConfirmation } from "../../loyalty/adjust-limits";
import { hasMember, readMemberPage, type MemberPageData } from "../../loyalty/member-page.server";
import { cancelRedemption } from "../../loyalty/rewards/cancel-redemption.server";
import { listRedemptions } from "../../loyalty/rewards/list-redemptions.server";
import { readMemberTier } from "../../loyalty/tiers/read-tiers.server";
import { endOfDay } from "../../loyalty/tiers/tier-calendar";
import { endTierOverride, setTierOverride } from "../../loyalty/tiers/tier-overrides.server";
import { readWaysOf } from "../../loyalty/ways/read-ways.server";
import { recordAccess } from "../../privacy/record-access.server";
import { requireProfile, requireShop } from "../../shop-session.server";
import { AdjustModal, type Adjustment } from "../../ui/adjust-modal";
import { AppError } from "../../ui/app-error";
import { BalanceCard } from "../../ui/balance-card";
import { LotsCard } from "../../ui/lots-card";
import { MemberFacts } from "../../ui/member-facts";
import { MemberMessagesCard } from "../../ui/member-messages-card";
import { MemberRedemptionsCard } from "../../ui/member-redemptions-card";
import { MemberWaysCard } from "../../ui/member-ways-card";
import { CancelModal } from "../../ui/rewards/redemption-modals";
import { TierCard } from "../../ui/tiers/tier-card";
import { useFormat } from "../../ui/use-format";
import { shownWhole, WholePage } from "../../ui/whole-page";
import { MemberHistory } from "./member-history";
import { memberRequestSchema, type AdjustRequest, type MemberIntent } from "./member-request";
import { useMemberWork } from "./use-member-work";

const HISTORY_PAGE = 25;
const REDEMPTIONS_SHOWN = 10;
const MESSAGES_SHOWN = 5;
const idSchema = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

// An id that is no id and an id of another shop answer alike.
function readId(params: { memberId?: string }): number {
  const id = idSchema.safeParse(params.memberId);
  if (!id.success) throw new Response(null, { status: 404 });
  return id.data;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const memberId = readId(params);
  const before = idSchema.nullable().catch(null).parse(new URL(request.url).searchParams.get("before"));
  const now = await businessNow();
  const [member, history, tier, { redemptions }, ways, messages] = await Promise.all([
    readMemberPage(shop.shopId, memberId),
    readHistory(shop.shopId, memberId, { before, limit: HISTORY_PAGE }),
    readMemberTier(shop.shopId, memberId, now),
    listRedemptions(shop.shopId, { memberId, limit: REDEMPTIONS_SHOWN }),
    readWaysOf(shop.shopId, memberId, now),
    readMessages(shop.shopId, { memberId, limit: MESSAGES_SHOWN }),
  ]);
  if (!member) throw new Response(null, { status: 404 });
  await recordAccess(shop, "member", { people: 1, memberId });
  return { member, history, tier, redemptions, ways: member.status === "active" ? ways : [], messages, now };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const shop = await requireShop(request);
  const { timeZone } = await requireProfile(shop);
  const { shopId, actor } = shop;
  const memberId = readId(params);
  const parsed = memberRequestSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "invalid" as const };
  const { data } = parsed;
  const now = await businessNow();
  if ("intent" in data) return obey(data, { shopId, memberId, actor, timeZone, now });
  const { note, confirmed, ...adjustment } = data;
  if (needsConfirmation(adjustment.points) && !confirmed) return { outcome: "unconfirmed" as const };
  return known(await adjustPoints(shopId, { ...adjustment, memberId, note: note || null, actor }, now));
}
type MemberAnswer = Awaited<ReturnType<typeof action>>;

interface Act {
  shopId: number;
  memberId: number;
  actor: string;
  timeZone: string;
  now: Date;
}
async function obey(intent: MemberIntent, { shopId, memberId, actor, timeZone, now }: Act) {
  switch (intent.intent) {
    case "set_tier": {
      const until = intent.lastDay && endOfDay(intent.lastDay, timeZone);
      return known(await setTierOverride(shopId, { memberId, tierId: intent.tierId, until, actor }, now));
    }
    case "end_tier":
      if (!(await hasMember(shopId, memberId))) throw new Response(null, { status: 404 });
      return endTierOverride(shopId, memberId, now);
    case "cancel_redemption": {
      const { id, why } = intent;
      if (why === undefined) return known(await cancelRedemption(shopId, id, actor, now, memberId));
      return known(await withdrawReward(shopId, { id, why, actor, memberId }, now));
    }
  }
}
// What belongs to another member or another shop answers as what does not exist.
function known<T extends { outcome: string }>(
  answer: T,
): Exclude<T, { outcome: "unknown_member" | "unknown_redemption" }> {
  if (answer.outcome === "unknown_member" || answer.outcome === "unknown_redemption")
    throw new Response(null, { status: 404 });
  return answer as Exclude<T, { outcome: "unknown_member" | "unknown_redemption" }>;
}

const STATUS_TONE: Record<MemberPageData["status"], BadgeProps["tone"]> = {
  active: "success",
  merged: "info",
  deleted: "attention",
  redacted: "attention",
};

/** Our story with this person. */
export default function Member() {
  const { member, history, tier, redemptions, ways, messages, now } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const format = useFormat();
  const adjust = useAdjust();
  const work = useMemberWork();
  const name = member.name || member.email || t("members.no_name");
  return (
    <Page
      title={name}
      titleMetadata={<Badge tone={STATUS_TONE[member.status]}>{t(`member.status.${member.status}`)}</Badge>}
      backAction={{ content: t("members.title"), url: "/app/members" }}
      primaryAction={{ content: t("members.adjust"), onAction: adjust.open, disabled: member.status !== "active" }}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <BalanceCard balances={member.balances} lots={member.lots} now={now} />
            <LotsCard lots={member.lots} />
            <Card>
              <BlockStack gap="300">
                <Text as="h2" variant="headingMd">
                  {t("member.history.title")}
                </Text>
                <MemberHistory key={member.memberId} first={history} />
              </BlockStack>
            </Card>
            <MemberRedemptionsCard redemptions={redemptions} onCancel={work.askCancel} />
            <MemberMessagesCard messages={messages} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            {tier ? (
              <TierCard
                tier={tier}
                canSet={member.status === "active"}
                busy={work.busy}
                onSet={(form) => work.send({ intent: "set_tier", ...form })}
                onEnd={() => work.send({ intent: "end_tier" })}
              />
            ) : null}
            <MemberFacts member={member} />
            <MemberWaysCard ways={ways} />
          </BlockStack>
        </Layout.Section>
      </Layout>
      <CancelModal
        key={work.cancelling?.id ?? "none"}
        redemption={work.cancelling}
        busy={work.busy}
        onClose={() => work.askCancel(null)}
        onCancel={work.cancel}
      />
      <AdjustModal
        key={adjust.form}
        open={adjust.isOpen}
        title={t("members.adjust_title")}
        about={t("member.adjust_about", { name, points: format.number(member.balances.available) })}
        busy={adjust.busy}
        problem={adjust.problem}
        onClose={adjust.close}
        onSubmit={adjust.submit}
      />
      <WholePage />
    </Page>
  );
}

function useAdjust() {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const format = useFormat();
  const fetcher = useFetcher<MemberAnswer>();
  const [isOpen, setOpen] = useState(false);
  const [form, setForm] = useState({ number: 0, key: "" });
  const [refusal, setRefusal] = useState<MemberAnswer | null>(null);
  const handled = useRef<unknown>(null);
  const answer = fetcher.data;

  useEffect(() => {
    if (!answer || fetcher.state !== "idle" || handled.current === answer) return;
    handled.current = answer;
    if (!isDone(answer)) {
      setRefusal(answer);
      return;
    }
    setOpen(false);
    shopify.toast.show(t("adjust.done"));
  }, [answer, fetcher.state, shopify, t]);

  return {
    form: form.number,
    isOpen,
    busy: fetcher.state !== "idle",
    problem: refusal && refusalText(refusal),
    // The button answers the click at once; the dialog comes as soon as it is rendered.
    open: () =>
      startTransition(() => {
        setRefusal(null);
        setForm((before) => ({ number: before.number + 1, key: crypto.randomUUID() }));
        setOpen(true);
      }),
    close: () => setOpen(false),
    submit(adjustment: Adjustment) {
      setRefusal(null);
      const request: AdjustRequest = { ...adjustment, key: form.key };
      void fetcher.submit(request, { method: "post", encType: "application/json" });
    },
  };

  function refusalText(result: MemberAnswer): string {
    if (result.outcome !== "insufficient_points") return t("adjust.failed");
    return t("adjust.insufficient", { points: format.number(result.available) });
  }
}

function isDone(answer: MemberAnswer): boolean {
  return answer.outcome === "adjusted" || answer.outcome === "already_adjusted";
}

export { AppError as ErrorBoundary, shownWhole as links };
