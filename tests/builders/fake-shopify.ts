// Shopify's side of the HTTP boundary for integration tests: a token endpoint and an Admin API that
// validates every operation against the real schema before it asks the test for an answer. A call that
// no test expects fails the test.
import { parse, validate, type OperationDefinitionNode } from "graphql";
import { http, HttpResponse, type JsonBodyType, type RequestHandler } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect } from "vitest";

import { loadAdminSchema } from "../setup/admin-schema";

export interface AdminCall {
  shop: string;
  token: string;
  operation: string;
  variables: Record<string, unknown>;
  query: string;
}
/** data for a plain answer; a Response for everything else. */
type Answer = (call: AdminCall) => Record<string, unknown> | Response | Promise<Record<string, unknown> | Response>;

export interface FakeShopify {
  /** Every Admin API call of the current test, in order. */
  calls: AdminCall[];
  /** Every refresh of the current test: the refresh tokens offered. */
  refreshes: string[];
  /** Answers an operation by its name, until the test ends. */
  on(operation: string, answer: Answer): void;
  /** Answers the token endpoint, until the test ends. */
  onRefresh(answer: (refreshToken: string) => Response | Promise<Response>): void;
}

/** Call once at the top of a test file. `others`: hosts beside Shopify that the test talks to. */
export function useFakeShopify(others: RequestHandler[] = []): FakeShopify {
  const answers = new Map<string, Answer>();
  const fake: FakeShopify = {
    calls: [],
    refreshes: [],
    on: (operation, answer) => void answers.set(operation, answer),
    onRefresh: (answer) => void (refresh = answer),
  };
  const unexpected: string[] = [];
  let refresh: ((refreshToken: string) => Response | Promise<Response>) | undefined;

  const server = setupServer(
    ...others,
    http.post("https://:shop/admin/oauth/access_token", async ({ request }) => {
      const { refresh_token } = (await request.json()) as { refresh_token: string };
      fake.refreshes.push(refresh_token);
      if (refresh) return refresh(refresh_token);
      unexpected.push("a token refresh");
      return HttpResponse.json({ error: "unexpected" }, { status: 500 });
    }),
    http.post("https://:shop/admin/api/2026-07/graphql.json", async ({ request, params }) => {
      const body = (await request.json()) as { query: string; variables?: Record<string, unknown> };
      const document = parse(body.query);
      const problems = validate(loadAdminSchema(), document);
      const operation = document.definitions.find(
        (each): each is OperationDefinitionNode => each.kind === "OperationDefinition",
      );
      const call: AdminCall = {
        shop: String(params["shop"]),
        token: request.headers.get("x-shopify-access-token") ?? "",
        operation: operation?.name?.value ?? "",
        variables: body.variables ?? {},
        query: body.query,
      };
      fake.calls.push(call);
      const answer = answers.get(call.operation);
      if (problems.length > 0 || !answer) {
        unexpected.push(problems[0]?.message ?? `the operation ${call.operation}`);
        return HttpResponse.json({ errors: [{ message: "unexpected" }] });
      }
      const made = await answer(call);
      return made instanceof Response
        ? made
        : HttpResponse.json({ data: made as JsonBodyType, extensions: { cost: cost() } });
    }),
  );
  beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
  afterEach(() => {
    const surprises = unexpected.splice(0);
    answers.clear();
    refresh = undefined;
    fake.calls = [];
    fake.refreshes = [];
    expect(surprises, "calls no test expected").toEqual([]);
  });
  afterAll(() => server.close());
  return fake;
}

/** The extensions of an answer: a full bucket unless said otherwise. */
export function cost(status: { currentlyAvailable?: number; restoreRate?: number } = {}, requestedQueryCost = 10) {
  return {
    requestedQueryCost,
    actualQueryCost: requestedQueryCost,
    throttleStatus: { maximumAvailable: 2_000, currentlyAvailable: 2_000, restoreRate: 100, ...status },
  };
}

/** An answer of the token endpoint: a new pair that lives an hour. */
export function newTokens(generation: number): Response {
  return HttpResponse.json({
    access_token: `shpat_${generation}`,
    scope: "read_orders",
    expires_in: 3_600,
    refresh_token: `shprt_${generation}`,
    refresh_token_expires_in: 7_776_000,
  });
}
