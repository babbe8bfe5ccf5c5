// The dry run of an import: every line is kept with what would become of it, and no point moves. The same
// file with the same mode is one import, however often it is sent.
import { createHash } from "node:crypto";

import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { readPointsFile, type PointsFile, type PointsRow } from "./points-file";

/** add: on top of the balance. set: the balance becomes what the file says. */
export type ImportMode = "add" | "set";
export type StageOutcome =
  | { outcome: "staged"; batchId: number }
  /** This file was imported in this mode before and not undone since. */
  | { outcome: "already_imported"; batchId: number }
  | Exclude<PointsFile, { outcome: "read" }>;

const ROWS_AT_ONCE = 2_000;

/** Reads a file and writes down line by line whom it concerns. */
export async function stagePointsImport(
  shopId: ShopId,
  file: { name: string; bytes: Uint8Array; mode: ImportMode; actor: string },
  now: Date,
): Promise<StageOutcome> {
  const read = readPointsFile(file.bytes);
  if (read.outcome !== "read") return read;
  const digest = `${createHash("sha256").update(file.bytes).digest("hex")}/${file.mode}`;
  return inShop(shopId, async (tx) => {
    // The shop's profile row stands for the shop: the same file sent twice at once is staged once.
    await tx.query("SELECT FROM shop_profile WHERE shop_id = $1 FOR NO KEY UPDATE", [shopId]);
    const earlier = await readEarlier(tx, digest);
    if (earlier.standing) {
      const { id, status } = earlier.standing;
      return { outcome: status === "preview" ? "staged" : "already_imported", batchId: id };
    }
    const { rows } = await tx.query<{ id: number }>(
      `INSERT INTO adjustment_batch (shop_id, kind, key, status, reason, file_name, counts, actor, at)
       VALUES ($1, 'import', $2, 'preview', 'adjust_import', $3, $4, $5, $6) RETURNING id`,
      [
        shopId,
        `import/${digest}/${earlier.undone}`,
        file.name.slice(0, 255),
        JSON.stringify({ mode: file.mode }),
        file.actor,
        now,
      ],
    );
    const batchId = rows[0]?.id;
    if (batchId === undefined) throw new Error("a staged import did not come back");
    for (let at = 0; at < read.rows.length; at += ROWS_AT_ONCE)
      await insertRows(tx, batchId, read.rows.slice(at, at + ROWS_AT_ONCE));
    return { outcome: "staged", batchId };
  });
}

async function readEarlier(
  tx: ShopTx,
  digest: string,
): Promise<{ standing: { id: number; status: string } | null; undone: number }> {
  const { rows } = await tx.query<{ id: number; status: string }>(
    "SELECT id, status FROM adjustment_batch WHERE shop_id = $1 AND key LIKE $2 ORDER BY id",
    [tx.shopId, `import/${digest}/%`],
  );
  return {
    standing: rows.find(({ status }) => status !== "undone") ?? null,
    undone: rows.filter(({ status }) => status === "undone").length,
  };
}

// An address that several members share is nobody's: a person decides.
async function insertRows(tx: ShopTx, batchId: number, rows: PointsRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO adjustment_row (shop_id, batch_id, row, email, member_id, points, outcome)
     SELECT $1, $2, given.row, given.email, CASE WHEN found.members = 1 THEN found.member_id END, given.points,
            CASE WHEN given.problem IS NOT NULL THEN given.problem
                 WHEN found.members IS NULL THEN 'unknown_member'
                 WHEN found.members > 1 THEN 'several_members'
                 ELSE 'ready' END
       FROM jsonb_to_recordset($3::jsonb) AS given (row int, email text, points bigint, problem text)
       LEFT JOIN LATERAL (SELECT count(*) AS members, min(m.id) AS member_id FROM member m
                           WHERE m.shop_id = $1 AND m.email = given.email AND m.status = 'active' HAVING count(*) > 0) found ON true`,
    [tx.shopId, batchId, JSON.stringify(rows)],
  );
}
