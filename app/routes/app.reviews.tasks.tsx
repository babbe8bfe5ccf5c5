import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { BlockStack, Card, EmptySearchResult, EmptyState, InlineStack, Page, Pagination } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { recordAccess } from "../privacy/record-access.server";
import { changeTask, type TaskChange } from "../reviews/tasks/change-task.server";
import { countTasks, listTasks, type TaskFilters } from "../reviews/tasks/list-tasks.server";
import { TASK_STATUSES, type TaskStatus } from "../reviews/tasks/task";
import { requireProfile, requireShop } from "../shop-session.server";
import { listStaff } from "../shops/list-staff.server";
import { AppError } from "../ui/app-error";
import { ReviewTabs } from "../ui/reviews/review-tabs";
import { TaskList } from "../ui/reviews/tasks/task-list";
import { useIntent } from "../ui/reviews/use-answer";
import { useListAddress } from "../ui/reviews/use-list-address";
import { useFormat } from "../ui/use-format";

const VIEWS = ["open", "mine", "done"] as const;
type View = (typeof VIEWS)[number];
const PAGE = 25;

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const { searchParams } = new URL(request.url);
  const view = z.enum(VIEWS).catch("open").parse(searchParams.get("view"));
  const cursor = searchParams.get("cursor") ?? undefined;
  const now = await businessNow();
  const filters: Record<View, TaskFilters> = {
    open: { status: "unfinished" },
    mine: { status: "unfinished", assignee: shop.actor },
    done: { status: "done" },
  };
  const [page, counts, staff] = await Promise.all([
    listTasks(shop.shopId, { ...filters[view], cursor, limit: PAGE }, now),
    countTasks(shop.shopId, now),
    listStaff(shop.shopId),
  ]);
  await recordAccess(shop, "tasks", { people: page.tasks.length });
  return { page, counts, staff, view, isLater: cursor !== undefined, now };
}

const intentSchema = z.discriminatedUnion("intent", [
  z.strictObject({
    intent: z.literal("assign"),
    taskId: z.number().int().positive(),
    assignee: z
      .string()
      .regex(/^staff:\d{1,20}$/)
      .nullable(),
  }),
  z.strictObject({
    intent: z.literal("status"),
    taskId: z.number().int().positive(),
    status: z.enum(TASK_STATUSES),
  }),
]);
type Intent = z.infer<typeof intentSchema>;
interface Answer {
  outcome: "changed" | "unchanged" | "failed";
}

export async function action({ request }: ActionFunctionArgs): Promise<Answer> {
  const { shopId, actor } = await requireShop(request);
  const parsed = intentSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "failed" };
  const intent = parsed.data;
  if (intent.intent === "assign" && intent.assignee !== null && !(await isStaff(shopId, intent.assignee)))
    return { outcome: "failed" };
  const change: TaskChange =
    intent.intent === "assign"
      ? { kind: "assign", assignee: intent.assignee }
      : { kind: intent.status === "open" ? "reopen" : intent.status };
  const { outcome } = await changeTask(shopId, intent.taskId, change, actor, await businessNow());
  if (outcome === "not_found") throw new Response(null, { status: 404 });
  return { outcome: outcome === "bad_note" ? "failed" : outcome };
}

async function isStaff(shopId: number, actor: string): Promise<boolean> {
  return (await listStaff(shopId)).some((person) => person.actor === actor);
}

/** Who waits for an answer, and until when? */
export default function Tasks() {
  const { page, counts, staff, view, isLater, now } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const list = useListAddress(["view"]);
  const work = useIntent<Intent, Answer>(({ outcome }) =>
    shopify.toast.show(t(outcome === "failed" ? "reviews.tasks.failed" : "reviews.tasks.saved"), {
      isError: outcome === "failed",
    }),
  );
  return (
    <Page title={t("reviews.tasks.title")} subtitle={t("reviews.tasks.lead")}>
      <BlockStack gap="400">
        <ReviewTabs current="tasks" counts={{ tasks: counts.unfinished }} />
        <Views view={view} unfinished={counts.unfinished} />
        {page.tasks.length === 0 ? (
          <Card>
            <Nothing isFirst={view === "open" && !isLater} />
          </Card>
        ) : (
          <TaskList
            tasks={page.tasks}
            staff={staff}
            now={now}
            busy={work.busy}
            onAssign={(taskId, assignee) => work.send({ intent: "assign", taskId, assignee })}
            onStatus={(taskId: number, status: TaskStatus) => work.send({ intent: "status", taskId, status })}
          />
        )}
        {isLater || page.nextCursor ? (
          <InlineStack align="center">
            <Pagination
              hasPrevious={isLater}
              onPrevious={() => window.history.back()}
              hasNext={page.nextCursor !== null}
              onNext={() => list.open({ cursor: page.nextCursor })}
            />
          </InlineStack>
        ) : null}
      </BlockStack>
    </Page>
  );
}

function Views({ view, unfinished }: { view: View; unfinished: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useListAddress([]);
  return (
    <nav className="kz-tabs" aria-label={t("reviews.tasks.tabs_label")}>
      <ul>
        {VIEWS.map((each) => (
          <li key={each}>
            <Link
              to={list.address({ view: each === "open" ? null : each })}
              aria-current={each === view ? "page" : undefined}
            >
              {t(`reviews.tasks.${each}`)}
              {each === "open" && unfinished > 0 ? (
                <span className="kz-tab-count">{format.number(unfinished)}</span>
              ) : null}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Nothing({ isFirst }: { isFirst: boolean }) {
  const { t } = useTranslation();
  if (!isFirst)
    return (
      <EmptySearchResult
        title={t("reviews.tasks.nothing.title")}
        description={t("reviews.tasks.nothing.body")}
        withIllustration={false}
      />
    );
  return (
    <EmptyState
      heading={t("reviews.tasks.empty.title")}
      action={{ content: t("reviews.tasks.empty.action"), url: "/app/settings/reviews" }}
      image="/empty-reviews.svg"
    >
      <p>{t("reviews.tasks.empty.body")}</p>
    </EmptyState>
  );
}

export { AppError as ErrorBoundary };
