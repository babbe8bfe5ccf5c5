// A shop that refuses our calls is left alone for a while: its jobs end quietly instead of storming. A new
// install or a new token, in whatever process, ends the rest at once.
import { routerPool, type ShopId } from "../db.server";

const PAUSE_MS = 10 * 60 * 1000;
interface Pause {
  until: number;
  credentials: string;
}
const paused = new Map<ShopId, Pause>();

/** Leaves the shop alone from now on, for ten minutes. */
export async function pauseShop(shopId: ShopId): Promise<void> {
  paused.set(shopId, { until: Date.now() + PAUSE_MS, credentials: await readCredentials(shopId) });
}

/** Whether the shop is being left alone. */
export async function isPaused(shopId: ShopId): Promise<boolean> {
  const pause = paused.get(shopId);
  if (!pause) return false;
  if (pause.until > Date.now() && pause.credentials === (await readCredentials(shopId))) return true;
  paused.delete(shopId);
  return false;
}

// Which install and which tokens the shop refused.
async function readCredentials(shopId: ShopId): Promise<string> {
  const { rows } = await routerPool().query<{ credentials: string }>(
    `SELECT concat_ws('/', install_seq, (SELECT max(s.updated_at) FROM shopify_session s WHERE s.domain = shop.domain)) AS credentials
       FROM shop WHERE id = $1`,
    [shopId],
  );
  return rows[0]?.credentials ?? "";
}
