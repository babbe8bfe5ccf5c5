import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigation } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { businessNow } from "../../clock.server";
import { recordAccess } from "../../privacy/record-access.server";
import { decideReviews } from "../../reviews/moderation/decide-reviews.server";
import { countQueue, listQueue } from "../../reviews/moderation/read-queue.server";
import { readProductTitle } from "../../reviews/read-product-title.server";
import { countTasks } from "../../reviews/tasks/list-tasks.server";
import { requireProfile, requireShop } from "../../shop-session.server";
import { AppError } from "../../ui/app-error";
import { Inbox } from "../../ui/reviews/inbox/inbox";
import { inboxSchema, requestOf } from "../../ui/reviews/inbox/inbox-views";
import { decideRequestSchema, type DecideAnswer } from "../../ui/reviews/inbox/review-request";
import { ReviewTabs } from "../../ui/reviews/review-tabs";
import { shownWhole, WholePage } from "../../ui/whole-page";
import { readPane, readPaneContext } from "./read-pane.server";

const PAGE = 30;

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const { shopId } = shop;
  const address = inboxSchema.parse(Object.fromEntries(readAll(new URL(request.url).searchParams)));
  const now = await businessNow();
  const [page, counts, context, tasks, productTitle] = await Promise.all([
    listQueue(shopId, requestOf(address, PAGE), now),
    countQueue(shopId, now),
    readPaneContext(shopId, now),
    countTasks(shopId, now),
    address.product ? readProductTitle(shopId, `gid://shopify/Product/${address.product}`) : "",
  ]);
  // Beside the list something is always open where there is room for it.
  const current = address.review ?? page.items[0]?.reviewId ?? null;
  const pane = current === null ? null : await readPane(shopId, current, now);
  // A calm inbox and one that nothing has ever reached are two different things.
  const isNew =
    page.items.length === 0 && (await listQueue(shopId, { filter: "all", limit: 1 }, now)).items.length === 0;
  await recordAccess(shop, "review_list", {
    people: page.items.length,
    ...(pane && { memberId: pane.review.member?.id ?? null, subject: `review/${pane.review.reviewId}` }),
  });
  return { address, page, counts, context, pane, productTitle, isNew, openTasks: tasks.unfinished };
}

function readAll(searchParams: URLSearchParams): [string, string | null][] {
  const names = ["tab", "kind", "status", "product", "cursor", "review"];
  return [
    ...names.map((name): [string, string | null] => [name, searchParams.get(name)]),
    ["q", searchParams.get("q") ?? ""],
  ];
}

export async function action({ request }: ActionFunctionArgs): Promise<DecideAnswer> {
  const { shopId, actor } = await requireShop(request);
  const parsed = decideRequestSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "failed", done: 0, left: 0 };
  const { ids, decision, reason, about } = parsed.data;
  const decided = await decideReviews(
    shopId,
    ids,
    { decision, ...(reason ? { reason } : {}), ...(about ? { about } : {}) },
    actor,
    await businessNow(),
  );
  if (decided.outcome !== "decided") return { outcome: "failed", done: 0, left: ids.length };
  const left = decided.results.filter(({ result }) => result === "gone" || result === "needs_confirmation").length;
  return { outcome: "decided", done: ids.length - left, left };
}

/** What needs me now? */
export default function Reviews() {
  const data = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const navigation = useNavigation();
  return (
    <Page fullWidth title={t("reviews.inbox.title")}>
      <BlockStack gap="400">
        <ReviewTabs current="inbox" counts={{ inbox: data.counts.queue, tasks: data.openTasks }} />
        <Inbox {...data} loading={navigation.state === "loading"} />
      </BlockStack>
      <WholePage />
    </Page>
  );
}

export { AppError as ErrorBoundary, shownWhole as links };
