// The panel and the launcher as shoppers get them before any script: rendered by Liquid from metafields alone.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { WayToEarn } from "../../app/loyalty/program-parts";
import type { CustomerLoyaltyValue } from "../../app/shopify/metafields";
import { SAMPLE_REWARDS, sampleCampaign, sampleReward, sampleRules } from "./sample-program";
import { openStorefront, type StorefrontPages } from "./storefront-pages";

let front: StorefrontPages;
beforeAll(async () => {
  front = await openStorefront({ "page.points": ["points-panel"], embeds: ["launcher"] });
});
afterAll(() => front.pages.stop());
beforeEach(() => front.clear());

const DAY_MS = 86_400_000;
const MEMBER: Partial<CustomerLoyaltyValue> = {
  balance: 1_240,
  pending: 137,
  nextExpiry: { points: 240, on: "2027-03-01" },
  joined: true,
  tier: { id: "regular", until: null },
  progress: { metric: "spend", current: 18_000, nextTierId: "silver", nextThreshold: 30_000, periodEnd: "2026-12-31" },
  done: ["join", "newsletter"],
  referral: "HINA7K",
};

function publish(over: Parameters<typeof sampleRules>[0] = {}): void {
  front.publish(sampleRules(over), SAMPLE_REWARDS);
}

/** The panel's part of the page; null when there is none. */
async function panel(prefix: string, as: "guest" | "shopper"): Promise<string | null> {
  const html = await front.read(`${prefix}/pages/points`, as);
  return /<kizuna-panel[\s\S]*<\/kizuna-panel>/.exec(html)?.[0] ?? null;
}
/** What is read: no markup, no templates, no hidden elements of one line. */
const textOf = (html: string | null) =>
  (html ?? "")
    .replace(/<(template|dialog|select|kizuna-friend)\b[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]+>/g, "\n")
    .replace(/\s*\n\s*/g, "\n")
    .trim();

describe.each([
  {
    prefix: "",
    words: {
      balance: "1,240ポイント",
      worth: "¥1,240相当",
      next: "あと160ポイントで「送料無料」と交換できます",
      expiry: "240ポイントの有効期限は2027年3月1日です",
      debt: "返品により80ポイント不足しています。",
      tier: "あと¥12,000のお買い物でシルバー",
      period: "（2026年12月31日まで）",
      ladder: ["シルバー", "お買い物¥30,000以上", "お買い物のポイント1.5倍", "到達時に300ポイント"],
      rate: "¥100ごとに1ポイント",
      join: "参加して100ポイントをもらう",
      guest: "ログイン・新規登録",
      lead: "今ご参加いただくと100ポイントをプレゼントします。",
      done: "獲得済み",
      gold: "対象ランクの会員限定です",
      campaign: ["秋のポイント祭", "ポイント2倍"],
      launcher: "ポイント・特典",
      next_campaign: "から",
    },
  },
  {
    prefix: "/en",
    words: {
      balance: "1,240 points",
      worth: "worth ¥1,240",
      next: "160 more points for Free shipping",
      expiry: "240 points expire on March 1, 2027",
      debt: "80 points are still owed after a return",
      tier: "¥12,000 more to reach Silver",
      period: "by December 31, 2026",
      ladder: ["Silver", "from ¥30,000 spent", "×1.5 points on orders", "300 points when you get there"],
      rate: "1 point per ¥100",
      join: "Join and get 100 points",
      guest: "Sign in or join",
      lead: "Join and start with 100 points.",
      done: "Done",
      gold: "For members of certain tiers",
      campaign: ["Autumn days", "×2 points"],
      launcher: "Points and rewards",
      next_campaign: "from ",
    },
  },
])("the panel at “$prefix/”", ({ prefix, words }) => {
  it("answers a member at first sight: balance, worth, next reward, expiry, tier, ways, rewards", async () => {
    publish();
    front.own(MEMBER);
    const html = await panel(prefix, "shopper");
    const text = textOf(html);
    const said = [words.balance, words.worth, words.next, words.expiry, words.tier, words.period, words.rate];
    for (const line of [...said, ...words.ladder, words.done, words.gold]) expect(text).toContain(line);
    expect(text).not.toContain(words.join);
    // What is affordable has a button, what is not says how far it is.
    const choosable = [...(html ?? "").matchAll(/data-choose="(\d+)"/g)].map(([, id]) => id);
    expect(choosable).toEqual(["1", "2"]);
    expect(html).toContain('aria-valuenow="60"');
    expect(html).toContain("?ref=HINA7K");
  });

  it("offers a signed-in shopper to join where they stand", async () => {
    publish();
    expect(textOf(await panel(prefix, "shopper"))).toContain(words.join);
    front.own({ ...MEMBER, joined: false, done: [] });
    expect(textOf(await panel(prefix, "shopper"))).toContain(words.join);
  });

  it("welcomes by a visit only where the program says so, and only who is signed in and no member yet", async () => {
    const greets = async (as: "guest" | "shopper") => (await panel(prefix, as))?.includes("data-visit=");
    const [join, ...others] = sampleRules().ways;
    publish();
    expect(await greets("shopper")).toBe(false);
    publish({ ways: [{ ...join, by: "visit" } as WayToEarn, ...others] });
    expect(await greets("guest")).toBe(false);
    expect(await greets("shopper")).toBe(true);
    front.own({ ...MEMBER, joined: true });
    expect(await greets("shopper")).toBe(false);
  });

  it("shows a guest what they would earn, and the way in and back", async () => {
    publish();
    const html = await panel(prefix, "guest");
    const text = textOf(html);
    for (const line of [words.lead, words.guest, words.rate, ...words.ladder]) expect(text).toContain(line);
    expect(html).toContain(`return_url=${encodeURIComponent(`${prefix}/pages/points`)}`);
    expect(html).not.toContain(`data-choose="`);
    expect(html).not.toContain("kizuna-codes");
  });

  it("says what is owed", async () => {
    publish();
    front.own({ ...MEMBER, balance: 0, debt: 80 });
    expect(textOf(await panel(prefix, "shopper"))).toContain(words.debt);
  });

  it("tells of running and coming campaigns to those they are for", async () => {
    const now = front.pages.sim.now();
    const at = (days: number) => new Date(now.getTime() + days * DAY_MS).toISOString();
    publish({ campaigns: [sampleCampaign(now)] });
    for (const line of words.campaign) expect(textOf(await panel(prefix, "guest"))).toContain(line);
    const gold = { tierIds: ["gold"], tags: [], channels: [], orders: "any" as const };
    publish({ campaigns: [sampleCampaign(now, { audience: gold })] });
    expect(textOf(await panel(prefix, "guest"))).not.toContain(words.campaign[0]);
    publish({ campaigns: [sampleCampaign(now, { from: at(2) })] });
    expect(textOf(await panel(prefix, "guest"))).toContain(words.next_campaign);
  });

  it("is not there without a program, while it is paused, or in somebody else's preview", async () => {
    expect(await panel(prefix, "shopper")).toBeNull();
    publish({ status: "paused" });
    expect(await panel(prefix, "shopper")).toBeNull();
    publish({ previewCustomerIds: ["1"] });
    expect(await panel(prefix, "shopper")).toBeNull();
    publish({ previewCustomerIds: [front.shopperId()] });
    expect(await panel(prefix, "shopper")).not.toBeNull();
    expect(await panel(prefix, "guest")).toBeNull();
    expect(await front.read(`${prefix}/`, "guest")).not.toContain("<kizuna-launcher");
  });

  it("hangs a launcher on other pages, never on the cart or the panel's own page", async () => {
    publish();
    front.own(MEMBER);
    const home = await front.read(`${prefix}/`, "guest");
    expect(home).toContain("<kizuna-launcher");
    expect(textOf(/<kizuna-launcher[\s\S]*<\/kizuna-launcher>/.exec(home)?.[0] ?? null)).toContain(words.launcher);
    expect(await front.read(`${prefix}/`, "shopper")).toContain(words.balance);
    for (const path of ["/cart", "/pages/points"])
      expect(await front.read(prefix + path, "guest")).not.toContain("<kizuna-launcher");
  });

  it("has every text translated and every id once", async () => {
    publish({ campaigns: [sampleCampaign(front.pages.sim.now())] });
    front.own(MEMBER);
    const html = await front.read(`${prefix}/pages/points`, "shopper");
    expect(html).not.toContain("Translation missing");
    expect(html).not.toContain("Liquid error");
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = [...html.matchAll(/(?:aria-labelledby|aria-controls|aria-describedby)="([^"]+)"/g)].map(
      ([, id]) => id,
    );
    expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe("what a merchant typed", () => {
  it("E06 is text on the page, whatever it looks like", async () => {
    const evil = { en: `"><img src=x onerror=alert(1)>`, ja: `"><img src=x onerror=alert(1)>` };
    const [plan] = sampleRules().tierPlans;
    const rules = sampleRules({
      tierPlans: plan ? [{ ...plan, tiers: plan.tiers.map((tier) => ({ ...tier, name: evil, perks: [evil] })) }] : [],
      campaigns: [sampleCampaign(front.pages.sim.now(), { name: evil })],
    });
    const rewards = SAMPLE_REWARDS.map((reward) => ({ ...reward, texts: { title: evil, description: evil } }));
    front.publish(rules, rewards);
    front.own(MEMBER);
    for (const path of ["/pages/points", "/en/pages/points", "/"]) {
      const html = await front.read(path, "shopper");
      expect(html).toContain("&lt;img src=x");
      expect(html).not.toContain("<img src=x");
    }
  });
});

describe("a donation", () => {
  it("shows in public what was given so far", async () => {
    const organisation = { en: "Forest Fund", ja: "森の基金" };
    const limits = { perMemberLimit: null, tierIds: [], from: null, until: null };
    const terms = { kind: "donation", ...limits, valueMinor: 300, organisation, totalBeforeMinor: 0 } as const;
    const donation = sampleReward(7, 300, { en: "Plant a tree", ja: "木を植える" }, terms);
    front.publish(sampleRules(), [donation], new Map([[7, 12_300]]));
    expect(await panel("/en", "guest")).toContain("¥12,300 given to Forest Fund so far");
    expect(await panel("", "guest")).toContain("これまでに森の基金へ¥12,300を寄付しました");
  });
});

describe("other currencies", () => {
  it("names the shop's own while the visitor shops in another: nothing is converted by guess", async () => {
    publish();
    front.own(MEMBER);
    const { sim, tokyo } = front.pages;
    const origin = sim.addresses.storefronts[tokyo.domain] ?? "";
    const chosen = await fetch(`${origin}/localization`, {
      method: "POST",
      body: new URLSearchParams({ currency_code: "USD", return_to: "/" }),
      redirect: "manual",
    });
    const cookie = chosen.headers.getSetCookie().map((line) => line.split(";")[0]);
    const html = await (await fetch(`${origin}/en/pages/points`, { headers: { cookie: cookie.join("; ") } })).text();
    expect(html).toContain("1 point per 100 JPY");
  });
});
