import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, useNavigate } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { enqueue } from "../jobs/queue.server";
import { readProgram } from "../loyalty/program.server";
import { REWARD_KINDS } from "../loyalty/rewards/reward-terms";
import { saveReward } from "../loyalty/rewards/save-reward.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { KindChooser } from "../ui/rewards/kind-chooser";
import { errorsOfReward, type RewardField } from "../ui/rewards/reward-fields";
import { RewardForm } from "../ui/rewards/reward-form";
import type { DraftAnswer } from "../ui/use-draft";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const { country } = await requireProfile(shop);
  const { rules } = await readProgram(shop.shopId);
  const kind = z.enum(REWARD_KINDS).safeParse(new URL(request.url).searchParams.get("kind"));
  return { kind: kind.data ?? null, country, rate: rules.rate, tiers: rules.tierPlans.at(-1)?.tiers ?? [] };
}

const requestSchema = z.strictObject({ draft: z.unknown(), status: z.enum(["draft", "active", "archived"]) });

export async function action({
  request,
}: ActionFunctionArgs): Promise<DraftAnswer<RewardField> & { rewardId?: number }> {
  const { shopId, actor } = await requireShop(request);
  const parsed = requestSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "refused", errors: {} };
  const saved = await saveReward(shopId, { id: null, ...parsed.data }, actor, await businessNow());
  if (saved.outcome === "saved") {
    await enqueue(null, "publish-program", { shopId });
    return { outcome: "saved", rewardId: saved.reward.id };
  }
  const paths = saved.outcome === "invalid" ? saved.problems.map(({ field }) => field) : [];
  return { outcome: "refused", errors: errorsOfReward(paths) };
}

/** Which reward, and on what terms? */
export default function NewReward() {
  const { kind, country, rate, tiers } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const navigate = useNavigate();
  const fetcher = useFetcher<typeof action>();
  if (kind === null)
    return (
      <Page title={t("rewards.chooser.title")} backAction={{ content: t("rewards.back"), url: "/app/rewards" }}>
        <KindChooser />
      </Page>
    );
  return (
    <Page
      title={t(`rewards.kind.${kind}`)}
      subtitle={t("rewards.form.new")}
      backAction={{ content: t("rewards.chooser.title"), url: "/app/rewards/new" }}
    >
      <RewardForm
        key={kind}
        reward={null}
        kind={kind}
        tiers={tiers}
        rate={rate}
        country={country}
        codesLeft={kind === "voucher" ? 0 : null}
        saving={fetcher.state !== "idle"}
        answer={fetcher.data ?? null}
        onSave={(next) => void fetcher.submit(JSON.stringify(next), { method: "post", encType: "application/json" })}
        onSaved={() => {
          shopify.toast.show(t("rewards.saved"));
          const id = fetcher.data?.outcome === "saved" ? fetcher.data.rewardId : undefined;
          void navigate(kind === "voucher" && id ? `/app/rewards/${id}` : "/app/rewards");
        }}
      />
    </Page>
  );
}

export { AppError as ErrorBoundary };
