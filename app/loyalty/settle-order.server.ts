// Desired state: what an order should have produced in its newest state, minus what is posted already,
// is what is posted now. Locks: the orders' rows by id, then the members' rows by id, never the other
// way round. The member's lock guards every order_earning row of the member's orders, so the member's
// other orders are settled along without locking their rows.
import type { ShopTx } from "../db.server";
import type { Instant } from "../shopify/order-facts";
import { computeEarning, isPurchase } from "./earning-rules";
import { shopDay } from "./expiry";
import {
  lockMembers,
  openAccount,
  postEntries,
  readOpenLots,
  type CountedOrder,
  type EarningRow,
  type LockedMember,
} from "./ledger.server";
import { needsOtherLots, planRule, type PostedRule } from "./order-plan";
import type { AccountDraft, DraftLot } from "./posting-plan";
import { rulesOfVersion, versionAt, type VersionInForce } from "./program-versions.server";
import {
  attributeOrders,
  lockOrders,
  readNeighbours,
  readPosted,
  type OrderToSettle,
  type SettlementShop,
} from "./settlement-reads.server";
import { byProcessedAt, earningContext, looksAcrossOrders, type StoredOrder } from "./stored-order";

export type SettleOutcome =
  | { outcome: "posted"; entries: number }
  /** The order's state asks for nothing that is not posted already. */
  | { outcome: "unchanged" }
  /** Only a doorbell rang so far: the order has not been read. */
  | { outcome: "no_facts" }
  /** No program was ever saved. */
  | { outcome: "no_program" }
  | { outcome: "unknown_order" };

/** Settles one order; see `settleOrders`. */
export async function settleOrder(tx: ShopTx, orderId: number, now: Date, actor = "system"): Promise<SettleOutcome> {
  const outcomes = await settleOrders(tx, [orderId], now, actor);
  return outcomes.get(orderId) ?? { outcome: "unknown_order" };
}

/**
 * Posts, for each order, the difference between what it should have produced and what is posted. A
 * second call posts nothing. Rules that look across orders re-evaluate the member's other orders.
 */
export async function settleOrders(
  tx: ShopTx,
  orderIds: number[],
  now: Date,
  actor = "system",
): Promise<Map<number, SettleOutcome>> {
  const outcomes = new Map<number, SettleOutcome>();
  const { orders, shop } = await lockOrders(tx, orderIds);
  const ready = orders.filter((order): order is OrderToSettle & StoredOrder => order.facts !== null);
  for (const order of orders) {
    if (order.facts === null) outcomes.set(order.id, { outcome: "no_facts" });
    else if (shop.stamps.length === 0) outcomes.set(order.id, { outcome: "no_program" });
  }
  if (ready.length === 0 || shop.stamps.length === 0) return outcomes;
  const settlement = new Settlement(tx, shop, now, actor);
  await settlement.lockOwners(ready);
  await settlement.gatherAndPlan(ready);
  await settlement.post();
  for (const order of ready) {
    const entries = settlement.entriesOf(order.id);
    outcomes.set(order.id, entries === 0 ? { outcome: "unchanged" } : { outcome: "posted", entries });
  }
  return outcomes;
}

type Posted = Map<number, Map<string, PostedRule & { version: number }>>;
interface Case {
  order: StoredOrder;
  owner: LockedMember | null;
  /** Whom it belonged to when it was last posted, if that was somebody else. */
  former: LockedMember | null;
  inForce: VersionInForce;
}

class Settlement {
  private readonly members = new Map<number, LockedMember>();
  private readonly byCustomer = new Map<string, LockedMember>();
  private readonly accounts = new Map<number, AccountDraft>();
  private readonly completeAccounts = new Set<number>();
  private readonly earnings: EarningRow[] = [];
  private readonly counted: CountedOrder[] = [];
  private readonly moves: { orderId: number; memberId: number }[] = [];
  private posted: Posted = new Map();
  private readonly at: Instant;

  constructor(
    private readonly tx: ShopTx,
    private readonly shop: SettlementShop,
    private readonly now: Date,
    private readonly actor: string,
  ) {
    this.at = now.toISOString();
  }

  async lockOwners(orders: (OrderToSettle & StoredOrder)[]): Promise<void> {
    const ids = orders.flatMap(({ memberId }) => memberId ?? []);
    const customerGids = orders.flatMap(({ customerGid }) => customerGid ?? []);
    if (ids.length + customerGids.length === 0) return;
    for (const member of await lockMembers(this.tx, {
      ids: [...new Set(ids)],
      customerGids: [...new Set(customerGids)],
    })) {
      this.members.set(member.id, member);
      if (member.customerGid !== null) this.byCustomer.set(member.customerGid, member);
    }
  }

  async gatherAndPlan(orders: (OrderToSettle & StoredOrder)[]): Promise<void> {
    const owners = new Map(orders.map((order) => [order.id, this.ownerOf(order)]));
    const neighbours = (await this.doRulesLookAcross()) ? await this.readNeighbours(orders, owners) : [];
    const others = neighbours.filter(({ id }) => !owners.has(id));
    this.posted = await readPosted(this.tx, [...owners.keys(), ...others.map(({ id }) => id)]);

    const cases: Case[] = [];
    for (const order of orders) cases.push(await this.caseOf(order, owners.get(order.id) ?? null));
    // A neighbour that was never settled has its own settlement coming; until then it only counts.
    const counting: Case[] = [];
    for (const order of others) counting.push(await this.caseOf(order, this.memberById(order.memberId)));
    await this.openAccounts(cases, counting);

    const sorted = [...cases, ...counting].sort((a, b) => byProcessedAt(a.order, b.order));
    const firstPurchases = this.firstPurchases(sorted);
    const earnedByDay = new Map<string, number>();
    for (const each of sorted) {
      const isOurs = owners.has(each.order.id);
      await this.plan(each, { firstPurchases, earnedByDay, isPosting: isOurs || this.posted.has(each.order.id) });
    }
  }

  // One connection runs one statement at a time, so the loops below wait for each.
  private async doRulesLookAcross(): Promise<boolean> {
    for (const stamp of this.shop.stamps) if (looksAcrossOrders(await rulesOfVersion(this.tx, stamp))) return true;
    return false;
  }

  async post(): Promise<void> {
    await attributeOrders(this.tx, this.moves);
    const accounts = [...this.accounts.values()].filter(
      (account) => account.entries.length > 0 || account.lots.some((lot) => lot.isChanged),
    );
    if (accounts.length === 0 && this.earnings.length === 0 && this.counted.length === 0) return;
    await postEntries(this.tx, { accounts, earnings: this.earnings, counted: sumCounts(this.counted), now: this.now });
  }

  entriesOf(orderId: number): number {
    const all = [...this.accounts.values()].flatMap(({ entries }) => entries);
    return all.filter(({ source }) => source.type === "order" && source.id === String(orderId)).length;
  }

  // A merged member stands for the one it was merged into.
  private memberById(id: number | null): LockedMember | null {
    const member = id === null ? undefined : this.members.get(id);
    if (!member) return null;
    return member.mergedInto === null ? member : this.memberById(member.mergedInto);
  }
  // Shopify's word for whose order it is comes first; a guest's order keeps the member who claimed it.
  private ownerOf(order: OrderToSettle): LockedMember | null {
    const byCustomer = order.customerGid === null ? undefined : this.byCustomer.get(order.customerGid);
    return this.memberById(byCustomer?.id ?? order.memberId);
  }

  private async caseOf(order: StoredOrder, owner: LockedMember | null): Promise<Case> {
    const settled = [...(this.posted.get(order.id)?.values() ?? [])][0];
    const stamp = settled
      ? this.shop.stamps.find(([version]) => version === settled.version)
      : versionAt(this.shop.stamps, order.facts.processedAt);
    if (!stamp) throw new Error("an order was settled under a program version that does not exist");
    const inForce = { version: stamp[0], rules: await rulesOfVersion(this.tx, stamp) };
    const before = this.memberById(order.memberId);
    return { order, owner, former: before && before.id !== owner?.id ? before : null, inForce };
  }

  private async readNeighbours(
    orders: StoredOrder[],
    owners: Map<number, LockedMember | null>,
  ): Promise<StoredOrder[]> {
    const byMember = new Map<number, StoredOrder[]>();
    for (const order of orders) {
      const concerned = new Set([owners.get(order.id)?.id, this.memberById(order.memberId)?.id]);
      for (const id of concerned) if (id !== undefined) byMember.set(id, [...(byMember.get(id) ?? []), order]);
    }
    const found = new Map<number, StoredOrder>();
    for (const [memberId, own] of byMember) {
      for (const order of await this.neighboursOf(memberId, own)) found.set(order.id, order);
    }
    return [...found.values()];
  }

  // The earliest orders are read in growing chunks until one of them is a purchase.
  private async neighboursOf(memberId: number, own: StoredOrder[]): Promise<StoredOrder[]> {
    const days = own.map(({ facts }) => shopDay(facts.processedAt, this.shop.timeZone));
    for (let earliest = 4; ; earliest *= 8) {
      const found = await readNeighbours(this.tx, memberId, { days, earliest });
      const current = found.map((order) => own.find(({ id }) => id === order.id) ?? order);
      if (found.length < earliest) return found;
      for (const order of current) if (await this.isPurchase(order)) return found;
    }
  }
  private async isPurchase(order: StoredOrder): Promise<boolean> {
    const stamp = versionAt(this.shop.stamps, order.facts.processedAt);
    if (!stamp) return false;
    return (
      isPurchase(order.facts, await rulesOfVersion(this.tx, stamp), { isDevelopmentShop: this.shop.isDevelopment }) &&
      order.kind !== "test_removed"
    );
  }

  // Own lots are enough for a grant; a clawback beyond them needs all the member's open lots.
  private async openAccounts(cases: Case[], counting: Case[]): Promise<void> {
    const concerned = [...cases, ...counting]
      .flatMap(({ owner, former }) => [owner, former])
      .filter((member) => member !== null);
    const members = [...new Map(concerned.map((member) => [member.id, member])).values()];
    const orderIds = [...cases, ...counting].map(({ order }) => order.id).filter((id) => this.posted.has(id));
    const ids = members.map(({ id }) => id);
    const lots =
      orderIds.length === 0
        ? new Map<number, DraftLot[]>()
        : await readOpenLots(this.tx, ids, { orderIds, withExpired: true });
    for (const member of members) this.accounts.set(member.id, openAccount(member, lots.get(member.id) ?? []));
  }
  private async account(
    member: LockedMember | null,
    claw: { orderId: number; rule: string; points: number },
  ): Promise<AccountDraft | null> {
    const account = member && this.accounts.get(member.id);
    if (!account) return null;
    if (
      claw.points > 0 &&
      !this.completeAccounts.has(account.memberId) &&
      needsOtherLots(account, claw.orderId, claw.rule, claw.points)
    ) {
      const all = (await readOpenLots(this.tx, [account.memberId])).get(account.memberId) ?? [];
      const known = new Set(account.lots.map(({ id }) => id));
      account.lots.push(...all.filter(({ id }) => !known.has(id)));
      this.completeAccounts.add(account.memberId);
    }
    return account;
  }

  private firstPurchases(sorted: Case[]): Map<number, StoredOrder> {
    const first = new Map<number, StoredOrder>();
    for (const { order, owner, inForce } of sorted) {
      if (owner === null || first.has(owner.id) || order.kind === "test_removed") continue;
      if (isPurchase(order.facts, inForce.rules, { isDevelopmentShop: this.shop.isDevelopment }))
        first.set(owner.id, order);
    }
    return first;
  }

  private async plan(
    each: Case,
    around: { firstPurchases: Map<number, StoredOrder>; earnedByDay: Map<string, number>; isPosting: boolean },
  ): Promise<void> {
    const { order, owner, former, inForce } = each;
    const first = owner === null ? undefined : around.firstPurchases.get(owner.id);
    const day = `${owner?.id ?? 0}/${shopDay(order.facts.processedAt, this.shop.timeZone).from}`;
    const context = earningContext(order, {
      shop: this.shop,
      member: owner && { joinedAt: owner.joinedAt?.toISOString() ?? null },
      isFirstOrder: first === undefined || byProcessedAt(order, first) <= 0,
      earnedEarlierTodayPoints: around.earnedByDay.get(day) ?? 0,
      now: this.at,
    });
    const earning = computeEarning(order.facts, inForce.rules, context);
    const target = earning.rules.find(({ rule }) => rule === "order")?.target ?? 0;
    around.earnedByDay.set(day, (around.earnedByDay.get(day) ?? 0) + target);
    if (!around.isPosting) return;
    const ofOrder = this.posted.get(order.id);
    for (const answer of earning.rules) {
      const posted = ofOrder?.get(answer.rule) ?? null;
      const prior = posted?.target ?? 0;
      const claw = { orderId: order.id, rule: answer.rule };
      const next = planRule({
        orderId: order.id,
        posted,
        answer,
        earning,
        ...inForce,
        timeZone: this.shop.timeZone,
        now: this.at,
        account: await this.account(owner, { ...claw, points: former ? 0 : prior - answer.target }),
        formerAccount: await this.account(former, { ...claw, points: prior }),
        actor: this.actor,
      });
      if (next) this.earnings.push({ orderId: order.id, rule: answer.rule, version: inForce.version, ...next });
    }
    this.countOrder(each, ofOrder !== undefined);
  }

  private countOrder({ order, owner, former }: Case, wasSettled: boolean): void {
    if (owner && order.memberId !== owner.id) this.moves.push({ orderId: order.id, memberId: owner.id });
    const isNew = owner !== null && (!wasSettled || order.memberId === null || former !== null);
    if (isNew) this.counted.push({ memberId: owner.id, orders: 1, lastOrderAt: order.facts.processedAt });
    if (former && wasSettled) this.counted.push({ memberId: former.id, orders: -1, lastOrderAt: null });
  }
}

function sumCounts(counted: CountedOrder[]): CountedOrder[] {
  const byMember = new Map<number, CountedOrder>();
  for (const { memberId, orders, lastOrderAt } of counted) {
    const sum = byMember.get(memberId) ?? { memberId, orders: 0, lastOrderAt: null };
    sum.orders += orders;
    if (lastOrderAt !== null && (sum.lastOrderAt === null || Date.parse(lastOrderAt) > Date.parse(sum.lastOrderAt)))
      sum.lastOrderAt = lastOrderAt;
    byMember.set(memberId, sum);
  }
  return [...byMember.values()];
}
