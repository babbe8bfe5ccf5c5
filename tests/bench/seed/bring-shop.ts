// A shop that has the app on the stage, without what it has earned: for a database of its own.
import type { OwnDatabase, Stage } from "../stage";

/** The installed shop as the stage has it: its row, its profile, its program and its token. @returns its id */
export async function bringShop(stage: Stage, { owner }: OwnDatabase, domain: string): Promise<number> {
  await copy("shop", "domain = $1", domain);
  await copy("shopify_session", "domain = $1", domain);
  const { rows } = await owner.query<{ id: number }>("SELECT id FROM shop WHERE domain = $1", [domain]);
  const shopId = rows[0]?.id;
  if (shopId === undefined) throw new Error(`${domain} does not have the app`);
  for (const table of ["shop_profile", "program_version"]) await copy(table, "shop_id = $1", shopId);
  return shopId;

  async function copy(table: string, where: string, value: unknown): Promise<void> {
    const found = await stage.owner.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM ${table} t WHERE ${where}`,
      [value],
    );
    for (const { row } of found.rows)
      await owner.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_record(NULL::${table}, $1::jsonb)`, [row]);
  }
}
