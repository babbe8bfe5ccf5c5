// What a merchant does day by day: members, adjustments, past orders, deliveries; in both languages.
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { launchBrowser } from "../setup/chromium";
import { AdminPage, ensureStarted, WORDS } from "./pages/admin";
import { Control, eventually, shopIn, type ControlOrder } from "./pages/control";
import { asOwner } from "./pages/fresh-shop";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const SIXTY_DAYS_MS = 60 * 86_400_000;
const whole = (text: string): number => Number(text.replace(/[^0-9-]/g, ""));
/** The numbers of one column of a table, from the top. */
const column = async (rows: Locator, at: number): Promise<number[]> =>
  (
    await rows.evaluateAll((all, index) => all.map((row) => row.querySelectorAll("td")[index]?.textContent ?? ""), at)
  ).map(whole);

describe("New York, in English", () => {
  const { home, members } = WORDS.en;
  const shop = shopIn("USD");
  const control = new Control(shop);
  let admin: AdminPage;

  beforeAll(async () => {
    await ensureStarted(browser, shop);
    admin = await AdminPage.open(browser, shop, "en");
  });
  afterAll(async () => {
    expect(admin.problems).toEqual([]);
    await admin.close();
  });

  const rows = () => admin.app.locator("tbody tr");
  const names = () => rows().locator("a[data-primary-link]").allInnerTexts();
  const settledRows = (before: string[]) =>
    eventually(async () => (await names()).join() !== before.join() && (await rows().count()) > 1, true);

  /** Orders that are read one by one follow the import for a moment: the list is looked at when nothing waits. */
  const quiet = async () => {
    expect(await eventually(() => waitingWork(), 0, 240_000)).toBe(0);
    await admin.page.reload();
    await admin.sees(members.title);
    await rows().nth(49).waitFor();
  };

  it("turns the past orders into points, with progress to the end", async () => {
    await control.settled();
    await admin.visit("");
    await admin.sees(home.title);
    const from = Date.now() - SIXTY_DAYS_MS;
    await admin.app.getByRole("button", { name: home.backfill.start }).click();
    await admin.app.getByRole("progressbar").first().waitFor();
    const done = admin.app.getByText(home.backfill.done.replace("{{seen}} ", ""));
    await done.waitFor({ timeout: 200_000 });

    const to = Date.now() - SIXTY_DAYS_MS;
    const orders = await control.orders();
    const since = (instant: number) => orders.filter(({ createdAt }) => Date.parse(createdAt) > instant);
    const recent = since(to);
    expect(recent.length).toBeGreaterThan(100);
    // One that turned sixty days old meanwhile may count or not.
    const seen = whole((await done.innerText()).split(" orders")[0] ?? "");
    expect(seen).toBeGreaterThanOrEqual(recent.length);
    expect(seen).toBeLessThanOrEqual(since(from).length);
    await admin.app.getByRole("button", { name: home.backfill.again }).waitFor();

    const { email, points } = ordinaryMember(recent);
    await admin.menu(WORDS.en.nav.members);
    await admin.sees(members.title);
    await admin.app.getByRole("searchbox").fill(email);
    const row = rows().filter({ hasText: email });
    await row.waitFor();
    expect(await column(row, 2)).toEqual([points]);
  });

  it("sorts the members, and pages forth and back", async () => {
    await admin.visit("/app/members");
    await admin.sees(members.title);
    await rows().nth(49).waitFor();
    const byOrder = await names();
    await admin.app.getByLabel(members.sort.label).selectOption({ label: members.sort.balance });
    await settledRows(byOrder);
    await quiet();
    const first = await names();
    const points = await column(rows(), 2);
    expect(points).toEqual([...points].sort((a, b) => b - a));

    await admin.app.getByRole("button", { name: "Next" }).click();
    await settledRows(first);
    const second = await names();
    expect((await column(rows(), 2))[0]).toBeLessThanOrEqual(points.at(-1) ?? 0);
    await admin.app.getByRole("button", { name: "Previous" }).click();
    await settledRows(second);
    expect(await names()).toEqual(first);
  });

  it("adjusts the points of several members at once", async () => {
    const before = await column(rows(), 2);
    for (const at of [0, 1, 2]) await rows().nth(at).getByRole("checkbox").check({ force: true });
    await admin.app.getByRole("button", { name: members.adjust }).first().click();
    const dialog = admin.app.getByRole("dialog");
    await dialog.getByText(members.adjust_about_other.replace("{{count, number}}", "3")).waitFor();
    await dialog.getByLabel(WORDS.en.adjust.points).fill("1000");
    await dialog.getByRole("button", { name: WORDS.en.adjust.submit }).click();
    await admin.toast(members.adjusted_other.replace("{{count, number}}", "3"));
    const after = before.slice(0, 3).map((points) => points + 1_000);
    expect(await eventually(async () => (await column(rows(), 2)).slice(0, 3).join(), after.join())).toBe(after.join());
  });
});

/** A customer whose recent orders are as plain as can be, and what they must have earned at 1 point per dollar. */
function ordinaryMember(orders: ControlOrder[]): { email: string; points: number } {
  const isPlain = (order: ControlOrder) =>
    order.customerId !== null &&
    order.email !== null &&
    order.sourceName === "web" &&
    order.totals.financialStatus === "paid" &&
    order.riskLevel === "LOW" &&
    !order.isB2b &&
    !order.test &&
    order.cancelledAt === null &&
    order.refunds.length === 0 &&
    order.disputes.length === 0 &&
    order.lines.every((line) => !line.isGiftCard && line.removedByEdit === 0);
  for (const { customerId, email } of orders.filter(isPlain)) {
    const theirs = orders.filter((order) => order.customerId === customerId);
    if (email === null || theirs.length < 2 || !theirs.every(isPlain)) continue;
    const points = theirs.map((order) => Math.floor(order.totals.subtotalMinor / 100));
    return { email, points: points.reduce((sum, each) => sum + each, 0) };
  }
  throw new Error("nobody in this shop has two plain orders in sixty days");
}

describe("Tokyo, in Japanese", () => {
  const { members, adjust, deliveries } = WORDS.ja;
  const shop = shopIn("JPY");
  const control = new Control(shop);
  const stamp = Date.now();
  let admin: AdminPage;

  beforeAll(async () => {
    await ensureStarted(browser, shop);
    const found = await control.createCustomer({
      email: `hiiragi.${stamp}@example.jp`,
      lastName: "柊木",
      firstName: "澪",
    });
    const other = await control.createCustomer({
      email: `kashiwa.${stamp}@example.jp`,
      lastName: "柏木",
      firstName: "澪",
    });
    for (const { id } of [found, other]) {
      await control.createOrder({ customerId: id, lines: [{ handle: "yuzu-rice-bran-soap", quantity: 3 }] });
    }
    await control.settled();
    admin = await AdminPage.open(browser, shop, "ja");
  });
  afterAll(async () => {
    expect(admin.problems).toEqual([]);
    await admin.close();
  });

  it("finds a member by two characters of a name", async () => {
    await admin.visit("/app/members");
    await admin.sees(members.title);
    const rows = admin.app.locator("tbody tr");
    await eventually(async () => rows.filter({ hasText: `kashiwa.${stamp}` }).count(), 1);
    await admin.app.getByRole("searchbox").fill("柊木");
    const found = rows.filter({ hasText: `hiiragi.${stamp}` });
    expect(
      await eventually(
        async () => (await found.count()) === 1 && !(await rows.allInnerTexts()).join().includes("柏木"),
        true,
      ),
    ).toBe(true);
    await found.getByRole("link").click();
    await admin.sees("柊木 澪");
  });

  it("adjusts a balance with a reason, and refuses what is no number", async () => {
    const balance = admin.app.locator(".kz-hero-points");
    const before = whole(await balance.innerText());
    await admin.app.getByRole("button", { name: members.adjust }).click();
    const dialog = admin.app.getByRole("dialog");
    const points = dialog.getByLabel(adjust.points, { exact: true });
    await points.fill("百");
    await dialog.getByRole("button", { name: adjust.submit }).click();
    await dialog.getByText(adjust.points_error).waitFor();
    await points.fill("１２０"); // as a Japanese keyboard types it
    await dialog.getByLabel(adjust.note).fill("お届けの遅れ");
    await dialog.getByRole("button", { name: adjust.submit }).click();
    await admin.toast(adjust.done);
    await dialog.waitFor({ state: "detached" });
    expect(await eventually(async () => whole(await balance.innerText()), before + 120)).toBe(before + 120);
    const newest = await admin.app.locator(".kz-timeline > li").first().innerText();
    expect(newest).toContain("お店からのお詫び・お礼");
    expect(newest).toContain("お届けの遅れ");
    expect(newest).toContain("+120");
  });

  it("takes no more than there is", async () => {
    await admin.app.getByRole("button", { name: members.adjust }).click();
    const dialog = admin.app.getByRole("dialog");
    await dialog.getByLabel(adjust.points, { exact: true }).fill("-9999999");
    await dialog.getByRole("button", { name: adjust.submit }).click();
    // So large a number is asked for twice.
    await dialog.getByText(adjust.confirm_error).waitFor();
    await dialog.getByLabel(adjust.confirm_take.replace("{{points}}", "9,999,999")).check();
    await dialog.getByRole("button", { name: adjust.submit }).click();
    await dialog.getByText(adjust.insufficient.split("{{points}}")[1] ?? "").waitFor();
    await dialog.getByRole("button", { name: WORDS.ja.common.cancel }).click();
    await dialog.waitFor({ state: "detached" });
  });

  it("replays one delivery, and all that failed, without counting twice", async () => {
    const balance = whole(await admin.app.locator(".kz-hero-points").innerText());
    const memberUrl = new URL(admin.page.url()).pathname.replace(new URL(shop.admin).pathname, "");
    await setAside(shop.domain, 2);
    await admin.visit("/app/settings/deliveries");
    await admin.sees(deliveries.title);
    const failed = admin.app.locator("tbody tr").filter({ hasText: deliveries.status.dead });
    expect(await failed.count()).toBe(2);
    await failed.first().getByRole("link").click();
    await admin.app.getByRole("button", { name: deliveries.replay, exact: true }).click();
    await admin.toast(deliveries.replayed_other.replace("{{count, number}}", "1"));

    await admin.visit("/app/settings/deliveries");
    await admin.sees(deliveries.title);
    await admin.app
      .getByRole("button", { name: deliveries.replay_all_other.replace("{{count, number}}", "1") })
      .click();
    await admin.toast(deliveries.replayed_other.replace("{{count, number}}", "1"));
    const remaining = async () => {
      await admin.visit("/app/settings/deliveries");
      await admin.sees(deliveries.title);
      return failed.count();
    };
    expect(await eventually(remaining, 0)).toBe(0);

    await admin.visit(memberUrl);
    await admin.sees("柊木 澪");
    expect(whole(await admin.app.locator(".kz-hero-points").innerText())).toBe(balance);
  });
});

/** How many deliveries, order reads, product reads and passes the app has still before it, over all shops. */
async function waitingWork(): Promise<number> {
  return asOwner(async (owner) => {
    const { rows } = await owner.query<{ waiting: string }>(
      `SELECT (SELECT count(*) FROM webhook_inbox WHERE status IN ('pending', 'parked'))
            + (SELECT count(*) FROM customer_order WHERE read_due_at IS NOT NULL)
            + (SELECT count(*) FROM product_wanted)
            + (SELECT count(*) FROM reconciliation_run WHERE status = 'running') AS waiting`,
    );
    return Number(rows[0]?.waiting);
  });
}

/** Puts the shop's newest applied order events among the failed ones, as a fault in applying them would. */
async function setAside(domain: string, count: number): Promise<void> {
  await asOwner((owner) =>
    owner.query(
      `UPDATE webhook_inbox SET status = 'dead', error = 'set aside by a test' WHERE id IN (
         SELECT id FROM webhook_inbox WHERE topic LIKE 'orders/%' AND status = 'done'
            AND shop_id = (SELECT id FROM shop WHERE domain = $1) ORDER BY id DESC LIMIT $2)`,
      [domain, count],
    ),
  );
}
