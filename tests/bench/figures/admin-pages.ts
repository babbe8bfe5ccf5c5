// The admin's pages of a shop with very many members and reviews, in Chromium on a processor four times slower: how long
// until what is largest stands there, how long until a key or a click shows, and whether anything moves.
import { setTimeout as sleep } from "node:timers/promises";

import type { CDPSession, Frame, Page } from "playwright-core";

import ja from "../../../app/i18n/ja/core.json";
import { launchBrowser, openContext } from "../../setup/chromium";
import { readAppConfig } from "../../simulator/app-config";
import { grantInstall } from "../../simulator/oauth";
import { crowdedLedger, crowdedReviews } from "../crowded-shop";
import { figure, median, percentiles, type Figure } from "../figure";
import type { Stage } from "../stage";

const SLOWER = 4;

interface Vitals {
  lcp: number;
  inp: number;
  cls: number;
}
type VitalsWindow = Window & { kizunaVitals?: Vitals; shopify?: { idToken(): Promise<string> } };
interface AdminVisit {
  name: string;
  address: string;
  /** What a person does there, each a key or a click that has to show something. */
  act(frame: Frame, page: Page): Promise<void>;
}

const measured = new WeakMap<Stage, Promise<Map<string, Vitals[]>>>();
const vitalsOf = (stage: Stage) => {
  const known = measured.get(stage) ?? measure(stage);
  measured.set(stage, known);
  return known;
};

/** Largest contentful paint, at the third quarter of loads of the slowest page. */
export const adminLcp = (stage: Stage) => figureOf(stage, { name: "admin.lcp", of: "lcp", unit: "ms (p75)" });
/** The slowest interaction of a load, likewise. */
export const adminInp = (stage: Stage) => figureOf(stage, { name: "admin.inp", of: "inp", unit: "ms (p75)" });
/** What moves without having been asked to, likewise. */
export const adminCls = (stage: Stage) => figureOf(stage, { name: "admin.cls", of: "cls", unit: "(p75)" });

async function figureOf(
  stage: Stage,
  { name, of, unit }: { name: string; of: keyof Vitals; unit: string },
): Promise<Figure> {
  const pages = [...(await vitalsOf(stage))].map(([page, loads]) => ({
    page,
    values: loads.map((load) => load[of]).sort((a, b) => a - b),
  }));
  const p75 = (values: readonly number[]) => values[Math.ceil(values.length * 0.75) - 1] ?? NaN;
  const each = pages.map(({ page, values }) => `${page} ${p75(values).toFixed(of === "cls" ? 3 : 0)}`);
  const all = pages.flatMap(({ values }) => values);
  return figure({
    name,
    value: Math.max(...pages.map(({ values }) => p75(values))),
    unit,
    ...percentiles(all),
    rounds: pages.map(({ values }) => median(values)),
    note: `${all.length} loads, processor ${SLOWER} times slower; ${each.join(", ")}`,
  });
}

async function measure(stage: Stage): Promise<Map<string, Vitals[]>> {
  const shop = await crowdedLedger(stage);
  const { reviews } = await crowdedReviews(stage);
  const { admin } = await openShop(stage, shop.domain);
  const visits: AdminVisit[] = [
    { name: "members", address: "/app/members", act: typeName },
    { name: "member", address: `/app/members/${shop.members.first + Math.floor(shop.size / 2)}`, act: openModal },
    { name: "review queue", address: "/app/reviews", act: readOn },
    { name: "review list", address: `/app/reviews?tab=all&review=${reviews.last - 4}`, act: readOn },
  ];
  const seen = new Map<string, Vitals[]>(visits.map(({ name }) => [name, []]));
  const browser = await launchBrowser();
  try {
    const context = await openContext(browser, { locale: "ja-JP" });
    // What compiles this file names functions by a helper that pages do not have.
    await context.addInitScript("globalThis.__name ??= (work) => work");
    await context.addInitScript(watchVitals);
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(`${admin}/app/members?locale=ja`);
    const frame = await appFrame(page);
    const given = openedWith(frame);
    await slowDown(page, frame);
    for (let round = 0; round < (stage.isQuick ? 3 : 9); round++) {
      for (const visit of visits) {
        await load(frame, visit.address, given);
        await visit.act(frame, page);
        const vitals = await frame.evaluate(() => (window as VitalsWindow).kizunaVitals);
        // A browser may report no largest paint at all: such a load says nothing about it, and counts nowhere.
        if (vitals && vitals.lcp > 0 && round > 0) seen.get(visit.name)?.push(vitals);
        stage.say(`    ${visit.name.padEnd(14)} ${JSON.stringify(vitals)}`);
      }
    }
  } finally {
    await browser.close();
    await stage.stack.app.stop();
  }
  return seen;
}

/** The app alone beside the simulated admin: nothing else of the shop is at work. */
async function openShop(stage: Stage, domain: string): Promise<{ admin: string }> {
  const { stack } = stage;
  stage.useRooms();
  const { offlineSessionId, sessionStorage } = await import("../../../app/shopify/session-storage.server");
  const { sim } = stack.simulator;
  const shop = sim.shop(domain);
  // What another figure stored is no token of the simulated platform.
  if (!shop.install) {
    await sessionStorage.deleteSession(offlineSessionId(domain));
    grantInstall(sim, domain, readAppConfig(sim.tomlFile).scopes);
  }
  stack.appEnv.KIZUNA_ROLE = "web";
  await stack.restartApp();
  const admin = stack.shops().find((each) => each.domain === domain)?.admin;
  if (admin === undefined) throw new Error("the platform has no such shop");
  return { admin };
}

async function appFrame(page: Page): Promise<Frame> {
  const handle = await page.locator("iframe[data-app]").elementHandle();
  const frame = await handle?.contentFrame();
  if (!frame) throw new Error("the admin shows no app");
  await isReady(frame);
  return frame;
}

async function isReady(frame: Frame): Promise<void> {
  const heading = frame.getByRole("heading", { level: 1 });
  await heading.waitFor();
  await until(() => heading.evaluate((node) => Object.keys(node).some((key) => key.startsWith("__react"))));
}

/** @throws Error when it did not come true; a frame between two documents answers nothing */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 120_000; !(await isSo().catch(() => false)); await sleep(100))
    if (Date.now() > end) throw new Error("the page did not become ready");
}

// The app's frame is of another site and has a process of its own.
async function slowDown(page: Page, frame: Frame): Promise<void> {
  const context = page.context();
  const sessions: CDPSession[] = [await context.newCDPSession(page)];
  await context.newCDPSession(frame).then(
    (session) => sessions.push(session),
    () => undefined,
  );
  for (const session of sessions) await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
}

/** What the admin puts behind every address; pages of the app drop it when they change their own. */
function openedWith(frame: Frame): [string, string][] {
  const opened = new URL(frame.url()).searchParams;
  return ["shop", "host", "embedded", "locale"].flatMap((name) => {
    const value = opened.get(name);
    return value === null ? [] : [[name, value] satisfies [string, string]];
  });
}

/** The whole document anew, as the admin would open it. */
async function load(frame: Frame, address: string, given: readonly [string, string][]): Promise<void> {
  await frame.evaluate(
    async ([wanted, parameters]) => {
      const next = new URL(wanted, location.origin);
      for (const [name, value] of parameters) next.searchParams.set(name, value);
      next.searchParams.set("id_token", (await (window as VitalsWindow).shopify?.idToken()) ?? "");
      // After this call has been answered.
      setTimeout(() => location.assign(next.href), 0);
      delete (window as VitalsWindow).kizunaVitals;
    },
    [address, given] as const,
  );
  await until(() =>
    frame.evaluate(
      (wanted) => wanted.startsWith(location.pathname) && (window as VitalsWindow).kizunaVitals !== undefined,
      address,
    ),
  );
  await isReady(frame);
  await settle(frame);
}

/** Until the browser has nothing left to do for a moment. */
function settle(frame: Frame): Promise<void> {
  return frame.evaluate(
    () =>
      new Promise<void>((resolve) => setTimeout(() => requestIdleCallback(() => resolve(), { timeout: 3_000 }), 600)),
  );
}

/** Runs in every document before its own scripts. */
function watchVitals(): void {
  const vitals: Vitals = { lcp: 0, inp: 0, cls: 0 };
  (window as VitalsWindow).kizunaVitals = vitals;
  const watch = (type: string, note: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({
      type,
      buffered: true,
      durationThreshold: 16,
    } as PerformanceObserverInit);
  watch("largest-contentful-paint", (entry) => (vitals.lcp = entry.startTime));
  watch("layout-shift", (entry) => {
    const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
    if (!shift.hadRecentInput) vitals.cls += shift.value;
  });
  watch("event", (entry) => {
    if ((entry as PerformanceEntry & { interactionId?: number }).interactionId)
      vitals.inp = Math.max(vitals.inp, entry.duration);
  });
}

async function typeName(frame: Frame, page: Page): Promise<void> {
  await frame.locator("input:not([type=checkbox]):not([type=hidden])").first().click();
  await page.keyboard.type("user1999", { delay: 120 });
  await settle(frame);
}
async function openModal(frame: Frame, page: Page): Promise<void> {
  await frame.getByRole("button", { name: ja.members.adjust }).first().click();
  await settle(frame);
  await page.keyboard.press("Escape");
  await settle(frame);
}
async function readOn(frame: Frame, page: Page): Promise<void> {
  await frame.getByRole("heading", { level: 1 }).click();
  for (const key of ["j", "j", "k"]) {
    await page.keyboard.press(key);
    await settle(frame);
  }
}
