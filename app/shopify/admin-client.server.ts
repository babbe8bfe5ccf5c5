// The one way to the Admin API for everything that is not a page request of a merchant.
import { ClientError, GraphQLClient } from "graphql-request";
import { z } from "zod";

import type { ShopId } from "../db.server";
import { countCall, noteBucket, type CallOutcome } from "../metrics.server";
import { accessTokenOf } from "./access-token.server";
import { API_VERSION } from "./api-version";
import { answeredFields, deniedFields, refusedCustomerData, toProblems, type GraphqlProblem } from "./denied-fields";
import { traced } from "../tracing.server";
import { noteDeniedData } from "./note-denied-data.server";
import type { Operation } from "./operation";
import { installedDomain } from "./shop-domain.server";
import { RefusedByShopifyError, ThrottledError, TransientShopifyError, UnauthorizedShopError } from "./shopify-errors";
import { backgroundWaitMs, throttledWaitMs, withJitter, type BucketReading, type ThrottleStatus } from "./throttle";
import { shopifyFetch } from "./transport.server";

/** Background work keeps half of the shop's cost bucket free for people. */
export type Purpose = "interactive" | "background";

export interface AdminClient {
  readonly domain: string;
  /**
   * Runs one operation; waits and retries while Shopify throttles or, for queries, stumbles.
   * @throws ThrottledError, UnauthorizedShopError, TransientShopifyError, RefusedByShopifyError
   */
  request<Data, Variables>(operation: Operation<Data, Variables>, variables: Variables): Promise<Data>;
  /**
   * The same for a query that can do without its optional fields: where Shopify denies them they are null, and named.
   * @throws what `request` throws, also when anything but an optional field is denied
   */
  read<Data, Variables>(operation: Operation<Data, Variables>, variables: Variables): Promise<PartialAnswer<Data>>;
}

/** An answer, and the optional fields that are null in it because Shopify keeps them from us. */
export interface PartialAnswer<Data> {
  data: Data;
  denied: readonly string[];
}

const CALL_TIMEOUT_MS = 20_000;
const ATTEMPTS: Record<Purpose, number> = { interactive: 3, background: 6 };
const LONGEST_WAIT_MS = 15_000;
const FIRST_COST_GUESS = 50;

const buckets = new Map<string, BucketReading>();
const costs = new Map<string, number>();

const extensionsSchema = z.object({
  cost: z.object({
    requestedQueryCost: z.number().optional(),
    throttleStatus: z
      .object({ maximumAvailable: z.number(), currentlyAvailable: z.number(), restoreRate: z.number() })
      .optional(),
  }),
});

/**
 * A client bound to one installed shop.
 * @throws UnauthorizedShopError when the app is not installed there
 */
export async function adminClient(shop: ShopId | string, purpose: Purpose = "background"): Promise<AdminClient> {
  const domain = await installedDomain(shop);
  return {
    domain,
    async request(operation, variables) {
      const { data } = await run(domain, purpose, { ...operation, optional: [] }, variables);
      return data;
    },
    async read(operation, variables) {
      const answer = await run(domain, purpose, operation, variables);
      const answered = answeredFields(answer.data, operation.optional);
      await noteDeniedData(domain, { denied: answer.denied, answered });
      return answer;
    },
  };
}

type Answer<Data> =
  | { kind: "data"; data: Data; denied: readonly string[] }
  | { kind: "throttled"; waitMs: number }
  | { kind: "unauthorized" }
  | { kind: "stumbled"; error: TransientShopifyError };

async function run<Data, Variables>(
  domain: string,
  purpose: Purpose,
  operation: Operation<Data, Variables>,
  variables: Variables,
): Promise<PartialAnswer<Data>> {
  const name = /\b(?:query|mutation)\s+(\w+)/.exec(operation.text)?.[1] ?? "anonymous";
  const isMutation = /^\s*mutation\b/m.test(operation.text);
  let rejected: string | undefined;
  for (let attempt = 0; ; attempt++) {
    if (purpose === "background") await takeBudget(domain, name);
    const token = await accessTokenOf(domain, rejected ? { rejected } : {});
    const answer = await counted(name, () => call<Data, Variables>(domain, name, token, operation, variables));
    const isLast = attempt + 1 >= ATTEMPTS[purpose];
    switch (answer.kind) {
      case "data":
        return { data: answer.data, denied: answer.denied };
      case "unauthorized":
        // A second refusal, of a token made a moment ago, is the shop's last word.
        if (rejected) throw new UnauthorizedShopError(domain, "token_refused");
        rejected = token;
        break;
      case "throttled":
        if (isLast || answer.waitMs > LONGEST_WAIT_MS) throw new ThrottledError(answer.waitMs);
        await pause(withJitter(answer.waitMs, attempt, Math.random));
        break;
      case "stumbled":
        // What became of a mutation is unknown: its caller decides whether to ask again.
        if (isLast || isMutation) throw answer.error;
        await pause(withJitter(200 * 2 ** attempt, attempt, Math.random));
        break;
    }
  }
}

async function takeBudget(domain: string, operationName: string): Promise<void> {
  const cost = costs.get(operationName) ?? FIRST_COST_GUESS;
  const waitMs = backgroundWaitMs(buckets.get(domain), cost, performance.now());
  if (waitMs > LONGEST_WAIT_MS) throw new ThrottledError(waitMs);
  if (waitMs > 0) await pause(withJitter(waitMs, 0, Math.random));
  const reading = buckets.get(domain);
  // Taken before the answer says so, so that parallel jobs do not all see the same half.
  if (reading) reading.currentlyAvailable -= cost;
}

async function counted<Data>(operationName: string, ask: () => Promise<Answer<Data>>): Promise<Answer<Data>> {
  const started = performance.now();
  let outcome: CallOutcome = "refused";
  try {
    return await traced(`shopify ${operationName}`, { "kizuna.operation": operationName }, async (note) => {
      const answer = await ask();
      outcome = answer.kind === "data" ? "ok" : answer.kind;
      note({ "kizuna.outcome": outcome });
      return answer;
    });
  } finally {
    countCall(operationName, outcome, (performance.now() - started) / 1000);
  }
}

async function call<Data, Variables>(
  domain: string,
  operationName: string,
  token: string,
  operation: Operation<Data, Variables>,
  variables: Variables,
): Promise<Answer<Data>> {
  const client = new GraphQLClient(`https://${domain}/admin/api/${API_VERSION}/graphql.json`, {
    fetch: shopifyFetch,
    errorPolicy: "all",
    headers: { "x-shopify-access-token": token, accept: "application/json", "user-agent": "Kizuna" },
  });
  try {
    const response = await client.rawRequest<Data>({
      query: operation.text,
      variables: variables as Record<string, unknown>,
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    const cost = noteCost(domain, operationName, response.extensions);
    if (!response.errors?.length) return { kind: "data", data: response.data, denied: [] };
    const problems = toProblems(response.errors);
    const denied = deniedFields(problems, response.data, operation.optional);
    if (denied) return { kind: "data", data: response.data, denied };
    const refused = refusedCustomerData(problems);
    if (refused) await noteDeniedData(domain, { denied: [refused], answered: [] });
    return classifyErrors(problems, cost);
  } catch (error) {
    if (error instanceof ClientError) return classifyStatus(domain, error.response.status, error.response.headers);
    if (error instanceof RefusedByShopifyError) throw error;
    return { kind: "stumbled", error: new TransientShopifyError(failureKind(error), { cause: error }) };
  }
}

interface Cost {
  requested?: number | undefined;
  status?: ThrottleStatus | undefined;
}
function noteCost(domain: string, operationName: string, extensions: unknown): Cost {
  const cost = extensionsSchema.safeParse(extensions).data?.cost;
  if (cost?.throttleStatus) {
    buckets.set(domain, { ...cost.throttleStatus, at: performance.now() });
    noteBucket(cost.throttleStatus.currentlyAvailable, cost.throttleStatus.maximumAvailable);
  }
  if (cost?.requestedQueryCost !== undefined) costs.set(operationName, cost.requestedQueryCost);
  return { requested: cost?.requestedQueryCost, status: cost?.throttleStatus };
}

function classifyErrors(errors: GraphqlProblem[], cost: Cost): Answer<never> {
  const problems = errors.map((each) => ({ code: each.extensions?.code ?? null, message: each.message }));
  const codes = problems.map((problem) => problem.code);
  if (codes.includes("THROTTLED")) return { kind: "throttled", waitMs: throttledWaitMs(cost.status, cost.requested) };
  if (codes.includes("INTERNAL_SERVER_ERROR") || codes.includes("TIMEOUT"))
    return { kind: "stumbled", error: new TransientShopifyError("server_error") };
  throw new RefusedByShopifyError(problems);
}

function classifyStatus(domain: string, status: number, headers: unknown): Answer<never> {
  if (status === 401) return { kind: "unauthorized" };
  if ([402, 403, 404, 423].includes(status)) throw new UnauthorizedShopError(domain, "shop_unavailable");
  if (status === 429 || status === 430) return { kind: "throttled", waitMs: retryAfterMs(headers) };
  if (status >= 500) return { kind: "stumbled", error: new TransientShopifyError("server_error", { status }) };
  if (status < 400) return { kind: "stumbled", error: new TransientShopifyError("not_json", { status }) };
  throw new RefusedByShopifyError([{ code: `HTTP_${status}`, message: `HTTP ${status}` }]);
}

function retryAfterMs(headers: unknown): number {
  const seconds = headers instanceof Headers ? Number(headers.get("retry-after")) : Number.NaN;
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 2_000;
}

function failureKind(error: unknown): "network" | "timeout" | "not_json" {
  if (error instanceof SyntaxError) return "not_json";
  const name = error instanceof Error ? error.name : "";
  if (name === "TimeoutError" || name === "AbortError") return "timeout";
  // graphql-request reports an answer that is no GraphQL result (an HTML page) as a plain Error.
  return error instanceof TypeError ? "network" : "not_json";
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
