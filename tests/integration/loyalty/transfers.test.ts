import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { startImport, startUndo } from "../../../app/jobs/transfers.server";
import { adjustMany } from "../../../app/loyalty/adjust-many.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { readPointsFile } from "../../../app/loyalty/transfers/points-file";
import { applyBatch } from "../../../app/loyalty/transfers/apply-batch.server";
import { listBatches, readBatch } from "../../../app/loyalty/transfers/batch-reads.server";
import { exportHistory, exportMembers } from "../../../app/loyalty/transfers/export-points.server";
import { stagePointsImport, type ImportMode } from "../../../app/loyalty/transfers/stage-points-import.server";
import { undoBatch } from "../../../app/loyalty/transfers/undo-batch.server";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { expectLedgerAddsUp } from "./ledger-invariants";

const database = useTestDatabase();
const NOW = new Date("2026-05-01T03:00:00Z");
const going = new AbortController().signal;
let shopId: ShopId = 0;
beforeEach(async () => {
  shopId = await createTestShop();
});

async function memberWith(email: string, points = 0): Promise<number> {
  const { memberId } = await createTestMember(shopId, { email });
  if (points > 0)
    await adjustPoints(
      shopId,
      { memberId, points, reason: "adjust_gift", note: null, actor: "staff:1", key: `start-${memberId}` },
      NOW,
    );
  return memberId;
}
const balance = async (memberId: number) => {
  const [row] = await queryShop<{ available: number; debt: number }>(
    shopId,
    "SELECT available, debt FROM member WHERE shop_id = $2 AND id = $1",
    [memberId, shopId],
  );
  return row;
};
async function stage(text: string, mode: ImportMode = "add") {
  const bytes = new TextEncoder().encode(text);
  const staged = await stagePointsImport(shopId, { name: "points.csv", bytes, mode, actor: "staff:1" }, NOW);
  if (staged.outcome !== "staged") throw new Error(staged.outcome);
  return staged.batchId;
}
async function run(batchId: number) {
  expect(await startImport(shopId, batchId)).toEqual({ outcome: "started" });
  return applyBatch(shopId, batchId, NOW, going);
}

describe("E18 an import of points", () => {
  it("says what would happen before anything does, then does exactly that", async () => {
    const a = await memberWith("a@example.com", 10);
    const b = await memberWith("b@example.com");
    await memberWith("twin@example.com");
    await memberWith("twin@example.com");
    const batchId = await stage(
      "email,points\nA@example.com,100\nb@example.com,7\nnobody@example.com,5\ntwin@example.com,3\na@example.com,1\nb,2\n",
    );
    expect(await readBatch(shopId, batchId)).toMatchObject({
      status: "preview",
      rows: 6,
      points: 107,
      outcomes: { ready: 2, unknown_member: 1, several_members: 1, duplicate: 1, bad_email: 1 },
    });
    expect(await balance(a)).toMatchObject({ available: 10 });

    expect(await run(batchId)).toEqual({ applied: 2 });
    expect(await applyBatch(shopId, batchId, NOW, going)).toEqual({ applied: 0 });
    expect([await balance(a), await balance(b)]).toMatchObject([{ available: 110 }, { available: 7 }]);
    expect(await readBatch(shopId, batchId)).toMatchObject({ status: "done", outcomes: { applied: 2 } });
    await expectLedgerAddsUp(database.owner());
  });

  it("happens once, however often the file is sent, and again only after it was undone", async () => {
    const a = await memberWith("a@example.com");
    const text = "email,points\na@example.com,100\n";
    const first = await stage(text);
    expect(await stage(text)).toBe(first);
    await run(first);
    expect(await startImport(shopId, first)).toEqual({ outcome: "not_in_preview" });
    const bytes = new TextEncoder().encode(text);
    const again = { name: "copy.csv", bytes, mode: "add" as const, actor: "staff:2" };
    expect(await stagePointsImport(shopId, again, NOW)).toEqual({ outcome: "already_imported", batchId: first });

    expect(await startUndo(shopId, first, "staff:2")).toEqual({ outcome: "started" });
    expect(await undoBatch(shopId, first, NOW, going)).toEqual({ undone: 1 });
    expect(await balance(a)).toMatchObject({ available: 0, debt: 0 });
    await run(await stage(text));
    expect(await balance(a)).toMatchObject({ available: 100 });
    await expectLedgerAddsUp(database.owner());
  });

  it("sets balances up and down to what the file says", async () => {
    const a = await memberWith("a@example.com", 50);
    const b = await memberWith("b@example.com", 50);
    const c = await memberWith("c@example.com", 50);
    const batchId = await stage("email,points\na@example.com,80\nb@example.com,20\nc@example.com,50\n", "set");
    await run(batchId);
    expect(await Promise.all([a, b, c].map(balance))).toMatchObject([
      { available: 80 },
      { available: 20 },
      { available: 50 },
    ]);
    await startUndo(shopId, batchId, "staff:1");
    await undoBatch(shopId, batchId, NOW, going);
    expect(await Promise.all([a, b, c].map(balance))).toMatchObject([
      { available: 50 },
      { available: 50 },
      { available: 50 },
    ]);
    await expectLedgerAddsUp(database.owner());
  });

  it("goes on where it stopped, with any number of workers", async () => {
    const ids = [];
    for (let i = 0; i < 450; i++) ids.push(await memberWith(`m${i}@example.com`));
    const batchId = await stage(`email,points\n${ids.map((_id, i) => `m${i}@example.com,${i + 1}`).join("\n")}\n`);
    await startImport(shopId, batchId);
    const stopped = new AbortController();
    const first = applyBatch(shopId, batchId, NOW, stopped.signal).catch((error: Error) => error.name);
    stopped.abort();
    await first;
    await Promise.all([1, 2, 3].map(() => applyBatch(shopId, batchId, NOW, going)));
    const [sum] = await queryShop<{ points: number }>(
      shopId,
      "SELECT sum(available)::bigint AS points FROM member WHERE shop_id = $1",
      [shopId],
    );
    expect(sum?.points).toBe((450 * 451) / 2);
    await expectLedgerAddsUp(database.owner());
  });
});

describe("undoing a bulk adjustment", () => {
  it("takes back from each member what it gave, and makes debt of what is spent", async () => {
    const a = await memberWith("a@example.com");
    const b = await memberWith("b@example.com");
    const act = { points: 30, reason: "adjust_event", note: null, actor: "staff:1", key: "form-1" } as const;
    await adjustMany(shopId, { ...act, memberIds: [a] }, NOW);
    await adjustMany(shopId, { ...act, memberIds: [b] }, NOW);
    await adjustMany(shopId, { ...act, memberIds: [b] }, NOW);
    await adjustPoints(
      shopId,
      { memberId: b, points: -25, reason: "adjust_other", note: null, actor: "staff:1", key: "spent" },
      NOW,
    );
    const [batch] = await listBatches(shopId);
    expect(batch).toMatchObject({ kind: "bulk", status: "done", actor: "staff:1" });
    expect(await readBatch(shopId, batch?.batchId ?? 0)).toMatchObject({ rows: 2, points: 60 });

    await startUndo(shopId, batch?.batchId ?? 0, "staff:2");
    await Promise.all([1, 2].map(() => undoBatch(shopId, batch?.batchId ?? 0, NOW, going)));
    expect([await balance(a), await balance(b)]).toEqual([
      { available: 0, debt: 0 },
      { available: 0, debt: 25 },
    ]);
    expect(await startUndo(shopId, batch?.batchId ?? 0, "staff:2")).toEqual({ outcome: "not_done" });
    await expectLedgerAddsUp(database.owner());
  });

  it("D08 is nothing another shop can reach", async () => {
    const a = await memberWith("a@example.com");
    await adjustMany(
      shopId,
      { memberIds: [a], points: 30, reason: "adjust_event", note: null, actor: "staff:1", key: "form-1" },
      NOW,
    );
    const [batch] = await listBatches(shopId);
    const other = await createTestShop();
    expect(await readBatch(other, batch?.batchId ?? 0)).toBeNull();
    expect(await startUndo(other, batch?.batchId ?? 0, "staff:9")).toEqual({ outcome: "not_done" });
  });
});

describe("E17 an export", () => {
  const read = async (lines: AsyncGenerator<string>) => {
    let text = "";
    for await (const part of lines) text += part;
    return text;
  };

  it("cannot run in a spreadsheet, and is read by our own import", async () => {
    await memberWith("a@example.com", 120);
    await inShop(shopId, (tx) =>
      tx.query("UPDATE member SET name = $2 WHERE shop_id = $1", [shopId, '=HYPERLINK("http://x","y")']),
    );
    const csv = await read(exportMembers(shopId));
    expect(csv).toContain(`a@example.com,120,"'=HYPERLINK(""http://x"",""y"")"`);
    expect(readPointsFile(new TextEncoder().encode(csv))).toEqual({
      outcome: "read",
      rows: [{ row: 1, email: "a@example.com", points: 120, problem: null }],
    });
  });

  it("tells every step with its reason in the reader's language", async () => {
    await memberWith("a@example.com", 120);
    const [en, ja] = [await read(exportHistory(shopId, "en")), await read(exportHistory(shopId, "ja"))];
    expect(en.split("\r\n")[1]).toMatch(
      /2026-05-01 12:00:00,a@example\.com,\d*,adjustment,issued,available,120,A gift from the shop,/,
    );
    expect(ja).toContain("お店からのプレゼント");
  });
});
