// Who waits for an answer, since when, and who takes care of it: the most urgent first.
import {
  Badge,
  BlockStack,
  Card,
  InlineGrid,
  InlineStack,
  Link,
  Select,
  Text,
  type BadgeProps,
} from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Task, TaskStatus } from "../../../reviews/tasks/task";
import { TASK_STATUSES } from "../../../reviews/tasks/task";
import { adminOrderUrl } from "../../../shopify/admin-address";
import type { StaffMember } from "../../../shops/list-staff.server";
import { useFormat } from "../../use-format";
import { Stars } from "../stars";

/** A task as the browser has it. */
export type ShownTask = Omit<Task, "openedAt" | "dueAt" | "closedAt"> & {
  openedAt: Date | string;
  dueAt: Date | string;
  closedAt: Date | string | null;
};

interface TaskListProps {
  tasks: ShownTask[];
  staff: StaffMember[];
  now: Date | string;
  busy: boolean;
  onAssign(taskId: number, assignee: string | null): void;
  onStatus(taskId: number, status: TaskStatus): void;
}

/** The tasks as cards, one under the other. */
export function TaskList({ tasks, ...rest }: TaskListProps) {
  return (
    <ul className="kz-tasks">
      {tasks.map((task) => (
        <li key={task.id}>
          <Card>
            <TaskCard task={task} {...rest} />
          </Card>
        </li>
      ))}
    </ul>
  );
}

type TaskCardProps = Omit<TaskListProps, "tasks"> & { task: ShownTask };

function TaskCard({ task, staff, now, busy, onAssign, onStatus }: TaskCardProps) {
  const { t } = useTranslation();
  const known = staff.some(({ actor }) => actor === task.assignee);
  return (
    <InlineGrid columns={{ xs: 1, md: ["twoThirds", "oneThird"] }} gap="400">
      <BlockStack gap="200">
        <InlineStack gap="200" blockAlign="center" wrap>
          <TimeBadge task={task} now={now} />
          <Badge>{t(`reviews.tasks.kind.${task.kind}`)}</Badge>
        </InlineStack>
        {task.review ? <ReviewLine review={task.review} /> : null}
        <InlineStack gap="400" wrap>
          {task.member ? (
            <Link url={`/app/members/${task.member.id}`}>{task.member.name || t("members.no_name")}</Link>
          ) : null}
          {task.order ? (
            <Link url={adminOrderUrl(task.order.gid)} target="_top">
              {task.order.name}
            </Link>
          ) : null}
        </InlineStack>
      </BlockStack>
      <BlockStack gap="200">
        <Select
          label={t("reviews.tasks.column.assignee")}
          options={[
            { value: "", label: t("reviews.tasks.nobody") },
            ...(task.assignee && !known ? [{ value: task.assignee, label: t("reviews.tasks.former") }] : []),
            ...staff.map(({ actor, name: person }) => ({ value: actor, label: person })),
          ]}
          value={task.assignee ?? ""}
          disabled={busy}
          onChange={(assignee) => onAssign(task.id, assignee || null)}
          id={`assignee-${task.id}`}
        />
        <Select
          label={t("reviews.tasks.column.status")}
          options={TASK_STATUSES.map((value) => ({ value, label: t(`reviews.tasks.status.${value}`) }))}
          value={task.status}
          disabled={busy}
          onChange={(status: TaskStatus) => onStatus(task.id, status)}
          id={`status-${task.id}`}
        />
      </BlockStack>
    </InlineGrid>
  );
}

function ReviewLine({ review }: { review: NonNullable<Task["review"]> }) {
  const { t } = useTranslation();
  return (
    <BlockStack gap="100">
      <InlineStack gap="200" blockAlign="center" wrap>
        <Stars rating={review.rating} />
        <Link url={`/app/reviews/${review.id}`}>{review.title || t("reviews.gallery.open_review")}</Link>
      </InlineStack>
      <p className="kz-clamp">{review.body}</p>
      <Text as="p" tone="subdued" variant="bodySm">
        {[review.authorName || t("reviews.no_name"), review.productTitle ?? ""].filter(Boolean).join(" · ")}
      </Text>
    </BlockStack>
  );
}

function TimeBadge({ task, now }: { task: ShownTask; now: Date | string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const left = useTimeLeft();
  if (task.status === "done")
    return (
      <Badge tone="success">
        {task.closedAt
          ? t("reviews.tasks.closed", { date: format.date(task.closedAt) })
          : t("reviews.tasks.status.done")}
      </Badge>
    );
  const tone: BadgeProps["tone"] = task.isOverdue ? "critical" : "attention";
  return (
    <Badge tone={tone}>
      {task.isOverdue
        ? t("reviews.tasks.overdue", { time: format.dateTime(task.dueAt) })
        : t("reviews.tasks.left", { time: left(task.dueAt, now) })}
    </Badge>
  );
}

function useTimeLeft(): (end: Date | string, now: Date | string) => string {
  const { t } = useTranslation();
  return (end, now) => {
    const minutes = Math.max(0, Math.floor((new Date(end).getTime() - new Date(now).getTime()) / 60_000));
    if (minutes < 60) return t("reviews.analytics.duration.minutes", { count: minutes });
    if (minutes < 48 * 60) return t("reviews.analytics.duration.hours", { count: Math.floor(minutes / 60) });
    return t("reviews.analytics.duration.days", { count: Math.floor(minutes / 1_440) });
  };
}
