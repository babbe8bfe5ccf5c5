import { beforeAll, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { loader as preview } from "../../../app/routes/app.mail-preview";
import { action, loader } from "../../../app/routes/app.settings.messages";
import { loader as dryRun } from "../../../app/routes/app.program.expiry";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { useTestMailbox } from "../journeys/test-mailbox";
import { adminPost, adminRequest, sessionToken, storeOfflineSession } from "./admin-requests";

useTestDatabase();
const mailbox = useTestMailbox();

const SHOP = "messages-test.myshopify.com";
let token: string;
let shopId: ShopId;

beforeAll(async () => {
  shopId = await createTestShop(SHOP);
  await storeOfflineSession(SHOP);
  token = await sessionToken(SHOP);
  await inShop(shopId, (tx) =>
    tx.query("UPDATE shop_profile SET email = 'shop@example.jp' WHERE shop_id = $1", [shopId]),
  );
});

const path = "/app/settings/messages";
const open = () => loader({ request: adminRequest(path, token), params: {}, context: {} });
const send = (body: unknown) => action({ request: adminPost(path, token, body), params: {}, context: {} });

describe("the messages page", () => {
  it("begins with everything on and keeps what is saved", async () => {
    expect(await open()).toMatchObject({
      hasChannel: true,
      messages: [],
      settings: { senderName: null, replyTo: null, linkPath: "/", oneADay: true, kinds: { points_expiring: true } },
    });
    const { settings } = await open();
    const changed = {
      ...settings,
      senderName: "生成り",
      linkPath: "/pages/points",
      kinds: { ...settings.kinds, tier_changed: false },
    };
    expect(await send({ intent: "save", settings: changed })).toEqual({ intent: "save", outcome: "saved" });
    expect((await open()).settings).toEqual(changed);
  });

  it("refuses what is no setting, and names the field", async () => {
    const { settings } = await open();
    for (const [field, value] of [
      ["replyTo", "nobody"],
      ["senderName", "A\nBcc: x@y.z"],
      ["senderName", "<script>"],
      ["linkPath", "//elsewhere.example"],
      ["linkPath", "https://elsewhere.example/"],
      ["linkPath", "/\\elsewhere.example"],
    ] as const)
      expect(await send({ intent: "save", settings: { ...settings, [field]: value } })).toEqual({
        intent: "save",
        outcome: "invalid",
        fields: [field],
      });
    for (const body of [null, {}, { intent: "test", kind: "x", locale: "en" }])
      expect(await send(body)).toEqual({ intent: "none", outcome: "malformed" });
  });

  it("shows each message as it would be sent, with what is typed, and nothing for an unknown one", async () => {
    const ask = (query: Record<string, string>) =>
      preview({
        request: adminRequest(`/app/mail-preview?${new URLSearchParams(query).toString()}`, token),
        params: {},
        context: {},
      });
    const { mail } = await ask({
      kind: "review_request",
      locale: "ja",
      sender: "<b>生成り</b>",
      link: "/pages/points",
    });
    expect(mail?.subject).toContain("いかがでしたか");
    expect(mail?.html).toContain("&lt;b&gt;生成り");
    expect(mail?.text).toContain("<b>生成り</b>");
    const points = await ask({ kind: "points_expiring", locale: "en", sender: "", link: "/pages/points" });
    expect(points.mail?.html).toContain("points to use by");
    expect(await ask({ kind: "x", locale: "en" })).toEqual({ mail: null });
  });

  it("sends a test to the shop's own address and nowhere else", async () => {
    expect(await send({ intent: "test", kind: "points_expiring", locale: "ja" })).toEqual({
      intent: "test",
      outcome: "sent",
    });
    expect(mailbox.received.map(({ to }) => to)).toEqual([["shop@example.jp"]]);
    expect(mailbox.received[0]?.headers.has("list-unsubscribe")).toBe(false);
  });

  it("lists the newest messages with the reason of those not sent", async () => {
    const { memberId } = await createTestMember(shopId, { name: "山田 花子" });
    await inShop(shopId, (tx) =>
      tx.query(
        `INSERT INTO message (shop_id, member_id, kind, key, locale, status, why, due_at)
         VALUES ($1, $2, 'tier_changed', 'k', 'ja', 'skipped', 'no_consent', '2026-06-01T00:00:00Z')`,
        [shopId, memberId],
      ),
    );
    expect((await open()).messages).toMatchObject([
      { memberId, memberName: "山田 花子", kind: "tier_changed", status: "skipped", why: "no_consent" },
    ]);
  });
});

describe("the dry run beside the earning form", () => {
  const ask = (policy: string) =>
    dryRun({
      request: adminRequest(`/app/program/expiry?policy=${encodeURIComponent(policy)}`, token),
      params: {},
      context: {},
    });

  it("answers what ends soon, and a policy and nothing else", async () => {
    const request = adminRequest("/app/program/expiry", token);
    expect(await dryRun({ request, params: {}, context: {} })).toMatchObject({ forecast: { points: 0, members: 0 } });
    expect(await ask('{"kind":"after_days","days":30}')).toMatchObject({
      dryRun: { keptPoints: 0, lastYearPoints: 0 },
    });
    for (const bad of ["", "{", '{"kind":"after_days","days":-1}', '{"kind":"x"}'])
      expect(await ask(bad)).toEqual({ dryRun: null, forecast: null });
  });
});
