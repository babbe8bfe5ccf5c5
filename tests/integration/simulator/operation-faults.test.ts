// Faults of one operation: what was done, and what the caller got to hear of it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { mountControl } from "../../simulator/control";
import { failNext, noFaults, type OperationFault } from "../../simulator/faults";
import { Router } from "../../simulator/router";
import { serve, listen, close } from "../../simulator/http-server";
import { createServer } from "node:http";
import { WebhookEngine } from "../../simulator/webhooks";
import { type Platform, startPlatform } from "./platform";

const CREATE = `mutation Make($input: DiscountCodeBasicInput!) { made: discountCodeBasicCreate(basicCodeDiscount: $input) {
  codeDiscountNode { id } userErrors { field code message } } }`;

let platform: Platform;
let serial = 0;
beforeAll(async () => {
  platform = await startPlatform();
});
beforeEach(() => {
  Object.assign(platform.sim.faults, noFaults());
});
afterAll(async () => platform.stop());

interface Heard {
  /** What came back: a status, or "nothing". */
  status: number | "nothing";
  body: string;
  /** Whether the code exists afterwards. */
  done: boolean;
}

/** `giveUp`: when the caller stops waiting for an answer. */
async function create(giveUp: AbortSignal | null = null): Promise<Heard> {
  const code = `FAULT-${++serial}`;
  const variables = {
    input: {
      title: code,
      code,
      startsAt: "2026-01-01T00:00:00Z",
      customerGets: { items: { all: true }, value: { percentage: 0.1 } },
    },
  };
  const heard = await fetch(new URL("/admin/api/2026-07/graphql.json", platform.address), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-sim-host": platform.shop.domain,
      "x-shopify-access-token": "shpat_test",
    },
    body: JSON.stringify({ query: CREATE, variables }),
    signal: giveUp,
  }).then(
    async (response) => ({ status: response.status, body: await response.text() }),
    () => ({ status: "nothing" as const, body: "" }),
  );
  return { ...heard, done: Object.values(platform.shop.discounts).some((one) => one.code === code) };
}

const fail = (kind: OperationFault["kind"], more: Partial<OperationFault> = {}) =>
  failNext(platform.sim.faults, "discountCodeBasicCreate", kind, more);

describe("a fault of one operation", () => {
  it.each([
    ["ok_answer_lost", {}, "nothing", true],
    ["reset", {}, "nothing", false],
    ["timeout", {}, "nothing", false],
    ["timeout", { done: true }, "nothing", true],
    ["429", {}, 429, false],
    ["500", {}, 500, false],
    ["502", { done: true }, 502, true],
    ["503", {}, 503, false],
    ["html", {}, 200, false],
    ["html", { done: true }, 200, true],
    ["throttled", {}, 200, false],
    ["user_error", { code: "INVALID" }, 200, false],
    ["taken", {}, 200, false],
  ] as const)("%s %o", async (kind, more, status, done) => {
    const fault = fail(kind, more);
    const giveUp = new AbortController();
    const heard = create(kind === "timeout" ? giveUp.signal : null);
    if (kind === "timeout") {
      // What was sent has arrived, and the answer is what is missing.
      await expect.poll(() => fault.left(), { timeout: 30_000 }).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 200));
      giveUp.abort();
    }
    expect(await heard).toMatchObject({ status, done });
    // It hits once.
    expect(await create()).toMatchObject({ status: 200, done: true });
  });

  it("says what it was told to say", async () => {
    fail("user_error", { code: "EXCEEDED_MAX", message: "Too many codes", field: ["basicCodeDiscount"] });
    expect(JSON.parse((await create()).body)).toMatchObject({
      data: {
        made: {
          codeDiscountNode: null,
          userErrors: [{ field: ["basicCodeDiscount"], code: "EXCEEDED_MAX", message: "Too many codes" }],
        },
      },
    });
    fail("taken");
    expect(JSON.parse((await create()).body)).toMatchObject({ data: { made: { userErrors: [{ code: "TAKEN" }] } } });
    fail("throttled");
    expect(JSON.parse((await create()).body)).toMatchObject({ errors: [{ extensions: { code: "THROTTLED" } }] });
  });

  it("hits only its operation, after as many calls as it was told to let pass", async () => {
    failNext(platform.sim.faults, "giftCardCreate", "500", { times: "always" });
    const fault = fail("503", { times: 2, skip: 1 });
    const statuses = [];
    for (let call = 0; call < 4; call++) statuses.push((await create()).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
    expect(fault.left()).toBe(0);
  });

  it("refuses to invent a user error for a query", async () => {
    failNext(platform.sim.faults, "giftCards", "user_error");
    const answer = await platform.ask("{ giftCards(first: 1) { nodes { id } } }");
    expect(answer.errors?.[0]?.message).toContain("a user error of giftCards");
  });

  it("is set and cleared by the control API", async () => {
    const router = new Router();
    mountControl(router, platform.sim, new WebhookEngine(platform.sim));
    const server = createServer(serve(router));
    const address = await listen(server, "localhost", 0);
    const put = async (body: unknown) =>
      (await fetch(`${address}/control/faults`, { method: "PUT", body: JSON.stringify(body) })).status;
    expect(await put({ operations: [{ operation: "discountCodeBasicCreate", kind: "502", times: 1 }] })).toBe(200);
    expect((await create()).status).toBe(502);
    expect(await put({ operations: [{ operation: "discountCodeBasicCreate", kind: "rude" }] })).toBe(400);
    await put({ operations: [{ operation: "discountCodeBasicCreate", kind: "502", times: "always" }] });
    await fetch(`${address}/control/faults`, { method: "DELETE" });
    expect((await create()).status).toBe(200);
    await close(server);
  });
});
