// The conveyor: what is due is found by the sweep, and each job hands on to the next.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool, type ShopId } from "../../../app/db.server";
import { consentEvents } from "../../../app/ingest/apply/customers.server";
import type { JobName } from "../../../app/jobs/catalog";
import { runJob } from "../../../app/jobs/run-job.server";
import { isSuppressed, unsubscribe } from "../../../app/journeys/suppress.server";
import { announceEvent } from "../../../app/loyalty/announce-event.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import type { TierPlan } from "../../../app/loyalty/program-parts";
import { saveProgram } from "../../../app/loyalty/program.server";
import { createTestMember, type TestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { useTestMailbox } from "./test-mailbox";

useTestDatabase();
const mailbox = useTestMailbox();
const signal = new AbortController().signal;
const EMAIL = "hanako@example.jp";

let shopId: ShopId;
let member: TestMember;
beforeEach(async () => {
  shopId = await createTestShop();
  member = await createTestMember(shopId, { email: EMAIL, emailConsent: "subscribed" });
});

const run = (name: JobName) => runJob(name, { shopId }, signal);
const due = async () => {
  const { rows } = await routerPool().query<{ work: string }>(
    "SELECT work FROM due_shops(now()) WHERE shop_id = $1 AND work IN ('announce', 'mail', 'remind') ORDER BY work",
    [shopId],
  );
  return rows.map(({ work }) => work);
};

describe("from an event to a mail", () => {
  it("the sweep finds each step, and the shop is asked for reminders once a day", async () => {
    expect(await due()).toEqual(["remind"]);
    expect(await run("remind-expiry")).toEqual({ outcome: "ran" });
    expect(await due()).toEqual([]);
    await inShop(shopId, (tx) =>
      announceEvent(
        tx,
        {
          memberId: member.memberId,
          kind: "reward_issued",
          key: "reward_issued/1",
          params: { title: "A", code: "KZ" },
        },
        new Date(),
      ),
    );
    expect(await due()).toEqual(["announce"]);
    await run("announce-events");
    expect(await due()).toEqual(["mail"]);
    await run("send-messages");
    expect(await due()).toEqual([]);
    expect(mailbox.received).toHaveLength(1);
  });

  it("D02 nothing is due and nothing runs for a shop that has gone", async () => {
    await inShop(shopId, (tx) =>
      announceEvent(
        tx,
        { memberId: member.memberId, kind: "reward_issued", key: "r", params: { title: "A" } },
        new Date(),
      ),
    );
    await run("announce-events");
    await routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE id = $1", [shopId]);
    expect(await due()).toEqual([]);
    expect(await run("send-messages")).toEqual({ outcome: "skipped", why: "uninstalled" });
    expect(mailbox.received).toEqual([]);
  });

  it("C14 a tier that rises, falls and rises again within weeks is told once, by its name", async () => {
    const tier = { multiplierPercent: 100, entryPoints: null, perks: [], color: null };
    const plan: TierPlan = {
      effectiveAt: "2026-01-01T00:00:00Z",
      enabled: true,
      metric: "spend",
      window: { kind: "lifetime" },
      graceDays: 0,
      grandfather: true,
      tiers: [
        { ...tier, id: "silver", name: { en: "Silver", ja: "シルバー" }, threshold: 0 },
        { ...tier, id: "gold", name: { en: "Gold", ja: "ゴールド" }, threshold: 50_000 },
      ],
    };
    const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
    await saveProgram(shopId, { ...rules, tierPlans: [plan] }, "staff:1", new Date("2026-01-01T00:00:00Z"));
    const hold = (tierId: string) =>
      inShop(shopId, (tx) => tx.query("UPDATE member SET tier_id = $2 WHERE shop_id = $1", [shopId, tierId]));
    const changed = (from: string, to: string, key: string) =>
      inShop(shopId, (tx) =>
        announceEvent(
          tx,
          {
            memberId: member.memberId,
            kind: "tier_changed",
            key,
            params: { fromTierId: from, toTierId: to, until: null },
          },
          new Date(),
        ),
      );
    await hold("gold");
    await changed("silver", "gold", "1");
    await run("announce-events");
    await changed("gold", "silver", "2");
    await changed("silver", "gold", "3");
    await run("announce-events");
    const rows = await queryShop<{ status: string; why: string | null; params: unknown }>(
      shopId,
      "SELECT status, why, params FROM message ORDER BY id",
    );
    expect(rows).toMatchObject([
      { status: "queued", params: { tier: { en: "Gold", ja: "ゴールド" }, isUp: true } },
      { status: "skipped", why: "out_of_date" },
      { status: "skipped", why: "told_already" },
    ]);
  });
});

describe("coming back after having stopped the messages", () => {
  const consent = (at: string) =>
    inShop(shopId, async (tx) =>
      consentEvents.apply(
        tx,
        {
          payload: {
            customer_id: Number(member.customerGid.split("/").at(-1)),
            email_marketing_consent: { state: "subscribed", consent_updated_at: at },
          },
        } as never,
        { now: new Date("2026-06-20T00:00:00Z") } as never,
      ),
    );
  const suppressed = () => inShop(shopId, (tx) => isSuppressed(tx, EMAIL));

  it("F10 takes a newer agreement in the shop; an older one that arrives late changes nothing", async () => {
    member = await createTestMember(shopId, {
      customerId: "gid://shopify/Customer/4711",
      email: EMAIL,
      emailConsent: "subscribed",
    });
    await unsubscribe(shopId, { memberId: member.memberId }, new Date("2026-06-10T00:00:00Z"));
    await consent("2026-06-09T23:59:59Z");
    expect(await suppressed()).toBe(true);
    await consent("2026-06-15T00:00:00Z");
    expect(await suppressed()).toBe(false);
  });
});
