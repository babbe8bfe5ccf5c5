// A support task: a person should help. Pure.
export const TASK_STATUSES = ["open", "doing", "done"] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];
export const TASK_KINDS = ["low_rating"] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export interface Task {
  id: number;
  kind: TaskKind;
  status: TaskStatus;
  /** staff:<id> */
  assignee: string | null;
  openedAt: Date;
  dueAt: Date;
  closedAt: Date | null;
  closedBy: string | null;
  /** Not done by its time. */
  isOverdue: boolean;
  review: {
    id: number;
    rating: number;
    title: string;
    body: string;
    authorName: string;
    status: string;
    productGid: string;
    productTitle: string | null;
    reply: string | null;
  } | null;
  order: { id: number; gid: string; name: string } | null;
  member: { id: number; name: string } | null;
}
