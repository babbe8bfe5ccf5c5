// Says once on the health page that Shopify keeps customer data from us, and takes it back when it does not any more.
import { inShop, routerPool, type ShopTx } from "../db.server";
import { log } from "../log.server";

// How long what this process saw stands for what the database says; other processes see for themselves.
const REMEMBERED_MS = 10 * 60_000;
const ALERT = "protected_data_denied";

interface Seen {
  at: number;
  denied: Set<string>;
}
const seen = new Map<string, Seen>();

/**
 * Notes which fields an answer lacked and which it held. One alert per shop is open at most, with every field that is
 * denied; it is resolved when none is. A failure to note is logged, never thrown.
 */
export async function noteDeniedData(
  domain: string,
  { denied, answered }: { denied: readonly string[]; answered: readonly string[] },
): Promise<void> {
  if (denied.length === 0 && answered.length === 0) return;
  const known = seen.get(domain);
  const isFresh = known !== undefined && performance.now() - known.at < REMEMBERED_MS;
  const isNews =
    !isFresh || denied.some((field) => !known.denied.has(field)) || answered.some((field) => known.denied.has(field));
  if (!isNews) return;
  try {
    const { rows } = await routerPool().query<{ id: number }>("SELECT id FROM shop WHERE domain = $1", [domain]);
    const shopId = rows[0]?.id;
    if (shopId === undefined) return;
    const open = await inShop(shopId, (tx) => change(tx, denied, answered));
    seen.set(domain, { at: performance.now(), denied: new Set(open) });
  } catch (error) {
    log().error({ domain, code: (error as { code?: string }).code }, "denied customer data could not be noted");
  }
}

async function change(tx: ShopTx, denied: readonly string[], answered: readonly string[]): Promise<string[]> {
  // One at a time: two answers that are denied at once would open two alerts.
  await tx.query("SELECT pg_advisory_xact_lock(hashtext($1), $2)", [ALERT, tx.shopId]);
  const { rows } = await tx.query<{ id: string; fields: string[] }>(
    `SELECT id, params->'fields' AS fields FROM health_alert
      WHERE shop_id = $1 AND kind = $2 AND resolved_at IS NULL ORDER BY id DESC LIMIT 1`,
    [tx.shopId, ALERT],
  );
  const alert = rows[0];
  const before = alert?.fields ?? [];
  const fields = [...new Set([...before.filter((field) => !answered.includes(field)), ...denied])].sort();
  const params = JSON.stringify({ fields });
  if (!alert && fields.length > 0)
    await tx.query("INSERT INTO health_alert (shop_id, kind, params) VALUES ($1, $2, $3)", [tx.shopId, ALERT, params]);
  else if (alert && fields.length === 0)
    await tx.query("UPDATE health_alert SET resolved_at = now() WHERE shop_id = $1 AND id = $2", [tx.shopId, alert.id]);
  else if (alert && fields.join() !== before.join())
    await tx.query("UPDATE health_alert SET params = $3 WHERE shop_id = $1 AND id = $2", [tx.shopId, alert.id, params]);
  return fields;
}
