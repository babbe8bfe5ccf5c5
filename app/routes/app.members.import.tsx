import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, useNavigate, useRevalidator } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { BlockStack, Modal, Page, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { startImport, startUndo } from "../jobs/transfers.server";
import { listBatches, readBatch } from "../loyalty/transfers/batch-reads.server";
import { stagePointsImport } from "../loyalty/transfers/stage-points-import.server";
import { recordAccess } from "../privacy/record-access.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { BatchCard, isUnderWay } from "../ui/transfers/batch-card";
import { ChooseFile } from "../ui/transfers/choose-file";
import { PastBatches } from "../ui/transfers/past-batches";
import { useFormat } from "../ui/use-format";

const LOOK_AGAIN_MS = 1_500;
const idSchema = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const actSchema = z.discriminatedUnion("act", [
  z.object({ act: z.literal("check"), mode: z.enum(["add", "set"]), file: z.instanceof(File) }),
  z.object({ act: z.literal("run"), batchId: idSchema }),
  z.object({ act: z.literal("undo"), batchId: idSchema }),
]);

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const batchId = idSchema.nullable().catch(null).parse(new URL(request.url).searchParams.get("batch"));
  const [batch, batches] = await Promise.all([
    batchId === null ? null : readBatch(shop.shopId, batchId),
    listBatches(shop.shopId),
  ]);
  if (batch) await recordAccess(shop, "import", { people: batch.problems.length, subject: `batch/${batch.batchId}` });
  return { batch, batches };
}

export async function action({ request }: ActionFunctionArgs) {
  const { shopId, actor } = await requireShop(request);
  const parsed = actSchema.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) return { outcome: "no_file" as const };
  const act = parsed.data;
  switch (act.act) {
    case "check": {
      const bytes = new Uint8Array(await act.file.arrayBuffer());
      return stagePointsImport(shopId, { name: act.file.name, bytes, mode: act.mode, actor }, await businessNow());
    }
    case "run":
      return startImport(shopId, act.batchId);
    case "undo":
      return startUndo(shopId, act.batchId, actor);
  }
}
type Answer = Awaited<ReturnType<typeof action>>;

/** Bring balances from elsewhere, and take such an act back. */
export default function Import() {
  const { batch, batches } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { fetcher, refusal, send } = useActs();
  const [undoing, setUndoing] = useState<number | null>(null);
  useLookAgain(
    (batch !== null && isUnderWay(batch)) || batches.some(({ status }) => status === "running" || status === "undoing"),
  );
  const busy = fetcher.state !== "idle";
  return (
    <Page title={t("transfers.title")} backAction={{ content: t("members.title"), url: "/app/members" }}>
      <BlockStack gap="400">
        <div className="kz-gutter">
          <Text as="p" tone="subdued">
            {t("transfers.lead")}
          </Text>
        </div>
        {batch ? (
          <BatchCard
            batch={batch}
            busy={busy}
            onRun={() => send({ act: "run", batchId: String(batch.batchId) })}
            onOther={() => void navigate("/app/members/import")}
            onUndo={() => setUndoing(batch.batchId)}
          />
        ) : (
          <ChooseFile busy={busy} refusal={refusal} onCheck={(file, mode) => send({ act: "check", mode, file })} />
        )}
        <PastBatches batches={batches} onUndo={setUndoing} />
      </BlockStack>
      <Modal
        open={undoing !== null}
        onClose={() => setUndoing(null)}
        title={t("transfers.undo.title")}
        primaryAction={{
          content: t("transfers.undo.confirm"),
          destructive: true,
          onAction: () => {
            send({ act: "undo", batchId: String(undoing) });
            setUndoing(null);
          },
        }}
        secondaryActions={[{ content: t("common.cancel"), onAction: () => setUndoing(null) }]}
      >
        <Modal.Section>
          <p>{t("transfers.undo.body")}</p>
        </Modal.Section>
      </Modal>
    </Page>
  );
}

function useActs() {
  const { t } = useTranslation();
  const format = useFormat();
  const shopify = useAppBridge();
  const navigate = useNavigate();
  const fetcher = useFetcher<Answer>();
  const answer = fetcher.data;
  useEffect(() => {
    if (answer?.outcome === "staged") void navigate(`?batch=${answer.batchId}`);
  }, [answer, navigate]);
  return {
    fetcher,
    refusal: answer ? refusalText(answer) : null,
    send(fields: Record<string, string | File>) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      if (fields["act"] === "undo") shopify.toast.show(t("transfers.undo.started"));
      void fetcher.submit(form, { method: "post", encType: "multipart/form-data" });
    },
  };

  function refusalText(refused: Answer): string | null {
    switch (refused.outcome) {
      case "empty":
      case "no_file":
      case "already_imported":
        return t(`transfers.refused.${refused.outcome}`);
      case "no_columns":
        return t("transfers.refused.no_columns", { headings: refused.headings.join(", ") });
      case "broken":
        return refused.line === null
          ? t("transfers.refused.broken_bytes")
          : t("transfers.refused.broken", { line: format.number(refused.line) });
      case "too_long":
        return t("transfers.refused.too_long", { rows: format.number(refused.rowsMax) });
      default:
        return null;
    }
  }
}

function useLookAgain(isOn: boolean): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!isOn || state !== "idle") return;
    const timer = setTimeout(revalidate, LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [isOn, state, revalidate]);
}

export { AppError as ErrorBoundary };
