// Consent to news, and what saying yes gives: only to someone who had not said yes when we first saw them,
// by a way that existed when they did, once in a life.
import type { ShopTx } from "../../db.server";
import type { ConsentChange, ConsentState } from "../../shopify/customer-facts";
import { grantWay } from "./grant-way.server";
import { offeredWay, programAt, readCalendar } from "./program-now.server";

const SUBSCRIBED = "subscribed";
/** A yes within a minute of the account itself was part of making it. */
const PART_OF_SIGNING_UP_MS = 60_000;
/** What was known of someone's consents. */
export interface Consents {
  email: ConsentState | null;
  sms: ConsentState | null;
}

/** Records a change of consent in one channel; the other keeps its own. */
export async function recordConsent(
  tx: ShopTx,
  change: ConsentChange,
  now: Date,
): Promise<{ outcome: "recorded" | "unknown_customer" }> {
  const column = change.channel === "email" ? "email_consent" : "sms_consent";
  const { rows } = await tx.query<Consents & { id: number; firstSeenAt: Date }>(
    `SELECT id, email_consent AS email, sms_consent AS sms, first_seen_at AS "firstSeenAt" FROM member
      WHERE shop_id = $1 AND customer_gid = $2 AND status = 'active' FOR NO KEY UPDATE`,
    [tx.shopId, change.customerId],
  );
  const member = rows[0];
  if (!member) return { outcome: "unknown_customer" };
  await tx.query(`UPDATE member SET ${column} = $3 WHERE shop_id = $1 AND id = $2`, [
    tx.shopId,
    member.id,
    change.state,
  ]);
  const before = { email: member.email, sms: member.sms };
  // Shopify tells of changes: of somebody we knew before, a yes that nothing was known about is a new one.
  const isNew = change.at !== null && Date.parse(change.at) > member.firstSeenAt.getTime() + PART_OF_SIGNING_UP_MS;
  if (isNew) before[change.channel] ??= "not_subscribed";
  await rewardConsents(tx, member.id, before, { ...before, [change.channel]: change.state }, { at: change.at, now });
  return { outcome: "recorded" };
}

/** Gives what new consents earn. `at`: when they were given, where that is known. */
export async function rewardConsents(
  tx: ShopTx,
  memberId: number,
  before: Consents,
  after: Consents,
  { at, now }: { at: string | null; now: Date },
): Promise<void> {
  for (const [channel, kind] of [
    ["email", "newsletter"],
    ["sms", "sms"],
  ] as const) {
    // What was never known may have been a yes all along.
    if (before[channel] === null || before[channel] === SUBSCRIBED || after[channel] !== SUBSCRIBED) continue;
    const given = at === null ? now : new Date(at);
    const inForce = await programAt(tx, await readCalendar(tx), given);
    const way = inForce && offeredWay(inForce, kind);
    if (way) await grantWay(tx, { memberId, way, occasion: kind, inForce, actor: "shopper" }, now);
  }
}
