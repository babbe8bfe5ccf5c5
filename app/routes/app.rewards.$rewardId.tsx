import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { Badge, Banner, BlockStack, Page, Text, type BadgeProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { enqueue } from "../jobs/queue.server";
import { textIn } from "../loyalty/program-parts";
import { readProgram } from "../loyalty/program.server";
import { readDonationTotals } from "../loyalty/rewards/list-rewards.server";
import { readShelfReward } from "../loyalty/rewards/reward-shelf.server";
import type { RewardStatus } from "../loyalty/rewards/reward-terms";
import { addVoucherCodes, saveReward } from "../loyalty/rewards/save-reward.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { CodesCard, type CodesAnswer } from "../ui/rewards/codes-card";
import { errorsOfReward, type RewardField } from "../ui/rewards/reward-fields";
import { RewardForm, type RewardToSave } from "../ui/rewards/reward-form";
import type { DraftAnswer } from "../ui/use-draft";
import { useFormat } from "../ui/use-format";

const idSchema = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

// An id that is no id and an id of another shop answer alike.
function readId(params: { rewardId?: string }): number {
  const id = idSchema.safeParse(params.rewardId);
  if (!id.success) throw new Response(null, { status: 404 });
  return id.data;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const { country } = await requireProfile(shop);
  const id = readId(params);
  const reward = await readShelfReward(shop.shopId, id);
  if (!reward) throw new Response(null, { status: 404 });
  const [{ rules }, totals] = await Promise.all([readProgram(shop.shopId), readDonationTotals(shop.shopId)]);
  return {
    reward,
    donatedMinor: totals.find(({ rewardId }) => rewardId === id)?.totalMinor ?? null,
    country,
    rate: rules.rate,
    tiers: rules.tierPlans.at(-1)?.tiers ?? [],
  };
}

const intentSchema = z.discriminatedUnion("intent", [
  z.strictObject({
    intent: z.literal("save"),
    draft: z.unknown(),
    status: z.enum(["draft", "active", "archived"]),
    revision: z.number().int().positive(),
  }),
  z.strictObject({ intent: z.literal("add_codes"), codes: z.array(z.string().max(1000)).min(1).max(10_000) }),
]);
type Answer = DraftAnswer<RewardField> | { outcome: "stale" } | CodesAnswer;

export async function action({ request, params }: ActionFunctionArgs): Promise<Answer> {
  const { shopId, actor } = await requireShop(request);
  const id = readId(params);
  if (!(await readShelfReward(shopId, id))) throw new Response(null, { status: 404 });
  const parsed = intentSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "refused", errors: {} };
  const now = await businessNow();
  if (parsed.data.intent === "add_codes") {
    const added = await addVoucherCodes(shopId, id, parsed.data.codes, now);
    if (added.outcome !== "added") return { outcome: "codes_refused" };
    await enqueue(null, "publish-program", { shopId });
    return { outcome: "codes_added", added: added.added, known: added.duplicates };
  }
  const { draft, status, revision } = parsed.data;
  const saved = await saveReward(shopId, { id, draft, status, revision }, actor, now);
  switch (saved.outcome) {
    case "saved":
      await enqueue(null, "publish-program", { shopId });
      return { outcome: "saved" };
    case "changed_meanwhile":
      return { outcome: "stale" };
    case "unknown_reward":
      throw new Response(null, { status: 404 });
    case "invalid":
      return { outcome: "refused", errors: errorsOfReward(saved.problems.map(({ field }) => field)) };
  }
}

const TONES: Record<RewardStatus, BadgeProps["tone"]> = { draft: "info", active: "success", archived: undefined };

/** On what terms is this reward given, and what has become of it? */
export default function RewardPage() {
  const { reward, donatedMinor, country, rate, tiers } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const format = useFormat();
  const shopify = useAppBridge();
  const fetcher = useFetcher<typeof action>();
  const codes = useFetcher<typeof action>();
  const answer = fetcher.data;
  const isStale = answer?.outcome === "stale";
  const { terms, stock, codesTotal } = reward;
  const save = (next: RewardToSave) =>
    void fetcher.submit(JSON.stringify({ intent: "save", ...next, revision: reward.revision }), {
      method: "post",
      encType: "application/json",
    });
  return (
    <Page
      title={textIn(reward.texts.title, format.locale) || t("rewards.untitled")}
      subtitle={t(`rewards.kind.${terms.kind}`)}
      titleMetadata={<Badge tone={TONES[reward.status]}>{t(`rewards.status.${reward.status}`)}</Badge>}
      backAction={{ content: t("rewards.back"), url: "/app/rewards" }}
    >
      <BlockStack gap="400">
        {isStale ? (
          <Banner tone="critical">
            <p>{t("rewards.refused.stale")}</p>
          </Banner>
        ) : null}
        <TakeUpLine taken={reward.takenNow} unused={reward.unused} donatedMinor={donatedMinor} />
        <RewardForm
          key={reward.id}
          reward={{ ...reward, points: reward.points, stock: terms.kind === "voucher" ? null : stock }}
          kind={terms.kind}
          tiers={tiers}
          rate={rate}
          country={country}
          codesLeft={terms.kind === "voucher" ? (stock ?? 0) : null}
          saving={fetcher.state !== "idle"}
          answer={answer?.outcome === "saved" || answer?.outcome === "refused" ? answer : null}
          onSave={save}
          onSaved={() => shopify.toast.show(t("rewards.saved"))}
        >
          {terms.kind === "voucher" ? (
            <CodesCard
              left={stock ?? 0}
              total={codesTotal}
              busy={codes.state !== "idle"}
              answer={codesAnswer(codes.data)}
              onAdd={(list) =>
                void codes.submit({ intent: "add_codes", codes: list }, { method: "post", encType: "application/json" })
              }
            />
          ) : null}
        </RewardForm>
      </BlockStack>
    </Page>
  );
}

function codesAnswer(answer: Answer | undefined): CodesAnswer | null {
  if (!answer) return null;
  return answer.outcome === "codes_added" ? answer : { outcome: "codes_refused" };
}

interface TakeUpLineProps {
  taken: number;
  unused: number;
  donatedMinor: number | null;
}
function TakeUpLine({ taken, unused, donatedMinor }: TakeUpLineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const takeUp =
    taken === 0
      ? t("rewards.shelf.never")
      : t("rewards.shelf.taken", { taken: format.number(taken), unused: format.number(unused) });
  return (
    <div className="kz-gutter">
      <Text as="p" tone="subdued">
        {takeUp}
        {donatedMinor === null ? null : ` · ${t("rewards.shelf.donated", { amount: format.money(donatedMinor) })}`}
      </Text>
    </div>
  );
}

export { AppError as ErrorBoundary };
