import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { BlockStack, Card, EmptyState, InlineStack, Page, Pagination, Text } from "@shopify/polaris";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { nudgeWork } from "../jobs/nudge";
import {
  curateMedia,
  GALLERY_MAX,
  listGallery,
  listGalleryCandidates,
  reorderGallery,
  type GalleryItem,
} from "../reviews/display/curate-media.server";
import { recordAccess } from "../privacy/record-access.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { CandidateGrid, GalleryPreview, ShownGrid } from "../ui/reviews/gallery/gallery-grid";
import { ReviewTabs } from "../ui/reviews/review-tabs";
import { moved } from "../ui/reviews/settings/review-draft";
import { useIntent } from "../ui/reviews/use-answer";
import { useListAddress } from "../ui/reviews/use-list-address";

const PAGE = 24;

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const before = z.coerce
    .number()
    .int()
    .positive()
    .nullable()
    .catch(null)
    .parse(new URL(request.url).searchParams.get("before"));
  const [shown, candidates] = await Promise.all([
    listGallery(shop.shopId),
    listGalleryCandidates(shop.shopId, before, PAGE + 1),
  ]);
  const page = candidates.slice(0, PAGE);
  const next = candidates.length > PAGE ? (page.at(-1)?.id ?? null) : null;
  await recordAccess(shop, "gallery", { people: shown.length + page.length });
  return { shown, candidates: page, next, isLater: before !== null };
}

const id = z.string().regex(/^\d{1,15}$/);
const intentSchema = z.discriminatedUnion("intent", [
  z.strictObject({ intent: z.literal("add"), id }),
  z.strictObject({ intent: z.literal("remove"), id }),
  z.strictObject({ intent: z.literal("order"), ids: z.array(id).max(500) }),
]);
type Intent = z.infer<typeof intentSchema>;
interface Answer {
  outcome: "added" | "removed" | "ordered" | "full" | "failed" | "malformed";
}

export async function action({ request }: ActionFunctionArgs): Promise<Answer> {
  const { shopId, actor } = await requireShop(request);
  const parsed = intentSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "malformed" };
  const intent = parsed.data;
  if (intent.intent === "order") {
    await reorderGallery(shopId, intent.ids.map(Number));
    nudgeWork(shopId, ["recount"]);
    return { outcome: "ordered" };
  }
  const isOn = intent.intent === "add";
  if (isOn && (await listGallery(shopId)).length >= GALLERY_MAX) return { outcome: "full" };
  const { changed } = await curateMedia(shopId, [Number(intent.id)], isOn, actor, await businessNow());
  if (changed === 0) return { outcome: "failed" };
  nudgeWork(shopId, ["recount"]);
  return { outcome: isOn ? "added" : "removed" };
}

/** What do shoppers see of each other, and in which order? */
export default function Gallery() {
  const { shown, candidates, next, isLater } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const work = useGalleryWork(shown);
  const list = useListAddress([]);
  if (shown.length === 0 && candidates.length === 0 && !isLater) return <NoMedia />;
  return (
    <Page title={t("reviews.gallery.title")} subtitle={t("reviews.gallery.lead")}>
      <BlockStack gap="400">
        <ReviewTabs current="gallery" />
        <Section title={t("reviews.gallery.shown")} lead={t("reviews.gallery.shown_help")}>
          {work.items.length === 0 ? (
            <Text as="p" tone="subdued">
              {t("reviews.gallery.empty_shown")}
            </Text>
          ) : (
            <ShownGrid items={work.items} busy={work.busy} onMove={work.move} onRemove={work.remove} />
          )}
        </Section>
        {work.items.length > 1 ? (
          <Section title={t("reviews.gallery.preview")} lead={t("reviews.gallery.preview_help")}>
            <GalleryPreview items={work.items} />
          </Section>
        ) : null}
        <Section title={t("reviews.gallery.candidates")} lead={t("reviews.gallery.candidates_help")}>
          {candidates.length === 0 ? (
            <Text as="p" tone="subdued">
              {t("reviews.gallery.no_candidates")}
            </Text>
          ) : (
            <CandidateGrid items={candidates} busy={work.busy} onAdd={work.add} />
          )}
          {next || isLater ? (
            <InlineStack align="center">
              <Pagination
                hasPrevious={isLater}
                onPrevious={() => window.history.back()}
                hasNext={next !== null}
                onNext={() => list.open({ before: next })}
              />
            </InlineStack>
          ) : null}
        </Section>
      </BlockStack>
    </Page>
  );
}

function Section({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="050">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          <Text as="p" tone="subdued">
            {lead}
          </Text>
        </BlockStack>
        {children}
      </BlockStack>
    </Card>
  );
}

function NoMedia() {
  const { t } = useTranslation();
  return (
    <Page title={t("reviews.gallery.title")} subtitle={t("reviews.gallery.lead")}>
      <BlockStack gap="400">
        <ReviewTabs current="gallery" />
        <Card>
          <EmptyState
            heading={t("reviews.gallery.empty.title")}
            action={{ content: t("reviews.gallery.empty.action"), url: "/app/reviews" }}
            image="/empty-reviews.svg"
          >
            <p>{t("reviews.gallery.empty.body")}</p>
          </EmptyState>
        </Card>
      </BlockStack>
    </Page>
  );
}

function useGalleryWork(shown: GalleryItem[]) {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  // The order as it was last moved, until the server has answered with its own.
  const [order, setOrder] = useState<string[] | null>(null);
  useEffect(() => setOrder(null), [shown]);
  const work = useIntent<Intent, Answer>(({ outcome }) => {
    if (outcome === "ordered") return;
    const isError = outcome !== "added" && outcome !== "removed";
    shopify.toast.show(t(`reviews.gallery.${outcome === "malformed" ? "failed" : outcome}`), { isError });
  });
  const items = order ? order.flatMap((id) => shown.find((item) => item.id === id) ?? []) : shown;
  return {
    items,
    busy: work.busy,
    add: (id: string) => work.send({ intent: "add", id }),
    remove: (id: string) => work.send({ intent: "remove", id }),
    move(id: string, by: -1 | 1) {
      const ids = items.map((item) => item.id);
      const next = moved(ids, ids.indexOf(id), by);
      if (next === ids) return;
      setOrder(next);
      work.send({ intent: "order", ids: next });
    },
  };
}

export { AppError as ErrorBoundary };
