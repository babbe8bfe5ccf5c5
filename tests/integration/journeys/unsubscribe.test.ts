// The door behind the foot of every mail, over real HTTP.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { readUnsubscribeToken, unsubscribeToken, unsubscribeUrl } from "../../../app/journeys/contact-keys.server";
import { loggablePath } from "../../../app/server/access-log.server";
import { handleUnsubscribe } from "../../../app/server/unsubscribe.server";
import { createTestMember, type TestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

const database = useTestDatabase();
let server: Server;
let origin: string;
let shopId: ShopId;
let member: TestMember;

beforeAll(async () => {
  server = createServer((req, res) => void handleUnsubscribe(req, res, (req.url ?? "").split("?")[0] ?? ""));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));
beforeEach(async () => {
  shopId = await createTestShop();
  member = await createTestMember(shopId, { email: "hanako@example.jp", emailConsent: "subscribed" });
});

const url = () => origin + new URL(unsubscribeUrl(shopId, { memberId: member.memberId })).pathname;
const ONE_CLICK = { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) };
const suppressed = async () => {
  const { rows } = await database
    .owner()
    .query<{ reason: string }>("SELECT reason FROM suppression WHERE shop_id = $1", [shopId]);
  return rows;
};

describe("F10 one-click unsubscribe", () => {
  it("F10 E09 a look changes nothing, however often and by whatever scanner", async () => {
    for (const method of ["GET", "HEAD", "GET"]) {
      const answer = await fetch(url(), { method });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("set-cookie")).toBeNull();
      expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    }
    const page = await (await fetch(url())).text();
    expect(page).toContain('<form method="post">');
    expect(page).toContain("東京サンプル");
    expect(await suppressed()).toEqual([]);
  });

  it("F10 a POST without cookies works at once, in form and multipart shape, and any number of times", async () => {
    const form = new FormData();
    form.set("List-Unsubscribe", "One-Click");
    for (const request of [ONE_CLICK, { method: "POST", body: form }, { method: "POST" }]) {
      const answer = await fetch(url(), request);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain("配信を停止しました");
    }
    expect(await suppressed()).toEqual([{ reason: "unsubscribed" }]);
  });

  it("F10 a token opens one member of one shop and nothing else", async () => {
    const token = unsubscribeToken(shopId, { memberId: member.memberId });
    expect(readUnsubscribeToken(token)).toEqual({ shopId, subject: { memberId: member.memberId } });
    const [form, shop, who, mac] = token.split(".");
    const forged = [
      `${form}.${shop}.${(member.memberId + 1).toString(36)}.${mac}`,
      `${form}.${(shopId + 1).toString(36)}.${who}.${mac}`,
      `${form}.${shop}.${who}.${mac?.slice(0, -1)}`,
      `${form}.${shop}.${who}.`,
      `2.${shop}.${who}.${mac}`,
      "",
      "%00",
      "x".repeat(5_000),
    ];
    for (const each of forged) {
      expect(readUnsubscribeToken(each)).toBeNull();
      expect((await fetch(`${origin}/unsubscribe/${each}`, ONE_CLICK)).status).toBe(404);
    }
    expect(await suppressed()).toEqual([]);
    expect((await fetch(url(), { method: "PUT" })).status).toBe(405);
  });

  it("F10 works for whoever is no member, by a review or a request, and a look changes nothing", async () => {
    const { rows } = await database.owner().query<{ id: string }>(
      `INSERT INTO review (shop_id, product_gid, group_key, source, status, rating, author_email, locale, submitted_at, updated_at)
       VALUES ($1, 'p', 'p', 'open', 'held', 3, 'stranger@example.org', 'en', now(), now()) RETURNING id`,
      [shopId],
    );
    const path = new URL(unsubscribeUrl(shopId, { reviewId: Number(rows[0]?.id) })).pathname;
    const look = await fetch(origin + path);
    expect([look.status, (await look.text()).includes('<form method="post">')]).toEqual([200, true]);
    expect(await suppressed()).toEqual([]);
    expect((await fetch(origin + path, ONE_CLICK)).status).toBe(200);
    expect(await suppressed()).toEqual([{ reason: "unsubscribed" }]);
    const gone = new URL(unsubscribeUrl(shopId, { requestId: 999_999 })).pathname;
    expect((await fetch(origin + gone, ONE_CLICK)).status).toBe(404);
  });

  it("F10 is answered kindly for somebody who was erased meanwhile", async () => {
    const token = unsubscribeToken(shopId, { memberId: member.memberId });
    expect(readUnsubscribeToken(token)).not.toBeNull();
    await inShop(shopId, (tx) =>
      tx.query("UPDATE member SET email = NULL, status = 'redacted' WHERE shop_id = $1", [shopId]),
    );
    expect((await fetch(`${origin}/unsubscribe/${token}`, ONE_CLICK)).status).toBe(200);
    expect(await suppressed()).toEqual([]);
  });

  it("F08 one token cannot keep us busy", async () => {
    const statuses: number[] = [];
    for (let each = 0; each < 40; each++) statuses.push((await fetch(url())).status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    expect(await suppressed()).toEqual([]);
  });

  it("D12 the token stays out of the access log", () => {
    expect(loggablePath(new URL(unsubscribeUrl(shopId, { memberId: member.memberId })).pathname)).toBe(
      "/unsubscribe/[cut]",
    );
  });
});
