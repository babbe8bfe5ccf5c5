import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { BlockStack, Page } from "@shopify/polaris";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { changeProgram } from "../jobs/change-program.server";
import { REVIEW_WAYS, type WayToEarn } from "../loyalty/program-parts";
import { readProgram } from "../loyalty/program.server";
import { readReviewSettings } from "../reviews/read-settings.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { ProgramTabs } from "../ui/program-tabs";
import type { FieldErrors } from "../ui/typed-fields";
import { errorsOfWays, type WayFieldName } from "../ui/ways/way-draft";
import { WaysForm } from "../ui/ways/ways-form";
import type { DraftAnswer } from "../ui/use-draft";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const { rules } = await readProgram(shop.shopId);
  return { ways: rules.ways };
}

/** This page's part of the program, and nothing else of it. */
const requestSchema = z.strictObject({ ways: z.array(z.looseObject({ id: z.string() })) });

export async function action({ request }: ActionFunctionArgs): Promise<DraftAnswer<WayFieldName>> {
  const { shopId, actor } = await requireShop(request);
  const parsed = requestSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "refused", errors: {} };
  const rewarded = parsed.data.ways.find(
    (way) => way.enabled === true && REVIEW_WAYS.some((kind) => kind === way.kind),
  );
  // Whoever hands reviews on to the Shop app gives nothing for them.
  if (rewarded && (await readReviewSettings(shopId)).shopAppSync) {
    const errors: FieldErrors<WayFieldName> = {};
    errors[`${rewarded.id}.points`] = { code: "shop_app" };
    return { outcome: "refused", errors };
  }
  const saved = await changeProgram(shopId, parsed.data, actor, await businessNow());
  if (saved.outcome !== "invalid") return { outcome: "saved" };
  const paths = saved.problems.map(({ field }) => field);
  return { outcome: "refused", errors: errorsOfWays(paths, parsed.data.ways) };
}

/** What can members do, and what do they get for it? */
export default function Ways() {
  const { ways } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const fetcher = useFetcher<typeof action>();
  const [choosing, setChoosing] = useState(false);
  const answer = useMemo(() => fetcher.data ?? null, [fetcher.data]);
  useEffect(() => {
    if (answer?.outcome === "saved") shopify.toast.show(t("ways.saved"));
  }, [answer, shopify, t]);
  const save = (next: WayToEarn[]) =>
    void fetcher.submit({ ways: next }, { method: "post", encType: "application/json" });
  return (
    <Page
      title={t("ways.title")}
      subtitle={t("ways.lead")}
      primaryAction={{ content: t("ways.add"), onAction: () => setChoosing(true) }}
    >
      <BlockStack gap="400">
        <ProgramTabs current="ways" />
        <WaysForm
          ways={ways}
          saving={fetcher.state !== "idle"}
          answer={answer}
          choosing={choosing}
          onChosen={() => setChoosing(false)}
          onSave={save}
        />
      </BlockStack>
    </Page>
  );
}

export { AppError as ErrorBoundary };
