// The program as a merchant starts it and a shopper lives it: from the wizard to a partial refund of an order
// that was paid with points. Every expected number is worked out here, from prices and the merchant's choices.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { launchBrowser } from "../setup/chromium";
import { AdminPage, PROGRAM_WORDS, STOREFRONT_WORDS, WORDS, type Language } from "./pages/admin";
import { Control, eventually, shopIn, type ControlOrder } from "./pages/control";
import { makeFresh } from "./pages/fresh-shop";
import { Shopper } from "./pages/shopper";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

interface Item {
  handle: string;
  variant?: string;
  minor: number;
  quantity: number;
}
interface Plan {
  language: Language;
  currency: "JPY" | "USD";
  person: { lastName: string; firstName: string; shown: string };
  template: "cosmetics" | "apparel";
  /** Points per 100 minor units; welcome and birthday points. */
  giveBack: number;
  welcome: number;
  birthday: number;
  rewardTitle: string;
  /** The first order, and the one that points help to pay. */
  first: Item[];
  second: Item[];
  /** Points used; one is worth one minor unit. */
  spent: number;
  /** The line of the second order of which one unit is refunded. */
  refunded: number;
}

const PLANS: Plan[] = [
  {
    language: "ja",
    currency: "JPY",
    person: { lastName: "朝比奈", firstName: "凛", shown: "朝比奈 凛" },
    template: "cosmetics",
    giveBack: 5,
    welcome: 300,
    birthday: 500,
    rewardTitle: "お買い物にポイントを使う",
    first: [
      { handle: "camellia-face-oil", variant: "30ml", minor: 7_260, quantity: 2 },
      { handle: "yuzu-rice-bran-soap", minor: 1_320, quantity: 1 },
    ],
    second: [
      { handle: "camellia-face-oil", variant: "30ml", minor: 7_260, quantity: 1 },
      { handle: "yuzu-rice-bran-soap", minor: 1_320, quantity: 1 },
    ],
    spent: 500,
    refunded: 1_320,
  },
  {
    language: "en",
    currency: "USD",
    person: { lastName: "Okafor", firstName: "Ada", shown: "Ada Okafor" },
    template: "apparel",
    giveBack: 4,
    welcome: 250,
    birthday: 400,
    rewardTitle: "Use points on your order",
    first: [{ handle: "daybreak-blend", variant: "2 lb", minor: 4_200, quantity: 8 }],
    second: [
      { handle: "daybreak-blend", variant: "2 lb", minor: 4_200, quantity: 2 },
      { handle: "instant-coffee-sticks", minor: 1_200, quantity: 1 },
    ],
    spent: 800,
    refunded: 4_200,
  },
];

/** Silver begins at 30,000 minor units and gives half the points more; Gold begins at 100,000. */
const TIERS = { silver: 30_000, gold: 100_000, silverGift: 300, silverExtraPercent: 50 };

interface Figures {
  firstMinor: number;
  firstPoints: number;
  tierGift: number;
  secondGross: number;
  secondNet: number;
  secondPoints: number;
  secondExtra: number;
  backMinor: number;
  keptPoints: number;
  keptExtra: number;
  pointsBack: number;
  /** How much is still missing to the next tier at the end. */
  missing: number;
  nextTier: "silver" | "gold";
}

function figuresOf(plan: Plan): Figures {
  const sum = (items: Item[]) => items.reduce((total, { minor, quantity }) => total + minor * quantity, 0);
  const points = (minor: number, percent = 100) => Math.floor((minor * plan.giveBack * percent) / 10_000);
  const firstMinor = sum(plan.first);
  const isSilver = firstMinor >= TIERS.silver;
  const extra = isSilver ? TIERS.silverExtraPercent : 0;
  const secondGross = sum(plan.second);
  const secondNet = secondGross - plan.spent;
  const line = plan.second.find(({ minor }) => minor === plan.refunded);
  if (!line) throw new Error("the plan refunds a line that it does not buy");
  // The code is spread over the lines by amount; no share of these plans ends in a half.
  const share = Math.round((plan.spent * line.minor * line.quantity) / secondGross);
  const backMinor = line.minor - Math.floor(share / line.quantity);
  const kept = secondNet - backMinor;
  const nextTier = isSilver ? "gold" : "silver";
  return {
    firstMinor,
    firstPoints: points(firstMinor),
    tierGift: isSilver ? TIERS.silverGift : 0,
    secondGross,
    secondNet,
    secondPoints: points(secondNet),
    secondExtra: points(secondNet, extra),
    backMinor,
    keptPoints: points(kept),
    keptExtra: points(kept, extra),
    pointsBack: Math.floor((plan.spent * backMinor) / secondNet),
    missing: TIERS[nextTier] - firstMinor - kept,
    nextTier,
  };
}

const number = (value: number): string => value.toLocaleString("en-US");

/** The sentences of both languages, written out so that a change of wording is seen here. */
function sentences({ language, giveBack, rewardTitle }: Plan) {
  if (language === "ja") {
    const yen = (minor: number) => `¥${number(minor)}`;
    return {
      money: yen,
      points: (points: number) => `${number(points)}ポイント`,
      joined: (points: number) => `${number(points)}ポイント：プログラムへの参加`,
      earned: (points: number, minor: number) =>
        `${number(points)}ポイント：${yen(minor)} × 100円ごとに${giveBack}ポイント（端数切り捨て）`,
      tierExtra: (points: number) => `${number(points)}ポイント：シルバー会員はポイント1.5倍`,
      tierGift: (points: number) => `${number(points)}ポイント：会員ランク「シルバー」到達の特典`,
      setAside: (points: number) => `${number(points)}ポイント：「${rewardTitle}」と交換（ご利用まで確保）`,
      used: (points: number) => `${number(points)}ポイント：「${rewardTitle}」を利用`,
      reduced: (points: number, minor: number, kept: number) =>
        `${number(points)}ポイントの取り消し：${yen(minor)}の返金により、この注文は${number(kept)}ポイントになりました`,
      reducedExtra: (points: number, minor: number, kept: number) =>
        `${number(points)}ポイントの取り消し：${yen(minor)}の返金により、このボーナスは${number(kept)}ポイントになりました`,
      returned: (points: number) =>
        `${number(points)}ポイント：「${rewardTitle}」のご注文が返金されたため、ポイントをお返ししました`,
      willEarn: (points: number) => `このご注文で${number(points)}ポイント獲得できます`,
      missing: (minor: number, tier: string) =>
        `あと${yen(minor)}のお買い物で${tier === "gold" ? "ゴールド" : "シルバー"}`,
      mailSubject: `特典「${rewardTitle}」をご用意しました`,
      lifetime: (redeemed: number, revoked: number) =>
        `これまでの合計：利用${number(redeemed)}、失効0、取り消し${number(revoked)}`,
    };
  }
  const dollars = (minor: number) =>
    `$${(minor / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  return {
    money: dollars,
    points: (points: number) => `${number(points)} points`,
    joined: (points: number) => `${number(points)} points: joining the program`,
    earned: (points: number, minor: number) =>
      `${number(points)} points: ${dollars(minor)} × ${giveBack} per $1.00, rounded down`,
    tierExtra: (points: number) => `${number(points)} points: Silver members earn ×1.5`,
    tierGift: (points: number) => `${number(points)} points: gift for reaching Silver`,
    setAside: (points: number) => `${number(points)} points: ${rewardTitle}, set aside until it is used`,
    used: (points: number) => `${number(points)} points: ${rewardTitle}, used`,
    reduced: (points: number, minor: number, kept: number) =>
      `${number(points)} points taken back: ${dollars(minor)} was refunded, so this order earns ${number(kept)} points`,
    reducedExtra: (points: number, minor: number, kept: number) =>
      `${number(points)} points taken back: ${dollars(minor)} was refunded, so this bonus is now ${number(kept)} points`,
    returned: (points: number) => `${number(points)} points: ${rewardTitle}, the order was refunded, points returned`,
    willEarn: (points: number) => `You will earn ${number(points)} points with this order`,
    missing: (minor: number, tier: string) => `${dollars(minor)} more to reach ${tier === "gold" ? "Gold" : "Silver"}`,
    mailSubject: `Your reward: ${rewardTitle}`,
    lifetime: (redeemed: number, revoked: number) =>
      `${number(redeemed)} redeemed, 0 expired, ${number(revoked)} taken back`,
  };
}

describe.each(PLANS)("$language: from the wizard to a refund", (plan) => {
  const { language, spent, welcome } = plan;
  const words = { ...WORDS[language], ...PROGRAM_WORDS[language] };
  const store = STOREFRONT_WORDS[language];
  const say = sentences(plan);
  const figures = figuresOf(plan);
  const shop = shopIn(plan.currency);
  const control = new Control(shop);
  const email = `program.${language}.${Date.now()}@example.com`;
  const balances = {
    joined: welcome,
    bought: welcome + figures.firstPoints + figures.tierGift,
    chosen: welcome + figures.firstPoints + figures.tierGift - spent,
    used: 0,
    refunded: 0,
  };
  balances.used = balances.chosen + figures.secondPoints + figures.secondExtra;
  balances.refunded =
    balances.used -
    (figures.secondPoints - figures.keptPoints) -
    (figures.secondExtra - figures.keptExtra) +
    figures.pointsBack;

  let admin: AdminPage;
  let shopper: Shopper;
  let code = "";
  let order: ControlOrder;

  beforeAll(async () => {
    await makeFresh(control);
    await control.createCustomer({
      email,
      lastName: plan.person.lastName,
      firstName: plan.person.firstName,
      locale: language,
    });
    admin = await AdminPage.open(browser, shop, language);
    shopper = await Shopper.open(browser, shop);
  });
  afterAll(async () => {
    expect(admin.problems).toEqual([]);
    await Promise.all([admin.close(), shopper.close()]);
    await makeFresh(control);
  });

  const balanceIs = async (points: number) =>
    expect(await eventually(() => shopper.balance(), say.points(points))).toBe(say.points(points));

  it("leads a new merchant through the wizard to a live program", async () => {
    await admin.install();
    await admin.app.getByRole("link", { name: words.home.setup.rules.action }).click();
    const { wizard } = words;
    await admin.sees(wizard.title);
    await admin.app.getByRole("radio", { name: wizard.template[plan.template] }).check({ force: true });
    await admin.app.getByLabel(wizard.numbers.give_back).fill("200");
    await admin.app.getByRole("button", { name: wizard.start }).click();
    await admin.app.getByText(wizard.error.give_back).waitFor();
    await admin.app.getByLabel(wizard.numbers.give_back).fill(String(plan.giveBack));
    await admin.app.getByLabel(wizard.numbers.welcome).fill(String(plan.welcome));
    await admin.app.getByLabel(wizard.numbers.birthday).fill(String(plan.birthday));
    const example = Math.floor((13_780 * plan.giveBack) / 100);
    await admin.app.getByText(number(example), { exact: false }).first().waitFor();
    await admin.app.getByRole("button", { name: wizard.start }).click();
    await admin.app.getByText(wizard.done.title).waitFor();
  });

  it("has rewards on the shelf at once", async () => {
    await admin.app.getByRole("link", { name: words.wizard.done.rewards }).click();
    await admin.sees(words.rewards.title);
    await admin.app.getByText(plan.rewardTitle).first().waitFor();
    expect(await admin.app.getByText(words.rewards.shelf.not_live).count()).toBe(0);
  });

  it("shows a guest what there is, and a shopper the way in, without asking the app", async () => {
    const asked = shopper.watchRequests();
    const shown = async () => {
      await shopper.visit("/pages/points");
      return shopper.page.getByText(plan.rewardTitle).count();
    };
    expect(await eventually(shown, 1)).toBe(1);
    await shopper.page.getByRole("link", { name: store.guest.sign_in }).click();
    await shopper.page.locator("#email").fill(email);
    await shopper.page.locator("main form.stack button").click();
    await shopper.page.waitForURL("**/pages/points");
    await shopper.page.getByText(say.points(0), { exact: true }).waitFor();
    await shopper.page.waitForLoadState("networkidle");
    expect(asked.app).toEqual([]);
    expect(new Set(asked.scripts)).toEqual(new Set(["kizuna-loader.js"]));

    asked.scripts.length = 0;
    const join = fill(store.join.with_points.other, number(welcome));
    await shopper.page.getByRole("button", { name: join }).click();
    await shopper.page.getByText(store.join.done).waitFor();
    expect(asked.scripts).toContain("kizuna-join.js");
    expect(asked.app).toEqual(["POST kizuna/join"]);
    expect(await shopper.page.locator("[data-kizuna-balance]").innerText()).toBe(say.points(welcome));
    await balanceIs(balances.joined);
  });

  it("turns an order into points", async () => {
    for (const { handle, quantity, variant } of plan.first) await shopper.addToCart(handle, quantity, variant);
    await shopper.visit("/cart");
    expect(await shopper.page.locator("kizuna-cart-earn p").innerText()).toBe(say.willEarn(figures.firstPoints));
    await shopper.checkOut();
    await balanceIs(balances.bought);
  });

  it("redeems as many points as the shopper likes", async () => {
    const dialog = await shopper.choose(plan.rewardTitle);
    const [typed, slider] = [dialog.getByLabel(store.redeem.how_many, { exact: true }), dialog.getByRole("slider")];
    const confirm = dialog.getByRole("button", { name: store.redeem.confirm });
    await typed.fill(String(balances.bought + 100));
    await confirm.click();
    await dialog.getByText(store.problem.insufficient_points).waitFor();
    if (plan.currency === "USD") {
      await typed.fill("750");
      await confirm.click();
      await dialog.getByText(store.problem.bad_points).waitFor();
    }
    // Typed in one shop, drawn in the other.
    if (language === "ja") await typed.fill(String(spent));
    else {
      await slider.press("Home");
      for (let step = 200; step <= spent; step += 100) await slider.press("ArrowRight");
    }
    expect([await typed.inputValue(), await slider.inputValue()]).toEqual([String(spent), String(spent)]);
    await dialog.getByText(`−${say.money(spent)}`, { exact: true }).waitFor();
    await confirm.click();
    const shown = dialog.locator("[data-slot=code]");
    await shown.waitFor();
    code = await shown.innerText();
    expect(code).toMatch(/^[A-Z0-9-]{16,}$/);
    await balanceIs(balances.chosen);
  });

  it("tells the merchant that the points are set aside", async () => {
    await admin.visit("/app/rewards/redemptions");
    await admin.sees(words.redemptions.title);
    const row = admin.app.getByRole("row").filter({ hasText: code });
    await row.getByText(words.redemptions.status.issued, { exact: true }).waitFor();
    expect(await row.innerText()).toContain(number(spent));
    expect(await row.innerText()).toContain(plan.person.shown);
  });

  it("sends the code by mail", async () => {
    const subjects = async () => (await control.mailTo(email)).map(({ subject }) => subject).join();
    expect(await eventually(subjects, say.mailSubject)).toBe(say.mailSubject);
    const [mail] = await control.mailTo(email);
    expect(mail?.text).toContain(code);
    expect(mail?.html).toContain(code);
    expect(mail?.headers["list-unsubscribe-post"]).toBe("List-Unsubscribe=One-Click");
  });

  it("puts the code into the cart with one click, and takes the discount off at the checkout", async () => {
    for (const { handle, quantity, variant } of plan.second) await shopper.addToCart(handle, quantity, variant);
    await shopper.visit("/pages/points");
    await shopper.page.getByRole("button", { name: store.codes.show }).click();
    const item = shopper.page.locator(".kizuna-codes li").filter({ hasText: code });
    await item.getByRole("link", { name: store.codes.apply }).click();
    await shopper.page.waitForURL("**/cart");
    await shopper.page.locator("main").getByText(code).first().waitFor();
    expect(await shopper.page.locator("[data-cart-total]").innerText()).toBe(say.money(figures.secondNet));
    expect(await shopper.page.locator("kizuna-cart-earn p").innerText()).toBe(
      say.willEarn(figures.secondPoints + figures.secondExtra),
    );
    await shopper.goToCheckout();
    expect(await shopper.page.locator("[data-discount]").innerText()).toBe(`−${say.money(spent)}`);
    const name = await shopper.placeOrder();
    order = (await control.ordersOf(email)).find((each) => each.name === name) ?? expect.fail("no such order");
    expect(order.totals.subtotalMinor).toBe(figures.secondNet);
    expect(order.discountCodes).toMatchObject([{ code, amountMinor: spent }]);
    await balanceIs(balances.used);
  });

  it("counts the points as used once the order has the code", async () => {
    const status = async () => {
      await admin.visit("/app/rewards/redemptions");
      await admin.sees(words.redemptions.title);
      const row = admin.app.getByRole("row").filter({ hasText: code });
      return row.getByText(words.redemptions.status.posted, { exact: true }).count();
    };
    expect(await eventually(status, 1)).toBe(1);
  });

  it("gives back exactly the refunded share, of the earned and of the spent points", async () => {
    const index = order.lines.findIndex(({ unitPriceMinor }) => unitPriceMinor === plan.refunded);
    await control.refund(order.id, { lines: [{ index, quantity: 1 }] });
    await balanceIs(balances.refunded);
    // One commit moves the points and the tier, and one reading publishes both: the page at hand says it.
    const progress = await shopper.page.locator(".kizuna-tier__words").innerText();
    expect(progress).toContain(say.missing(figures.missing, figures.nextTier));
  });

  /** Newest first: what the shopper reads, and by how much it changed what they have. */
  const story = (): [string, number][] => {
    const { firstMinor, firstPoints, tierGift, secondNet, secondPoints, secondExtra, backMinor } = figures;
    const { keptPoints, keptExtra, pointsBack } = figures;
    const lines: [string, number][] = [
      [say.returned(pointsBack), pointsBack],
      [say.reducedExtra(secondExtra - keptExtra, backMinor, keptExtra), keptExtra - secondExtra],
      [say.reduced(secondPoints - keptPoints, backMinor, keptPoints), keptPoints - secondPoints],
      [say.tierExtra(secondExtra), secondExtra],
      [say.earned(secondPoints, secondNet), secondPoints],
      [say.setAside(spent), -spent],
      [say.tierGift(tierGift), tierGift],
      [say.earned(firstPoints, firstMinor), firstPoints],
      [say.joined(welcome), welcome],
    ];
    return lines.filter(([, points]) => points !== 0);
  };
  const signed = (points: number, minus: string) => `${points > 0 ? "+" : minus}${number(Math.abs(points))}`;

  it("explains each step to the shopper", async () => {
    const read = await shopper.history();
    expect([...read].sort()).toEqual(
      story()
        .map(([text, points]) => `${text}|${signed(points, "-")}`)
        .sort(),
    );
    expect(read[0]).toContain(say.returned(figures.pointsBack));
    expect(read.at(-1)).toContain(say.joined(welcome));
  });

  it("shows the merchant the same numbers and reasons", async () => {
    await admin.menu(words.nav.members);
    await admin.sees(words.members.title);
    await admin.app.getByRole("searchbox").fill(email);
    await admin.app.getByRole("row").filter({ hasText: email }).getByRole("link").first().click();
    await admin.sees(plan.person.shown);
    expect(await admin.app.locator(".kz-hero-points").innerText()).toBe(number(balances.refunded));
    const revoked = figures.secondPoints - figures.keptPoints + figures.secondExtra - figures.keptExtra;
    await admin.app.getByText(say.lifetime(spent - figures.pointsBack, revoked)).waitFor();
    const lines = await admin.app.locator(".kz-timeline > li").allInnerTexts();
    expect(lines).toHaveLength(story().length + 1);
    for (const [text, points] of story())
      expect(lines.filter((line) => line.includes(text) && line.includes(signed(points, "−")))).toHaveLength(1);
    expect(lines.filter((line) => line.includes(say.used(spent)))).toHaveLength(1);
  });

  it("lets the member bring a friend, who gets a code of their own", async () => {
    const { referrals } = words;
    await admin.visit("/app/program/referrals");
    await admin.sees(referrals.title);
    await admin.app.getByLabel(referrals.field.enabled).check({ force: true });
    await admin.save();
    await admin.toast(referrals.saved);
    const button = shopper.page.getByRole("button", { name: store.invite.get });
    const offered = async () => {
      await shopper.visit("/pages/points");
      return button.count();
    };
    expect(await eventually(offered, 1)).toBe(1);
    await button.click();
    const link = await eventuallyFilled(() => shopper.page.getByLabel(store.invite.link).inputValue());
    const friend = await Shopper.open(browser, shop);
    await friend.page.goto(link);
    await friend.page.getByLabel(store.friend.email).fill(`friend.${email}`);
    await friend.page.getByRole("button", { name: store.friend.claim }).click();
    await friend.page.locator("kizuna-friend [data-slot=code]").waitFor();
    expect(await friend.page.locator("kizuna-friend [data-slot=code]").innerText()).not.toBe(code);
    await friend.close();
  });
});

const fill = (text: string, formatted: string): string => text.replace("{{ formatted }}", formatted);

async function eventuallyFilled(read: () => Promise<string>): Promise<string> {
  let value = "";
  await eventually(async () => (value = await read()) !== "", true);
  return value;
}
