// Every page of the admin is opened once. Whichever shows something of a person's must leave a line that says who
// looked, at what kind of thing, and when; and no line may hold what was seen.
import { existsSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import path from "node:path";

import type { LoaderFunctionArgs } from "@remix-run/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inShop } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import { ACCESS_KINDS } from "../../../app/privacy/access-kinds";
import { exportCustomerData } from "../../../app/privacy/export-customer-data.server";
import { loader as privacyPage } from "../../../app/routes/app.settings.privacy";
import { loader as download } from "../../../app/routes/app.settings.privacy_.$requestId";
import { mediaStore } from "../../../app/storage/media-store.server";
import { useTestDatabase } from "../../setup/postgres";
import { adminRequest, sessionToken, storeOfflineSession } from "../routes/admin-requests";
import { listening } from "../storefront/beside-the-clock";
import { AT, furnishShop, type FurnishedShop } from "../tenancy/furnished-shop";

const database = useTestDatabase();
const ROUTES = path.join(import.meta.dirname, "../../../app/routes");
const PERSON = "Zzperson";
const NOW = new Date(AT.getTime() + 86_400_000);

type Loader = (args: LoaderFunctionArgs) => Promise<unknown>;
let shop: FurnishedShop;
let token: string;
let platform: Server;

beforeAll(async () => {
  platform = createServer(({ url }, res) => {
    if (url === "/control/clock") res.end(JSON.stringify({ now: NOW }));
    else res.writeHead(403).end("{}");
  });
  env().SHOPIFY_SIMULATOR_URL = await listening(platform);
  shop = await furnishShop(database.owner(), "looked-at.myshopify.com", "Furnished");
  // Something of a person's own stands only where a person's data stands.
  for (const sql of [
    "UPDATE member SET name = $2, email = $2 || '@mail.example'",
    "UPDATE customer_order SET email = $2 || '@mail.example'",
    "UPDATE review SET author_name = $2, author_email = $2 || '@mail.example'",
    "UPDATE adjustment_row SET email = $2 || '@mail.example', outcome = 'unknown_member'",
    "UPDATE member_note SET text = $2",
    "UPDATE data_export SET content = jsonb_build_object('members', $2::text)",
  ])
    await database.owner().query(`${sql} WHERE shop_id = $1`, [shop.shopId, PERSON]);
  await storeOfflineSession(shop.domain);
  token = await sessionToken(shop.domain);
});
afterAll(async () => {
  delete env().SHOPIFY_SIMULATOR_URL;
  await new Promise((resolve) => platform.close(resolve));
});

/** Route id → its file, as the flat-routes convention finds them. */
function discoverRoutes(): [string, string][] {
  const files = readdirSync(ROUTES).flatMap((name): [string, string][] => {
    if (/\.tsx?$/.test(name)) return [[name.replace(/\.tsx?$/, ""), path.join(ROUTES, name)]];
    const own = ["route.tsx", "route.ts"].map((file) => path.join(ROUTES, name, file)).find(existsSync);
    return own ? [[name, own]] : [];
  });
  return files.filter(([id]) => id.startsWith("app."));
}
async function textOf(answer: Promise<unknown>): Promise<string> {
  const value = await answer.catch((thrown: unknown) => thrown);
  if (value instanceof Response) return Buffer.from(await value.arrayBuffer()).toString("latin1");
  if (value instanceof Error) throw value;
  return JSON.stringify(value) ?? "";
}
interface Line {
  actor: string;
  kind: string;
  memberId: number | null;
  subject: string | null;
  people: number;
  at: Date;
}
async function takeLines(): Promise<Line[]> {
  const { rows } = await database.owner().query<Line>(
    `DELETE FROM customer_access WHERE shop_id = $1
     RETURNING actor, kind, member_id::int AS "memberId", subject, people, at`,
    [shop.shopId],
  );
  return rows;
}
const open = (loader: Loader, address: string, params: Record<string, string> = {}) =>
  textOf(loader({ request: adminRequest(address, token), params, context: {} }));

describe("D13 the access log", () => {
  it("D13 whatever shows something of a person's says who looked at what, and never what was seen", async () => {
    const ids: Record<string, number | string> = {
      memberId: shop.ids.member,
      reviewId: shop.ids.review,
      rewardId: shop.ids.reward,
      deliveryId: shop.ids.delivery,
      requestId: shop.ids.export,
      campaignId: shop.words.campaign,
    };
    const queries: Record<string, string> = {
      "app.members.import": `?batch=${shop.ids.batch}`,
      "app.members._index": "?q=furnished",
    };
    const showing: string[] = [];
    for (const [id, file] of discoverRoutes()) {
      const { loader } = (await import(file)) as { loader?: Loader };
      if (!loader) continue;
      const name = /\$(\w+)/.exec(id)?.[1];
      if (name !== undefined && ids[name] === undefined) throw new Error(`which ${name} should ${id} be asked for?`);
      const params = name === undefined ? {} : { [name]: String(ids[name]) };
      for (const query of new Set(["", queries[id] ?? ""])) {
        const text = await open(loader, `/app/x${query}`, params);
        const lines = await takeLines();
        expect(JSON.stringify(lines), id).not.toMatch(new RegExp(PERSON, "i"));
        for (const line of lines) {
          expect(ACCESS_KINDS, id).toContain(line.kind);
          expect(line, id).toMatchObject({ actor: "staff:42", at: NOW });
        }
        if (!new RegExp(PERSON, "i").test(text)) continue;
        showing.push(id);
        expect(lines.length, `${id}${query} shows a person and leaves no line`).toBeGreaterThan(0);
      }
    }
    // The crawl would prove nothing if it opened nothing.
    expect(new Set(showing).size).toBeGreaterThanOrEqual(9);
  });

  it("D13 a member's own page names the member, a search and an export say how many", async () => {
    const member = (await import("../../../app/routes/app.members.$memberId/route")).loader;
    await open(member, "/app/members/1", { memberId: String(shop.ids.member) });
    expect(await takeLines()).toMatchObject([{ kind: "member", memberId: shop.ids.member, people: 1 }]);
    const list = (await import("../../../app/routes/app.members._index/route")).loader;
    await open(list, "/app/members?q=nobody-like-this");
    expect(await takeLines()).toEqual([]);
    const file = (await import("../../../app/routes/app.members.export")).loader;
    await open(file, "/app/members/export?what=history");
    expect(await takeLines()).toMatchObject([{ kind: "history_export", memberId: null, people: 1 }]);
  });
});

describe("D06 the privacy page", () => {
  const look = async () =>
    privacyPage({ request: adminRequest("/app/settings/privacy", token), params: {}, context: {} });

  it("D06 lists a request with its date, hands out the whole file with its pictures, and says who took it", async () => {
    await database.owner().query("DELETE FROM data_export WHERE shop_id = $1", [shop.shopId]);
    const customerGid = `gid://shopify/Customer/${shop.numbers.customer}`;
    const picture = { name: "w640.webp", width: 640, path: import.meta.filename };
    await mediaStore().put(shop.shopId, shop.secrets.mediaFolder, [picture]);
    const ask = (gid: string, requestKey: string) =>
      inShop(shop.shopId, (tx) => exportCustomerData(tx, { customerGid: gid, email: null, requestKey }, NOW));
    expect(await ask(customerGid, "first")).toEqual({ outcome: "exported" });
    expect(await ask("gid://shopify/Customer/1", "second")).toEqual({ outcome: "unknown_customer" });
    const { requests } = await look();
    expect(requests.map(({ state, customer }) => [state, customer])).toEqual([
      ["nothing", null],
      ["ready", shop.numbers.customer],
    ]);
    const due = new Date(NOW.getTime() + 30 * 86_400_000);
    expect(requests[1]).toMatchObject({ requestedAt: NOW, dueAt: due, deliveredAt: null });
    const requestId = String(requests[1]?.requestId);
    const archive = await open(download, `/app/settings/privacy/${requestId}`, { requestId });
    expect(archive.startsWith("PK")).toBe(true);
    for (const word of ["data.json", `media/${shop.secrets.mediaFolder}/w640.webp`, "whatever shows something"])
      expect(archive).toContain(word);
    // Every kind of thing that is held about a person has its place in the file.
    const [, json = ""] = /data\.json(\{[\s\S]*?\n\})/.exec(archive) ?? [];
    const { members, reviews } = JSON.parse(json) as { members: Record<string, unknown>[]; reviews: unknown[] };
    expect(Object.keys(members[0] ?? {}).sort()).toEqual(
      ["consents", "entries", "imports", "lookedAt", "lots", "member", "messages", "notes", "orders", "redemptions"]
        .concat(["referrals", "reviewRequests", "tasks", "tierOverrides", "tiers", "ways"])
        .sort(),
    );
    for (const part of [
      "orders",
      "entries",
      "lots",
      "redemptions",
      "referrals",
      "messages",
      "reviewRequests",
      "notes",
      "ways",
    ])
      expect(members[0]?.[part], part).not.toEqual([]);
    expect(reviews).toHaveLength(1);
    expect(json).toContain(PERSON);
    expect(json).not.toMatch(/birthday_sealed|birthday_key|search_grams|author_key|voter_key|friend_key/);
    expect(await takeLines()).toMatchObject([
      { kind: "data_download", memberId: shop.ids.member, subject: `request/${requestId}` },
    ]);
    expect((await look()).requests[1]).toMatchObject({ state: "delivered", deliveredAt: NOW, deliveredBy: "staff:42" });
  });

  it("D06 D08 a file ends with its time, and is nobody else's", async () => {
    const { requests } = await look();
    const requestId = String(requests[1]?.requestId);
    await database.owner().query("UPDATE data_export SET expires_at = $2 WHERE id = $1", [requestId, NOW]);
    for (const params of [{ requestId }, { requestId: "999999" }, { requestId: "x" }]) {
      const answer = await download({
        request: adminRequest("/app/settings/privacy/1", token),
        params,
        context: {},
      }).catch((thrown: unknown) => thrown);
      expect((answer as Response).status).toBe(404);
    }
    expect(await takeLines()).toEqual([]);
  });
});
