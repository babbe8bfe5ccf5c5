import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { Badge, BlockStack, Card, Layout, Page, Text, type BadgeProps } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../../clock.server";
import { adjustPoints } from "../../loyalty/adjust-points.server";
import { readHistory } from "../../loyalty/member-history.server";
import { readMemberPage, type MemberPageData } from "../../loyalty/member-page.server";
import { requireProfile, requireShop } from "../../shop-session.server";
import { AdjustModal, type Adjustment } from "../../ui/adjust-modal";
import { AppError } from "../../ui/app-error";
import { BalanceCard } from "../../ui/balance-card";
import { LotsCard } from "../../ui/lots-card";
import { MemberFacts } from "../../ui/member-facts";
import { useFormat } from "../../ui/use-format";
import { adjustRequestSchema } from "../app.members._index/adjust-request";
import { MemberHistory } from "./member-history";

const HISTORY_PAGE = 25;
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
  const [member, history, now] = await Promise.all([
    readMemberPage(shop.shopId, memberId),
    readHistory(shop.shopId, memberId, { before, limit: HISTORY_PAGE }),
    businessNow(),
  ]);
  if (!member) throw new Response(null, { status: 404 });
  return { member, history, now };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { shopId, actor } = await requireShop(request);
  const memberId = readId(params);
  const parsed = adjustRequestSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "invalid" as const };
  const { note, ...adjustment } = parsed.data;
  const result = await adjustPoints(
    shopId,
    { ...adjustment, memberId, note: note || null, actor },
    await businessNow(),
  );
  if (result.outcome === "unknown_member") throw new Response(null, { status: 404 });
  return result;
}
type AdjustAnswer = Awaited<ReturnType<typeof action>>;

const STATUS_TONE: Record<MemberPageData["status"], BadgeProps["tone"]> = {
  active: "success",
  merged: "info",
  deleted: "attention",
  redacted: "attention",
};

/** Our story with this person. */
export default function Member() {
  const { member, history, now } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const format = useFormat();
  const adjust = useAdjust();
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
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <MemberFacts member={member} />
        </Layout.Section>
      </Layout>
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
    </Page>
  );
}

function useAdjust() {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const format = useFormat();
  const fetcher = useFetcher<AdjustAnswer>();
  const [isOpen, setOpen] = useState(false);
  const [form, setForm] = useState({ number: 0, key: "" });
  const [refusal, setRefusal] = useState<AdjustAnswer | null>(null);
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
    open() {
      setRefusal(null);
      setForm((before) => ({ number: before.number + 1, key: crypto.randomUUID() }));
      setOpen(true);
    },
    close: () => setOpen(false),
    submit(adjustment: Adjustment) {
      setRefusal(null);
      void fetcher.submit({ ...adjustment, key: form.key }, { method: "post", encType: "application/json" });
    },
  };

  function refusalText(result: AdjustAnswer): string {
    if (result.outcome !== "insufficient_points") return t("adjust.failed");
    return t("adjust.insufficient", { points: format.number(result.available) });
  }
}

function isDone(answer: AdjustAnswer): boolean {
  return answer.outcome === "adjusted" || answer.outcome === "already_adjusted";
}

export { AppError as ErrorBoundary };
