import { inShop, routerPool, type ShopId, type ShopTx } from "../db.server";

export interface SyncHealth {
  /** Deliveries accepted and not yet applied. */
  waiting: number;
  /** Age of the oldest of them in seconds; 0 when none waits. */
  lagSeconds: number;
  /** Deliveries given up after their retries. */
  dead: number;
  /** Deliveries whose body could not be read. */
  quarantined: number;
  lastDeliveryAt: Date | null;
  lastReconciliation: Reconciliation | null;
  /** Subscriptions missing and refused at the last hourly check. */
  refusedTopics: string[];
  /** Fields of customers and orders that Shopify keeps from us for want of an approval. */
  deniedFields: string[];
  alerts: { kind: string; params: Record<string, unknown>; at: Date }[];
}
export interface Reconciliation {
  kind: string;
  startedAt: Date;
  finishedAt: Date | null;
  status: string;
  seen: number;
  matched: number;
  healed: number;
  unexplained: number;
}

const ALERTS_SHOWN = 20;

/** How well the shop's data follows Shopify's, for the admin's health card. */
export async function readSyncHealth(shopId: ShopId): Promise<SyncHealth> {
  const [inbox, tenant] = await Promise.all([readInbox(shopId), readTenant(shopId)]);
  return { ...inbox, ...tenant };
}

type InboxHealth = Pick<SyncHealth, "waiting" | "lagSeconds" | "dead" | "quarantined" | "lastDeliveryAt">;
async function readInbox(shopId: ShopId): Promise<InboxHealth> {
  // Lag is on real time: it is how long a delivery has lain here. Each part rides on its own index; a
  // shop's whole history is never counted.
  const { rows } = await routerPool().query<InboxHealth>(
    `SELECT due.waiting, due."lagSeconds", bad.dead, bad.quarantined,
            (SELECT max(received_at) FROM webhook_inbox WHERE shop_id = $1) AS "lastDeliveryAt"
       FROM (SELECT count(*) AS waiting,
                    COALESCE(floor(extract(epoch FROM now() - min(received_at))), 0)::int AS "lagSeconds"
               FROM webhook_inbox
              WHERE domain = (SELECT domain FROM shop WHERE id = $1) AND status IN ('pending', 'parked')) due,
            (SELECT count(*) FILTER (WHERE status = 'dead') AS dead, count(*) FILTER (WHERE status = 'quarantined') AS quarantined
               FROM webhook_inbox WHERE shop_id = $1 AND status IN ('dead', 'quarantined')) bad`,
    [shopId],
  );
  const row = rows[0];
  if (!row) throw new Error("counting the inbox gave no row");
  return row;
}

async function readTenant(shopId: ShopId): Promise<Omit<SyncHealth, keyof InboxHealth>> {
  return inShop(shopId, async (tx) => {
    const orders = await tx.query<Reconciliation>(
      `SELECT kind, started_at AS "startedAt", finished_at AS "finishedAt", status, seen, matched, healed, unexplained
         FROM reconciliation_run WHERE shop_id = $1 AND kind = 'orders' ORDER BY started_at DESC LIMIT 1`,
      [shopId],
    );
    const subscriptions = await tx.query<{ refused: string[] | null }>(
      `SELECT detail -> 'refused' AS refused FROM reconciliation_run
        WHERE shop_id = $1 AND kind = 'subscriptions' ORDER BY started_at DESC LIMIT 1`,
      [shopId],
    );
    const deniedFields = await readDeniedFields(tx);
    const alerts = await tx.query<SyncHealth["alerts"][number]>(
      "SELECT kind, params, at FROM health_alert WHERE shop_id = $1 AND resolved_at IS NULL ORDER BY id DESC LIMIT $2",
      [shopId, ALERTS_SHOWN],
    );
    return {
      lastReconciliation: orders.rows[0] ?? null,
      refusedTopics: subscriptions.rows[0]?.refused ?? [],
      deniedFields,
      alerts: alerts.rows,
    };
  });
}

/** Which customer data Shopify keeps from us, for the settings page. */
export async function readDeniedData(shopId: ShopId): Promise<string[]> {
  return inShop(shopId, readDeniedFields);
}
async function readDeniedFields(tx: ShopTx): Promise<string[]> {
  const { rows } = await tx.query<{ fields: string[] }>(
    `SELECT params->'fields' AS fields FROM health_alert
      WHERE shop_id = $1 AND kind = 'protected_data_denied' AND resolved_at IS NULL ORDER BY id DESC LIMIT 1`,
    [tx.shopId],
  );
  return rows[0]?.fields ?? [];
}
