// Every member's tier made again from qualifying orders, tiers set by hand and plans. A row says until when it
// holds by itself, so it must be right in the last instant before its review, whatever the clock says now.
import type pg from "pg";

import { earningRulesSchema } from "../loyalty/earning-rules";
import type { TierPlan } from "../loyalty/program-parts";
import type { QualifyingStep } from "../loyalty/tiers/qualifying-steps";
import { tierNow } from "../loyalty/tiers/tier-now";
import type { TierHistory, TierOverride } from "../loyalty/tiers/tier-timeline";
import type { Recomputation } from "./recompute-earnings.server";

const MEMBERS_PER_FETCH = 500;

interface AuditedMember {
  id: number;
  tierId: string | null;
  until: Date | null;
  reviewAt: Date | null;
  contributions: QualifyingStep[][];
  overrides: TierOverride[];
}
interface AuditedShop {
  id: number;
  timeZone: string;
  plans: TierPlan[];
}

/** Recomputes the tiers of every shop that has plans, inside the caller's transaction, in bounded memory. */
export async function recomputeTiers(client: pg.Client): Promise<Recomputation> {
  const total = { rows: 0, violations: 0 };
  for (const shop of await readShops(client)) {
    for await (const member of membersOf(client, shop.id)) {
      total.rows += 1;
      if (differs(member, shop)) total.violations += 1;
    }
  }
  return total;
}

// While a change of plans is on its way to the members, their rows may still say what was.
async function readShops(client: pg.Client): Promise<AuditedShop[]> {
  const { rows } = await client.query<{ id: number; timeZone: string; rules: unknown }>(
    `SELECT p.shop_id AS id, p.time_zone AS "timeZone", newest.rules
       FROM shop_profile p
       JOIN LATERAL (SELECT rules FROM program_version v WHERE v.shop_id = p.shop_id ORDER BY version DESC LIMIT 1) newest ON true
      WHERE p.tier_plans_from IS NULL AND jsonb_array_length(coalesce(newest.rules -> 'tierPlans', '[]')) > 0 ORDER BY 1`,
  );
  return rows.map(({ id, timeZone, rules }) => ({ id, timeZone, plans: earningRulesSchema.parse(rules).tierPlans }));
}

// Somebody new whom no review has looked at yet holds nothing and says when that will be; who is to be looked at
// anew (the shop moved to another zone) says an instant before all this.
const MEMBERS = `
SELECT m.id::float8 AS id, m.tier_id AS "tierId", m.tier_until AS until, m.tier_review_at AS "reviewAt",
       (SELECT coalesce(jsonb_agg(q.steps), '[]') FROM order_qualifying q WHERE q.shop_id = m.shop_id AND q.member_id = m.id) AS contributions,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('tierId', o.tier_id, 'from', o.from_at, 'until', o.until_at, 'endedAt', o.ended_at) ORDER BY o.id), '[]')
          FROM tier_override o WHERE o.shop_id = m.shop_id AND o.member_id = m.id) AS overrides
  FROM member m
 WHERE m.shop_id = $1 AND m.id > $2 AND m.status = 'active' AND NOT (m.tier_progress IS NULL AND m.tier_id IS NULL AND m.tier_review_at IS NOT NULL)
   AND coalesce(m.tier_review_at > m.tier_since, true)
 ORDER BY m.id LIMIT ${MEMBERS_PER_FETCH}`;

async function* membersOf(client: pg.Client, shopId: number): AsyncGenerator<AuditedMember> {
  const next = (after: number) => client.query<AuditedMember>(MEMBERS, [shopId, after]);
  for (let fetching = next(0); ;) {
    const { rows } = await fetching;
    const last = rows.at(-1);
    if (!last) return;
    // The database reads on while these are judged.
    fetching = next(last.id);
    fetching.catch(() => undefined); // Awaited above, unless whoever reads has stopped.
    yield* rows;
  }
}

function differs(member: AuditedMember, { plans, timeZone }: AuditedShop): boolean {
  const { contributions, overrides, reviewAt } = member;
  const history: TierHistory = { plans, timeZone, contributions, overrides };
  const at = reviewAt === null ? lastInstant(history) : reviewAt.getTime() - 1;
  const expected = tierNow(history, new Date(at).toISOString());
  return expected.tierId !== member.tierId || expected.until !== (member.until?.toISOString() ?? null);
}

// Nothing is to come any more: any instant after everything that happened will do.
function lastInstant({ plans, contributions, overrides }: TierHistory): number {
  const instants = [
    ...plans.map(({ effectiveAt }) => effectiveAt),
    ...contributions.flatMap((steps) => steps.map(([at]) => at)),
    ...overrides.flatMap(({ from, until, endedAt }) => [from, until, endedAt].filter((at) => at !== null)),
  ];
  return instants.reduce((latest, at) => Math.max(latest, Date.parse(at)), Date.now());
}
