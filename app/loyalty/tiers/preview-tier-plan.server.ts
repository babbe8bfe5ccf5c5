// Who would be where under a new plan, before anything is saved: every member's tier at the instant the plan
// begins, with and without it. Reads only; members are streamed, so that a big shop costs time, not memory.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import type { TierPlan } from "../program-parts";
import { ORDER_TO_LEARN, stepsOfOrder, type OrderToLearn } from "./learn-qualifying.server";
import { historyOf, readTierFacts, readTierShop, type MemberTierFacts, type TierShop } from "./tier-history.server";
import { withPlan } from "./tier-plans";
import { planAt, tierAt, tierTimeline } from "./tier-timeline";

const MEMBERS_PER_BATCH = 300;
const SAMPLE_EACH_WAY = 8;

export interface TierMover {
  memberId: number;
  name: string;
  from: string | null;
  to: string | null;
}
export interface TierPlanPreview {
  outcome: "previewed";
  /** The instant compared: when the plan begins. */
  at: string;
  members: number;
  up: number;
  down: number;
  same: number;
  byTier: { from: string | null; to: string | null; count: number }[];
  /** Some who would move, up and down. */
  movers: TierMover[];
  /** What the rewards for reaching a tier would come to. */
  entryPoints: number;
}
export type PreviewOutcome = TierPlanPreview | { outcome: "in_past" } | { outcome: "too_many" };

/** Compares the plans as they are with the same plans and `plan`, which may take the place of a coming one. */
export async function previewTierPlan(
  shopId: ShopId,
  plan: TierPlan,
  now: Date,
  replaces: string | null = null,
): Promise<PreviewOutcome> {
  const shop = await inShop(shopId, readTierShop);
  const next = withPlan(shop.plans, plan, now, replaces);
  if (next.outcome !== "ok") return next;
  const tally = new Tally(shop, next.tierPlans, plan.effectiveAt);
  // Without any plan so far nothing was remembered of orders: their states say it.
  const fromOrders = shop.plans.length === 0;
  for (let after = 0; ;) {
    const last = await inShop(shopId, async (tx) => {
      const members = await readMembers(tx, after);
      const ids = members.map(({ id }) => id);
      const facts = fromOrders ? await factsFromOrders(tx, ids, shop) : await readTierFacts(tx, ids);
      for (const member of members) tally.add(member, facts.get(member.id) ?? { orders: new Map(), overrides: [] });
      return ids.at(-1);
    });
    if (last === undefined) return tally.result();
    after = last;
  }
}

interface MemberRow {
  id: number;
  name: string;
  /** "tier-entry-<tier>" of the rewards they have had. */
  entries: string[];
}
async function readMembers(tx: ShopTx, after: number): Promise<MemberRow[]> {
  const { rows } = await tx.query<MemberRow & { [column: string]: unknown }>(
    `SELECT m.id, m.name, ARRAY(SELECT w.way_id FROM way_grant w WHERE w.shop_id = m.shop_id AND w.member_id = m.id AND w.kind = 'tier_entry') AS entries
       FROM member m WHERE m.shop_id = $1 AND m.id > $2 AND m.status = 'active' ORDER BY m.id LIMIT ${MEMBERS_PER_BATCH}`,
    [tx.shopId, after],
  );
  return rows;
}

async function factsFromOrders(tx: ShopTx, memberIds: number[], shop: TierShop): Promise<Map<number, MemberTierFacts>> {
  const facts = new Map<number, MemberTierFacts>();
  const { rows } = await tx.query<OrderToLearn & { [column: string]: unknown }>(
    `SELECT ${ORDER_TO_LEARN} FROM customer_order o WHERE o.shop_id = $1 AND o.member_id = ANY ($2) AND o.facts IS NOT NULL`,
    [tx.shopId, memberIds],
  );
  for (const order of rows) {
    const ofMember = facts.get(order.memberId) ?? { orders: new Map(), overrides: [] };
    facts.set(order.memberId, ofMember);
    ofMember.orders.set(order.id, await stepsOfOrder(tx, order, shop));
  }
  return facts;
}

class Tally {
  private readonly counts = new Map<string, { from: string | null; to: string | null; count: number }>();
  private readonly ups: TierMover[] = [];
  private readonly downs: TierMover[] = [];
  private readonly totals = { members: 0, up: 0, down: 0, same: 0 };
  private entryPoints = 0;

  constructor(
    private readonly shop: TierShop,
    private readonly nextPlans: TierPlan[],
    private readonly at: string,
  ) {}

  add({ id: memberId, name, entries }: MemberRow, facts: MemberTierFacts): void {
    const from = this.tierUnder(this.shop.plans, facts);
    const to = this.tierUnder(this.nextPlans, facts);
    this.totals.members += 1;
    this.count(from, to);
    const move = from === to ? "same" : this.isUp(from, to) ? "up" : "down";
    this.totals[move] += 1;
    const sample = move === "up" ? this.ups : this.downs;
    if (move !== "same" && sample.length < SAMPLE_EACH_WAY) sample.push({ memberId, name, from, to });
    if (move !== "same" && to !== null && !entries.includes(`tier-entry-${to}`))
      this.entryPoints += planAt(this.nextPlans, this.at)?.tiers.find(({ id }) => id === to)?.entryPoints ?? 0;
  }

  result(): TierPlanPreview {
    return {
      outcome: "previewed",
      at: this.at,
      ...this.totals,
      byTier: [...this.counts.values()],
      movers: [...this.ups, ...this.downs],
      entryPoints: this.entryPoints,
    };
  }

  private tierUnder(plans: TierPlan[], facts: MemberTierFacts): string | null {
    const history = historyOf(facts, { plans, timeZone: this.shop.timeZone });
    return tierAt(tierTimeline({ ...history, until: this.at }), this.at)?.tierId ?? null;
  }
  private count(from: string | null, to: string | null): void {
    const key = JSON.stringify([from, to]);
    const known = this.counts.get(key) ?? { from, to, count: 0 };
    known.count += 1;
    this.counts.set(key, known);
  }
  private isUp(from: string | null, to: string | null): boolean {
    const next = this.rankIn(this.nextPlans, to);
    const known = this.rankIn(this.nextPlans, from);
    return next > (known >= 0 ? known : this.rankIn(this.shop.plans, from));
  }
  private rankIn(plans: TierPlan[], tierId: string | null): number {
    return planAt(plans, this.at)?.tiers.findIndex(({ id }) => id === tierId) ?? -1;
  }
}
