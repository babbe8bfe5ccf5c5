// What a signed-in shopper has and may do, and what they buy, through the storefront's door: real HTTP, real
// signatures, the simulated platform behind it.
import { createServer, request, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { env } from "../../../app/env.server";
import type { WayToEarn } from "../../../app/loyalty/program-parts";
import type { RewardTerms } from "../../../app/loyalty/rewards/reward-terms";
import { handleProxy } from "../../../app/storefront/proxy.server";
import { signProxyQuery } from "../../../app/storefront/proxy-signature";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { AMOUNT_OFF, CODE_TERMS, startRedemptionShop, type RedemptionShop } from "../loyalty/redemption-shop";
import { DOMAIN } from "../simulator/platform";
import { besideTheClock, listening } from "./beside-the-clock";

const database = useTestDatabase();
const OTHER = "panel-other.myshopify.com";
const POINTS_OFF: RewardTerms = {
  kind: "points_off",
  ...CODE_TERMS,
  pointsPerStep: 1,
  minorPerStep: 1,
  pointsMax: 5_000,
  appliesTo: null,
  worthMore: "limit",
};
const way = { enabled: true, points: 100, holdDays: 0 };
const WAYS: WayToEarn[] = [
  { ...way, id: "join", kind: "join" },
  { ...way, id: "birthday", kind: "birthday", noticeDays: 30, lockDays: 365 },
];

let shop: RedemptionShop;
let server: Server;
let clock: Server;
let origin = "";
let amountOff = 0;
let pointsOff = 0;
let goldOnly = 0;
let gone = 0;

beforeAll(async () => {
  shop = await startRedemptionShop(() => database.owner(), { ways: WAYS });
  await createTestShop(OTHER);
  amountOff = await shop.reward({ ...AMOUNT_OFF, perMemberLimit: 1 }, { points: 100 });
  pointsOff = await shop.reward(POINTS_OFF, { points: 50 });
  goldOnly = await shop.reward({ ...AMOUNT_OFF, tierIds: ["gold"] }, { points: 100 });
  gone = await shop.reward(AMOUNT_OFF, { points: 100, stock: 0 });
  server = createServer((req, res) => void handleProxy(req, res));
  origin = await listening(server);
  clock = besideTheClock(shop.platform.address, () => shop.now);
  env().SHOPIFY_SIMULATOR_URL = await listening(clock);
});
afterAll(async () => {
  for (const each of [server, clock]) await new Promise((resolve) => each.close(resolve));
  await shop.stop();
});

function signed(customerId: string, over: Record<string, string> = {}): string {
  const parameters = new URLSearchParams({
    shop: DOMAIN,
    path_prefix: "/apps/kizuna",
    timestamp: String(Math.floor(Date.now() / 1000)),
    logged_in_customer_id: customerId,
    ...over,
  });
  parameters.set("signature", signProxyQuery(parameters, process.env.SHOPIFY_API_SECRET ?? ""));
  return parameters.toString();
}
interface Answer {
  status: number;
  headers: Headers;
  outcome: string;
  // Each door has its own fields; the assertions name them.
  body: Record<string, unknown>;
}
async function call(
  path: string,
  customerId: string,
  body?: unknown,
  over: Record<string, string> = {},
): Promise<Answer> {
  const init: RequestInit =
    body === undefined
      ? {}
      : {
          method: "POST",
          headers: { "content-type": "application/json", "x-kizuna": "1" },
          body: typeof body === "string" ? body : JSON.stringify(body),
        };
  const response = await fetch(`${origin}/proxy/${path}?${signed(customerId, over)}`, init);
  const answer = (await response.json()) as Record<string, unknown> & { outcome: string };
  return { status: response.status, headers: response.headers, outcome: answer.outcome, body: answer };
}
const wish = (rewardId: number, more: object = {}) => ({ rewardId, requestKey: crypto.randomUUID(), ...more });
interface Own {
  id: number;
  code: string | null;
  points: number;
  status: string;
  cancellable: boolean;
}
const ownOf = (answer: Answer) => answer.body["redemptions"] as Own[];
const availabilities = (answer: Answer) =>
  Object.fromEntries(
    (answer.body["rewards"] as { id: number; availability: string }[]).map(({ id, availability }) => [
      id,
      availability,
    ]),
  );

describe("the panel's door", () => {
  it("says what the member has and what each reward waits for", async () => {
    const { customerId } = await shop.member(120);
    const answer = await call("panel", customerId);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ outcome: "found", balance: { available: 120 }, joined: false, referral: null });
    expect(availabilities(answer)).toEqual({
      [amountOff]: "available",
      [pointsOff]: "available",
      [goldOnly]: "tier_too_low",
      [gone]: "out_of_stock",
    });
    const ways = answer.body["ways"] as { wayId: string; state: string }[];
    expect(ways.map(({ wayId, state }) => [wayId, state])).toEqual([
      ["join", "open"],
      ["birthday", "open"],
    ]);
  });

  it("answers a customer nobody has met: everything to earn, nothing yet", async () => {
    const answer = await call("panel", "777001");
    expect(answer.body).toMatchObject({ outcome: "found", balance: { available: 0 }, redemptions: [] });
    expect(availabilities(answer)[amountOff]).toBe("insufficient_points");
  });

  it("E05 is kept by no cache", async () => {
    const { customerId } = await shop.member(1);
    expect((await call("panel", customerId)).headers.get("cache-control")).toBe("private, no-store");
  });
});

describe("redeeming", () => {
  it("gives a code for the points that were chosen, shows it as unused, and counts the limit", async () => {
    const { customerId, memberId } = await shop.member(1_000);
    const chosen = await call("redeem", customerId, wish(pointsOff, { points: 340 }));
    expect([chosen.status, chosen.outcome]).toEqual([200, "issued"]);
    const redemption = chosen.body["redemption"] as Own & { valueMinor: number };
    expect(redemption).toMatchObject({ points: 340, valueMinor: 340, status: "issued" });
    await call("redeem", customerId, wish(amountOff));
    const panel = await call("panel", customerId);
    expect(ownOf(panel).map(({ code, points }) => [typeof code, points])).toEqual([
      ["string", 100],
      ["string", 340],
    ]);
    expect(availabilities(panel)[amountOff]).toBe("limit_reached");
    expect(await shop.balance(memberId)).toMatchObject({ available: 560, reserved: 440 });
  });

  it("answers a repeated request with the same code, and 409 for a key used for something else", async () => {
    const { customerId, memberId } = await shop.member(1_000);
    const once = wish(pointsOff, { points: 100 });
    const first = await call("redeem", customerId, once);
    const again = await call("redeem", customerId, once);
    expect(again.body["redemption"]).toEqual(first.body["redemption"]);
    const other = await call("redeem", customerId, { ...once, points: 200 });
    expect([other.status, other.outcome]).toEqual([409, "key_reused"]);
    expect(await shop.balance(memberId)).toMatchObject({ available: 900 });
  });

  it("says why not, without a status of its own: it is an answer", async () => {
    const { customerId } = await shop.member(60);
    const tries: [object, string][] = [
      [wish(amountOff), "insufficient_points"],
      [wish(goldOnly), "tier_too_low"],
      [wish(pointsOff, { points: 49 }), "bad_points"],
      [wish(999_999), "unknown_reward"],
    ];
    for (const [body, outcome] of tries) {
      const answer = await call("redeem", customerId, body);
      expect([answer.status, answer.outcome]).toEqual([200, outcome]);
    }
  });

  it("D08 leaves other members' and other shops' redemptions alone", async () => {
    const owner = await shop.member(500);
    const stranger = await shop.member(500);
    const bought = await call("redeem", owner.customerId, wish(pointsOff, { points: 100 }));
    const { id } = bought.body["redemption"] as Own;
    expect((await call("redeem-cancel", stranger.customerId, { redemptionId: id })).outcome).toBe("unknown_redemption");
    const elsewhere = await call("redeem-cancel", owner.customerId, { redemptionId: id }, { shop: OTHER });
    expect(elsewhere.outcome).toBe("unknown_redemption");
    expect(ownOf(await call("panel", stranger.customerId))).toEqual([]);
    expect(ownOf(await call("panel", owner.customerId, undefined, { shop: OTHER }))).toEqual([]);
    expect((await shop.read(id)).status).toBe("issued");
    expect((await call("redeem", owner.customerId, wish(pointsOff, { points: 100 }), { shop: OTHER })).outcome).toBe(
      "unknown_member",
    );
  });

  it("lets a shopper change their mind", async () => {
    const { customerId } = await shop.member(500);
    const bought = await call("redeem", customerId, wish(pointsOff, { points: 100 }));
    const { id } = bought.body["redemption"] as Own;
    expect((await call("redeem-cancel", customerId, { redemptionId: id })).outcome).toBe("returning");
    const [own] = ownOf(await call("panel", customerId));
    expect(own).toMatchObject({ id, status: "returning", cancellable: false, code: null });
  });
});

describe("acts at the door", () => {
  const doors = ["join", "birthday", "social", "redeem", "redeem-cancel", "invite", "referral", "claim"];

  it("E01 refuses what Shopify did not sign, before anything is read", async () => {
    const headers = { "content-type": "application/json", "x-kizuna": "1" };
    for (const door of [...doors, "panel"]) {
      const forged = signed("9000").replace("logged_in_customer_id=9000", "logged_in_customer_id=9001");
      const init = door === "panel" ? {} : { method: "POST", headers, body: "{}" };
      expect((await fetch(`${origin}/proxy/${door}?${forged}`, init)).status).toBe(400);
    }
  });

  it("E02 acts for the signed customer only, whoever the body names", async () => {
    const rich = await shop.member(5_000);
    const poor = await shop.member(0);
    const named = { ...wish(pointsOff, { points: 100 }), customerGid: rich.customerGid, memberId: rich.memberId };
    expect((await call("redeem", poor.customerId, named)).outcome).toBe("insufficient_points");
    for (const door of doors.filter((each) => each !== "referral")) expect((await call(door, "", {})).status).toBe(401);
    expect(await shop.balance(rich.memberId)).toMatchObject({ available: 5_000 });
  });

  it("E03 acts on no reading, and on nothing that a foreign page could send", async () => {
    const { customerId } = await shop.member(0);
    for (const door of doors) {
      const url = `${origin}/proxy/${door}?${signed(customerId)}`;
      expect((await fetch(url)).status).toBe(405);
      const foreign: HeadersInit[] = [
        { "content-type": "text/plain", "x-kizuna": "1" },
        { "content-type": "application/json" },
      ];
      for (const headers of foreign)
        expect((await fetch(url, { method: "POST", headers, body: "{}" })).status).toBe(403);
    }
    const posted = await fetch(`${origin}/proxy/panel?${signed(customerId)}`, { method: "POST", body: "{}" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("E04 answers JSON only, whatever it was sent", async () => {
    const { customerId } = await shop.member(0);
    const answer = await call("birthday", customerId, { birthday: "{{x}}" });
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(JSON.stringify(answer.body)).not.toContain("{{");
  });

  it("refuses bodies that are none, do not fit, or are too large", async () => {
    const { customerId } = await shop.member(0);
    const bodies = [
      "",
      "{",
      "null",
      "[]",
      '"x"',
      { rewardId: "1", requestKey: "12345678" },
      { rewardId: 1 },
      { rewardId: -1 },
    ];
    for (const body of bodies) {
      const answer = await call("redeem", customerId, body);
      expect([body, answer.status, answer.outcome]).toEqual([body, 400, "bad_body"]);
    }
    const other = await shop.member(0);
    expect(await rawStatus(`/proxy/redeem?${signed(other.customerId)}`, `{"x":"${"x".repeat(9_000)}"}`)).toBe(413);
  });

  it("F08 slows down one shopper, and visitors together whatever address they claim", async () => {
    const hasty = await shop.member(0);
    const calm = await shop.member(0);
    const burst = await Promise.all(
      Array.from({ length: 20 }, () => call("redeem", hasty.customerId, wish(amountOff))),
    );
    const statuses = burst.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(10);
    expect(statuses).toContain(429);
    expect(burst.find(({ status }) => status === 429)?.headers.get("retry-after")).toBe("5");
    expect((await call("redeem", calm.customerId, wish(amountOff))).status).toBe(200);
    // Another address each time: one of the limits is passed, the other is not.
    const forged = await Promise.all(
      Array.from({ length: 80 }, (_, index) =>
        fetch(`${origin}/proxy/referral?${signed("")}`, {
          method: "POST",
          headers: { "content-type": "application/json", "x-kizuna": "1", "x-forwarded-for": `10.0.0.${index}` },
          body: JSON.stringify({ code: "NOBODY", email: `friend${index}@example.com` }),
        }),
      ),
    );
    expect(forged.filter(({ status }) => status === 429).length).toBeGreaterThan(5);
  });
});

/** A body that the server may stop reading: fetch would report a broken pipe. */
function rawStatus(path: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const headers = { "content-type": "application/json", "x-kizuna": "1", "content-length": Buffer.byteLength(body) };
    request({ hostname, port, path, method: "POST", headers }, (res) => resolve(res.resume().statusCode ?? 0))
      .on("error", reject)
      .end(body);
  });
}
