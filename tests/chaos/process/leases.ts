import type pg from "pg";

/**
 * Lets the minutes pass for which the letter box, the queue and the rewards trust a silent worker: whatever anybody
 * holds may be taken by others now, also while its holder still believes to hold it.
 */
export async function endLeases(owner: pg.Pool): Promise<void> {
  await owner.query("UPDATE webhook_inbox SET next_attempt = now(), lease_until = now() WHERE lease_until > now()");
  await owner.query("UPDATE pgboss.job SET state = 'retry', start_after = now() WHERE state = 'active'");
  await owner.query("UPDATE redemption SET lease_until = now() WHERE lease_until > now()");
}
