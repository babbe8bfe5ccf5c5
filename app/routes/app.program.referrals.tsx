import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, useNavigate } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { Banner, BlockStack, Page } from "@shopify/polaris";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { changeProgram } from "../jobs/change-program.server";
import type { ReferralProgram } from "../loyalty/program-parts";
import { readProgram } from "../loyalty/program.server";
import { decideReferral } from "../loyalty/referrals/decide-referral.server";
import { listReferrals } from "../loyalty/referrals/list-referrals.server";
import { recordAccess } from "../privacy/record-access.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { ProgramTabs } from "../ui/program-tabs";
import type { ReferralField } from "../ui/referrals/referral-draft";
import { ReferralForm } from "../ui/referrals/referral-form";
import { REFERRAL_STATUSES, ReferralList } from "../ui/referrals/referral-list";
import type { DraftAnswer } from "../ui/use-draft";

const idSchema = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const askedSchema = z.object({
  status: z.enum(REFERRAL_STATUSES).nullable().catch(null),
  cursor: idSchema.nullable().catch(null),
});

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const { searchParams } = new URL(request.url);
  const { status, cursor } = askedSchema.parse({
    status: searchParams.get("status"),
    cursor: searchParams.get("cursor"),
  });
  const [{ rules }, page] = await Promise.all([
    readProgram(shop.shopId),
    listReferrals(shop.shopId, { status, cursor }),
  ]);
  await recordAccess(shop, "referrals", { people: page.items.length });
  return { program: rules.referral, page, status };
}

const requestSchema = z.union([
  z.strictObject({ referral: z.looseObject({}) }),
  z.strictObject({ decide: idSchema, decision: z.enum(["approve", "reject"]) }),
]);
type Answer = DraftAnswer<ReferralField> | { outcome: "approved" | "rejected" | "not_held" };

export async function action({ request }: ActionFunctionArgs): Promise<Answer> {
  const { shopId, actor } = await requireShop(request);
  const parsed = requestSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "refused", errors: {} };
  const now = await businessNow();
  if ("decide" in parsed.data) {
    const decided = await decideReferral(shopId, parsed.data.decide, parsed.data.decision, actor, now);
    if (decided.outcome === "unknown_referral") throw new Response(null, { status: 404 });
    return decided;
  }
  const saved = await changeProgram(shopId, parsed.data, actor, now);
  return saved.outcome === "invalid"
    ? { outcome: "refused", errors: { value: { code: "range" } } }
    : { outcome: "saved" };
}

/** Who brings whom, and is it honest? */
export default function Referrals() {
  const { program, page, status } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const navigate = useNavigate();
  const saving = useFetcher<Answer>();
  const deciding = useFetcher<Answer>();
  const answer = useMemo(() => {
    const given = saving.data;
    return given?.outcome === "saved" || given?.outcome === "refused" ? given : null;
  }, [saving.data]);
  const decision = deciding.data;
  useEffect(() => {
    if (answer?.outcome === "saved") shopify.toast.show(t("referrals.saved"));
  }, [answer, shopify, t]);
  useEffect(() => {
    if (decision && decision.outcome !== "saved" && decision.outcome !== "refused")
      shopify.toast.show(t(`referrals.decided.${decision.outcome}`));
  }, [decision, shopify, t]);
  return (
    <Page title={t("referrals.title")} subtitle={t("referrals.lead")}>
      <BlockStack gap="400">
        <ProgramTabs current="referrals" />
        {page.held > 0 && status !== "held" ? (
          <Banner
            tone="warning"
            action={{ content: t("referrals.look"), onAction: () => void navigate("?status=held") }}
          >
            <p>{t("referrals.waiting", { count: page.held })}</p>
          </Banner>
        ) : null}
        <ReferralForm
          program={program}
          saving={saving.state !== "idle"}
          answer={answer}
          onSave={(referral: ReferralProgram) =>
            void saving.submit({ referral }, { method: "post", encType: "application/json" })
          }
        />
        <ReferralList
          page={page}
          status={status}
          busy={deciding.state !== "idle"}
          onStatus={(next) => void navigate(next ? `?status=${next}` : "?", { preventScrollReset: true })}
          onMore={
            page.cursor === null
              ? null
              : () =>
                  void navigate(`?${status ? `status=${status}&` : ""}cursor=${page.cursor}`, {
                    preventScrollReset: true,
                  })
          }
          onDecide={(id, answerOfStaff) =>
            void deciding.submit(
              { decide: id, decision: answerOfStaff },
              { method: "post", encType: "application/json" },
            )
          }
        />
      </BlockStack>
    </Page>
  );
}

export { AppError as ErrorBoundary };
