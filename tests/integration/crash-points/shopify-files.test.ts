// Media that go to the shop's files at Shopify × whatever can become of each call × a death at each of our own writes:
// in the end a photo or film is there once and shown, or it is nowhere, and its author was told.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { inShop } from "../../../app/db.server";
import { removeMedia } from "../../../app/reviews/media/show-media.server";
import { openUpload } from "../../../app/reviews/media/upload-ticket.server";
import { mp4WithPlace } from "../../fixtures/videos";
import { useTestDatabase } from "../../setup/postgres";
import { failNext, noFaults, type OperationFault } from "../../simulator/faults";
import { PROCESSING_MS, startLibraryShop, type KeptMedia, type LibraryShop } from "../reviews/library-shop";
import { plantCrash, type CrashPlan } from "./crash";

const database = useTestDatabase();
const FILM = mp4WithPlace().bytes;
let shop: LibraryShop;
let crash: CrashPlan;
beforeAll(async () => {
  shop = await startLibraryShop();
  crash = await plantCrash(database.owner());
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.now = shop.platform.sim.now();
});
afterEach(() => {
  Object.assign(shop.platform.sim.faults, noFaults());
  shop.platform.sim.faults.files.processingMs = PROCESSING_MS;
});

const isDone = ({ status, erased }: KeptMedia) => status === "ready" || erased;
/** The worker comes by until nothing is left to do; whatever it stumbles over, it comes again. */
async function carryOn(): Promise<void> {
  for (let round = 0; round < 12; round++) {
    shop.later(2 * PROCESSING_MS);
    await shop.settle().catch(() => undefined);
    await shop.tidy().catch(() => undefined);
    if ((await shop.all()).every(isDone)) return;
  }
}
/** Every photo and film since `before` is there once, or is nowhere. @returns how many are there */
async function settled(before: number): Promise<number> {
  await carryOn();
  const rows = (await shop.all()).slice(before);
  expect(rows.filter((row) => !isDone(row))).toEqual([]);
  const kept = rows.filter(({ status }) => status === "ready");
  expect(shop.library().map(({ id }) => id)).toEqual(kept.flatMap(({ files }) => idsOf(files)));
  return kept.length;
}
const idsOf = (files: KeptMedia["files"]) => [...new Set(files.map(({ ref }) => ref?.split("/").at(-1) ?? ""))];

/** An author sends a file, and with it the review when they were told that it is there. */
async function send(bytes: Buffer): Promise<"ready" | "refused" | "died"> {
  const ticket = openUpload(shop.shopId);
  const outcome = (await shop.upload(bytes, { ticket }).catch(() => null))?.outcome ?? "died";
  shop.platform.sim.faults.operations = [];
  if (outcome === "ready") await shop.review(ticket);
  return outcome;
}
async function empty(): Promise<void> {
  const ids = (await shop.all()).map(({ id }) => id);
  await inShop(shop.shopId, (tx) => removeMedia(tx, ids, shop.now));
  await carryOn();
  expect(shop.library()).toEqual([]);
}

interface Happening {
  kind: OperationFault["kind"];
  done?: boolean;
  code?: string;
}
const HAPPENINGS: Record<string, Happening> = {
  "ok, answer lost": { kind: "ok_answer_lost" },
  "connection reset": { kind: "reset" },
  "500": { kind: "500" },
  "502, done": { kind: "502", done: true },
  HTML: { kind: "html" },
  "HTML, done": { kind: "html", done: true },
  THROTTLED: { kind: "throttled" },
  userErrors: { kind: "user_error", code: "INVALID" },
};
function fail(operation: string, title: string): void {
  const { kind, done, code } = HAPPENINGS[title] ?? { kind: "500" };
  failNext(shop.platform.sim.faults, operation, kind, {
    ...(done === undefined ? {} : { done }),
    ...(code === undefined ? {} : { code }),
  });
}
const MADE = ["stagedUploadsCreate", "fileCreate"];

describe.each(MADE)("%s", (operation) => {
  it.each(Object.keys(HAPPENINGS))("C04 C05 %s: what the author was told is what is there, once", async (title) => {
    const photo = await shop.photo();
    for (const bytes of operation === "fileCreate" ? [photo, FILM] : [photo]) {
      const before = (await shop.all()).length;
      fail(operation, title);
      const outcome = await send(bytes);
      expect(outcome).toBe(title === "userErrors" || isUnknownFilm(operation, title, bytes) ? "refused" : "ready");
      expect(await settled(before)).toBe(outcome === "ready" ? 1 : 0);
      await empty();
    }
  });

  it.each([false, true])("C04 hangs and is given up, done: %s", async (done) => {
    const before = (await shop.all()).length;
    const real = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => real(Math.min(ms, 1_500)));
    failNext(shop.platform.sim.faults, operation, "timeout", { done });
    const outcome = await send(await shop.photo());
    vi.restoreAllMocks();
    expect([outcome, await settled(before)]).toEqual(["ready", 1]);
    await empty();
  });
});
// A film is never made twice: where it is not found, its author is asked to send it again.
function isUnknownFilm(operation: string, title: string, bytes: Buffer): boolean {
  return operation === "fileCreate" && bytes === FILM && ["connection reset", "500", "HTML"].includes(title);
}

describe("the storage", () => {
  it.each(["uploadStatus5xx", "uploadAnswerLost"] as const)("C04 %s: another address is asked for", async (fault) => {
    const before = (await shop.all()).length;
    shop.platform.sim.faults.files[fault] = 1;
    expect([await send(await shop.photo()), await settled(before)]).toEqual(["ready", 1]);
    shop.platform.sim.faults.files[fault] = "always";
    expect([await send(FILM), await settled(before)]).toEqual(["refused", 1]);
    shop.platform.sim.faults.files[fault] = 0;
    await empty();
  });
});

describe("a search that is behind", () => {
  beforeEach(() => {
    shop.platform.sim.faults.files.searchLagMs = PROCESSING_MS / 2;
  });

  it("C04 finds a photo whose answer was lost when it can, and a film's leftover, which then goes", async () => {
    const before = (await shop.all()).length;
    fail("fileCreate", "ok, answer lost");
    expect(await send(await shop.photo())).toBe("ready");
    expect((await shop.all()).at(-1)?.files[0]?.ref).toMatch(/^name:kizuna/);
    expect(await settled(before)).toBe(1);
    fail("fileCreate", "ok, answer lost");
    expect(await send(FILM)).toBe("refused");
    // Its author takes a photo back before anybody could find it.
    fail("fileCreate", "ok, answer lost");
    expect(await send(await shop.photo())).toBe("ready");
    const ids = (await shop.all()).map(({ id }) => id);
    await inShop(shop.shopId, (tx) => removeMedia(tx, ids, shop.now));
    expect([(await shop.tidy()).erased, shop.library().length]).toEqual([1, 2]);
    await empty();
  });
});

it.each(Object.keys(HAPPENINGS))("C04 C05 fileDelete, %s: it goes in the end", async (title) => {
  const operation = "fileDelete";
  expect(await send(await shop.photo())).toBe("ready");
  await carryOn();
  fail(operation, title);
  await empty();
});

describe("C06 a death at each of our writes", () => {
  it("while a file arrives: nothing stays that no row knows of", async () => {
    for (const bytes of [await shop.photo(), FILM]) {
      for (let write = 1; ; write++) {
        expect(write).toBeLessThan(20);
        const before = (await shop.all()).length;
        await crash.arm(write);
        const ticket = openUpload(shop.shopId);
        const outcome = await shop.upload(bytes, { ticket }).catch(() => null);
        const tried = await crash.disarm();
        if (outcome?.outcome === "ready") await shop.review(ticket);
        expect(await settled(before)).toBe(outcome?.outcome === "ready" ? 1 : 0);
        await empty();
        if (tried < write) break;
      }
    }
  });

  it("while it is settled, and while it is erased", async () => {
    for (let write = 1; ; write++) {
      expect(write).toBeLessThan(20);
      expect(await send(await shop.photo())).toBe("ready");
      shop.later(2 * PROCESSING_MS);
      await crash.arm(write);
      await shop.settle().catch(() => undefined);
      let tried = await crash.disarm();
      await carryOn();
      const ids = (await shop.all()).map(({ id }) => id);
      await inShop(shop.shopId, (tx) => removeMedia(tx, ids, shop.now));
      await crash.arm(write);
      await shop.tidy().catch(() => undefined);
      tried = Math.max(tried, await crash.disarm());
      await empty();
      if (tried < write) break;
    }
  });
});
