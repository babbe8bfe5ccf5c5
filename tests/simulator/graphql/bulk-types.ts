// Bulk operations as the Admin API shows them; running them is bulk.ts.
import { bulkUrl, cancelBulk, startBulk } from "../bulk";
import { gid } from "../ids";
import type { SimBulkOperation } from "../state";
import { paginate } from "./connection";
import { compileSearch, type SearchTable } from "./search";
import {
  dateTime,
  fields,
  idOf,
  notImplemented,
  say,
  upper,
  type Args,
  type GraphContext,
  type TypeTable,
} from "./types";

const SEARCH: SearchTable<SimBulkOperation> = {
  name: "bulk operations",
  words: () => [],
  fields: {
    id: { kind: "id", read: ({ id }) => id },
    status: { kind: "exact", read: ({ status }) => [status] },
    operation_type: { kind: "test", test: (_, value) => value === "query" },
    created_at: { kind: "time", read: ({ createdAt }) => createdAt },
  },
};

export function bulkOperation(args: Args, ctx: GraphContext): unknown {
  const id = idOf("BulkOperation", args.id);
  return id === null ? null : (ctx.shop.bulkOperations[id] ?? null);
}

export function bulkOperations(args: Args, ctx: GraphContext): unknown {
  if (args.sortKey !== undefined && args.sortKey !== "CREATED_AT" && args.sortKey !== "ID") {
    throw notImplemented(`sorting bulk operations by ${say(args.sortKey)}`);
  }
  const fits = compileSearch(args.query, SEARCH, ctx.shop.timeZone);
  return paginate(Object.values(ctx.shop.bulkOperations).filter(fits), args, {
    position: ({ id }) => ({ value: 0, id }),
  });
}

export function currentBulkOperation(args: Args, ctx: GraphContext): unknown {
  if (args.type === "MUTATION") return null;
  return Object.values(ctx.shop.bulkOperations).sort((a, b) => Number(b.id) - Number(a.id))[0] ?? null;
}

export function bulkOperationRunQuery(args: Args, ctx: GraphContext): unknown {
  const answer = startBulk(ctx, String(args.query), { grouped: args.groupObjects === true });
  if (answer.outcome === "started") return { bulkOperation: answer.operation, userErrors: [] };
  return {
    bulkOperation: null,
    userErrors: [{ field: answer.code === "INVALID" ? ["query"] : null, message: answer.message, code: answer.code }],
  };
}

export function bulkOperationCancel(args: Args, ctx: GraphContext): unknown {
  const operation = bulkOperation(args, ctx) as SimBulkOperation | null;
  if (!operation)
    return { bulkOperation: null, userErrors: [{ field: ["id"], message: "Bulk operation does not exist" }] };
  if (!cancelBulk(ctx.sim, ctx.shop.domain, operation)) {
    const message = `A bulk operation cannot be canceled when it is ${operation.status.toLowerCase()}`;
    return { bulkOperation: operation, userErrors: [{ field: null, message }] };
  }
  return { bulkOperation: operation, userErrors: [] };
}

export const BULK_TYPES: Record<string, TypeTable> = {
  BulkOperation: fields<SimBulkOperation>({
    id: ({ id }) => gid("BulkOperation", id),
    status: ({ status }) => upper(status),
    type: () => "QUERY",
    query: ({ query }) => query,
    createdAt: ({ createdAt }) => dateTime(createdAt),
    completedAt: ({ completedAt }) => dateTime(completedAt),
    objectCount: ({ objectCount }) => String(objectCount),
    rootObjectCount: ({ rootObjectCount }) => String(rootObjectCount ?? 0),
    fileSize: ({ status, fileSize }) => (status === "COMPLETED" ? String(fileSize) : null),
    url: (operation, _, ctx) => bulkUrl(ctx.sim, operation),
    partialDataUrl: () => null,
    errorCode: ({ errorCode }) => errorCode,
  }),
};
