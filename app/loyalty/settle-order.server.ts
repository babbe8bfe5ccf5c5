// Desired state: what an order should have produced in its newest state, minus what is posted already,
// is what is posted now. Locks: the orders' rows by id, then the members' rows by id, never the other
// way round. The member's lock guards every order_earning row of the member's orders, so the member's
// other orders are settled along without locking their rows.
//
// How far the program's rules look decides what is read beside the orders: nothing, orders of the same days and
// the first ones, or a light row of everything the members ever ordered (order-summaries). In the last case an
// order whose surroundings changed (its rank, its tier, what a cap left) is read in full and settled along.
import type { ShopTx } from "../db.server";
import type { Instant } from "../shopify/order-facts";
import { neighboursOf } from "./day-neighbours.server";
import {
  lockMembers,
  openAccount,
  postEntries,
  readOpenLots,
  standing,
  type CountedOrder,
  type EarningRow,
  type LockedMember,
} from "./ledger.server";
import { sweepOrders, type OrderInFull, type Sweep, type SweptOrder } from "./member-sweep";
import { afterHold } from "./order-availability";
import { needsOtherLots, planRule } from "./order-plan";
import { readMemberOrders, readOverrides, writeSummaries, type SummaryRow } from "./order-summaries.server";
import type { AccountDraft, DraftLot } from "./posting-plan";
import type { TierPlan } from "./program-parts";
import { rulesOfVersion, versionAt } from "./program-versions.server";
import { noteReferralOrders } from "./referrals/note-referral-orders.server";
import { noteCodeUses } from "./rewards/note-code-uses.server";
import {
  attributeOrders,
  lockOrders,
  readOrders,
  readOurCodes,
  readPosted,
  type OrderToSettle,
  type SettlementShop,
} from "./settlement-reads.server";
import { sumCounts, unanswered, type Case, type Planned, type Posted } from "./settlement-cases";
import { codesOf, paidWithPoints, reachOf, type StoredOrder } from "./stored-order";
import { noteTierSteps } from "./tiers/apply-tier.server";
import { tierColumns, tierSteps, type TierCase } from "./tiers/tier-steps";
import type { TierOverride } from "./tiers/tier-timeline";

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
  if (ready.length === 0) return outcomes;
  const settlement = new Settlement(tx, shop, now, actor);
  await settlement.lockOwners(ready);
  // Reviews need to know whose order it is, with or without points.
  if (shop.stamps.length === 0) {
    await settlement.attribute(ready);
    return outcomes;
  }
  await settlement.gatherAndPlan(ready);
  await settlement.post();
  await settlement.noteCodes(ready);
  for (const order of ready) {
    const entries = settlement.entriesOf(order.id);
    outcomes.set(order.id, entries === 0 ? { outcome: "unchanged" } : { outcome: "posted", entries });
  }
  return outcomes;
}

class Settlement {
  private readonly members = new Map<number, LockedMember>();
  private readonly byCustomer = new Map<string, LockedMember>();
  private readonly accounts = new Map<number, AccountDraft>();
  private readonly completeAccounts = new Set<number>();
  private readonly earnings: EarningRow[] = [];
  private readonly counted: CountedOrder[] = [];
  private readonly moves: { orderId: number; memberId: number }[] = [];
  private readonly summaries: SummaryRow[] = [];
  private readonly tiers: TierCase[] = [];
  private readonly codes = new Map<string, boolean>();
  private readonly posted: Posted = new Map();
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

  /** Gives each order to its customer; a customer told of in the same moment was not seen when the order was stored. */
  async attribute(orders: OrderToSettle[]): Promise<void> {
    for (const order of orders) {
      const owner = this.ownerOf(order);
      if (owner && owner.id !== order.memberId) this.moves.push({ orderId: order.id, memberId: owner.id });
    }
    await attributeOrders(this.tx, this.moves);
  }

  async gatherAndPlan(orders: (OrderToSettle & StoredOrder)[]): Promise<void> {
    const owners = new Map(orders.map((order) => [order.id, this.ownerOf(order)]));
    const reach = await this.reach();
    const neighbours = reach === "day" ? await this.readNeighbours(orders, owners) : [];
    const others = neighbours.filter(({ id }) => !owners.has(id));
    await this.learn([...orders, ...others]);
    const cases: Case[] = [];
    for (const order of orders) cases.push(await this.caseOf(order, owners.get(order.id) ?? null, true));
    for (const order of others) cases.push(await this.caseOf(order, this.memberById(order.memberId), false));
    if (reach === "life") cases.push(...(await this.summarised(cases)));
    const swept = await this.sweepAll(cases, reach === "life");
    // A neighbour that was never settled has its own settlement coming; until then it only counts.
    const planned = swept.filter(
      (each): each is Planned => each.each.full !== null && (each.each.isOwn || this.posted.has(each.each.id)),
    );
    await this.openAccounts(planned.map(({ each }) => each));
    for (const each of planned) {
      await this.plan(each);
      if (reach === "life") this.summarise(each);
    }
  }

  // One connection runs one statement at a time, so the loops below wait for each.
  private async reach(): Promise<"order" | "day" | "life"> {
    let reach: "order" | "day" | "life" = "order";
    for (const stamp of this.shop.stamps) {
      const own = reachOf(await rulesOfVersion(this.tx, stamp));
      if (own === "life") return own;
      if (own === "day") reach = own;
    }
    return reach;
  }

  async post(): Promise<void> {
    await attributeOrders(this.tx, this.moves);
    const accounts = [...this.accounts.values()].filter(
      (account) => account.entries.length > 0 || account.lots.some((lot) => lot.isChanged),
    );
    const steps = tierSteps(this.members, this.tiers, this.now);
    const tiers = tierColumns(steps);
    if (accounts.length > 0 || this.earnings.length > 0 || this.counted.length > 0 || tiers.length > 0)
      await postEntries(this.tx, {
        accounts,
        earnings: this.earnings,
        counted: sumCounts(this.counted),
        tiers,
        now: this.now,
      });
    await writeSummaries(this.tx, this.summaries);
    await noteTierSteps(this.tx, steps, this.now);
  }

  /** Redemptions and referrals whose codes the orders used are due for a look. */
  async noteCodes(orders: StoredOrder[]): Promise<void> {
    const used = orders.map((order) => ({ orderId: order.id, codes: codesOf(order.facts) }));
    const withCodes = used.filter(({ codes }) => codes.some((code) => this.codes.get(code)));
    if (withCodes.length > 0) await noteCodeUses(this.tx, withCodes, this.now);
    await noteReferralOrders(this.tx, used, this.now);
  }

  entriesOf(orderId: number): number {
    const all = [...this.accounts.values()].flatMap(({ entries }) => entries);
    return all.filter(({ source }) => source.type === "order" && source.id === String(orderId)).length;
  }

  private memberById(id: number | null): LockedMember | null {
    return (id === null ? undefined : standing(this.members, id)) ?? null;
  }
  // Shopify's word for whose order it is comes first; a guest's order keeps the member who claimed it.
  private ownerOf(order: OrderToSettle): LockedMember | null {
    const byCustomer = order.customerGid === null ? undefined : this.byCustomer.get(order.customerGid);
    return this.memberById(byCustomer?.id ?? order.memberId);
  }

  // What was posted for orders read in full, and which of their codes points bought.
  private async learn(orders: StoredOrder[]): Promise<void> {
    const ids = orders.map(({ id }) => id);
    for (const [id, rules] of await readPosted(this.tx, ids)) this.posted.set(id, rules);
    const codes = [...new Set(orders.flatMap(({ facts }) => codesOf(facts)))].filter((code) => !this.codes.has(code));
    const ours = new Set(await readOurCodes(this.tx, codes));
    for (const code of codes) this.codes.set(code, ours.has(code));
  }

  private async caseOf(order: StoredOrder, owner: LockedMember | null, isOwn: boolean): Promise<Case> {
    const settled = [...(this.posted.get(order.id)?.values() ?? [])][0]?.version ?? null;
    const before = this.memberById(order.memberId);
    return {
      id: order.id,
      orderGid: order.orderGid,
      processedAt: order.facts.processedAt,
      ...(await this.inForce(settled, order.facts.processedAt)),
      full: this.inFull(order, owner),
      summary: null,
      owner,
      former: before && before.id !== owner?.id ? before : null,
      isOwn,
      row: null,
    };
  }
  // The version an order was settled under stays its version.
  private async inForce(settled: number | null, processedAt: Instant): Promise<Pick<Case, "version" | "rules">> {
    const stamp =
      settled === null
        ? versionAt(this.shop.stamps, processedAt)
        : this.shop.stamps.find(([version]) => version === settled);
    if (!stamp) throw new Error("an order was settled under a program version that does not exist");
    return { version: stamp[0], rules: await rulesOfVersion(this.tx, stamp) };
  }
  private inFull(order: StoredOrder, owner: LockedMember | null): OrderInFull {
    return {
      order,
      member: owner && { joinedAt: owner.joinedAt?.toISOString() ?? null },
      paidWithPointsMinor: paidWithPoints(order.facts, (code) => this.codes.get(code) === true),
    };
  }

  // Every other order of the members concerned; the own ones get their rows.
  private async summarised(own: Case[]): Promise<Case[]> {
    const memberIds = new Set(own.flatMap(({ owner, former }) => [owner, former]).flatMap((one) => one?.id ?? []));
    if (memberIds.size === 0) return [];
    const others: Case[] = [];
    for (const row of await readMemberOrders(this.tx, [...memberIds])) {
      const known = own.find(({ id }) => id === row.id);
      if (known) {
        known.row = row;
        continue;
      }
      const { id, orderGid, processedAt, summary, version } = row;
      const inForce = await this.inForce(version, processedAt);
      const owner = this.memberById(row.memberId);
      others.push({
        id,
        orderGid,
        processedAt,
        ...inForce,
        full: null,
        summary,
        owner,
        former: null,
        isOwn: false,
        row,
      });
    }
    return others;
  }

  private async sweepAll(cases: Case[], looksAtLife: boolean): Promise<SweptOrder<Case>[]> {
    const newest = this.shop.stamps.at(-1);
    const plans = looksAtLife && newest ? (await rulesOfVersion(this.tx, newest)).tierPlans : [];
    const members = new Map(cases.flatMap(({ owner }) => (owner ? [[owner.id, owner] as const] : [])));
    for (const { former } of cases) if (former && looksAtLife) members.set(former.id, former);
    const overrides = plans.length === 0 ? null : await readOverrides(this.tx, [...members.keys()]);
    const swept = cases
      .filter(({ owner }) => owner === null)
      .flatMap((each) => sweepOrders([each], { ...this.around(), plans: [], overrides: [] }).orders);
    for (const member of members.values()) {
      const own = cases.filter(({ owner }) => owner?.id === member.id);
      const sweep = await this.sweepMember(own, { plans, overrides: overrides?.get(member.id) ?? [] });
      if (sweep.history) this.tiers.push({ memberId: member.id, history: sweep.history });
      swept.push(...sweep.orders);
    }
    return swept;
  }
  // Orders that are settled along may change what later ones find: until nothing is unsure any more.
  private async sweepMember(
    cases: Case[],
    tiers: { plans: readonly TierPlan[]; overrides: TierOverride[] },
  ): Promise<Sweep<Case>> {
    for (;;) {
      const sweep = sweepOrders(cases, { ...this.around(), ...tiers });
      const unsure = sweep.orders.filter(({ isUnsure }) => isUnsure).map(({ each }) => each);
      if (unsure.length === 0) return sweep;
      const read = await readOrders(
        this.tx,
        unsure.map(({ id }) => id),
      );
      await this.learn(read);
      for (const each of unsure) {
        const order = read.find(({ id }) => id === each.id);
        if (!order) throw new Error("an order of a locked member disappeared");
        each.full = this.inFull(order, each.owner);
      }
    }
  }
  private around() {
    return { timeZone: this.shop.timeZone, isDevelopment: this.shop.isDevelopment, now: this.at };
  }

  // Of each order whoever has it now and whoever had it.
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
    for (const [memberId, own] of byMember)
      for (const order of await neighboursOf(this.tx, this.shop, memberId, own)) found.set(order.id, order);
    return [...found.values()];
  }

  // Own lots are enough for a grant; a clawback beyond them needs all the member's open lots.
  private async openAccounts(cases: Case[]): Promise<void> {
    const concerned = cases.flatMap(({ owner, former }) => [owner, former]).filter((member) => member !== null);
    const members = [...new Map(concerned.map((member) => [member.id, member])).values()];
    const orderIds = cases.map(({ id }) => id).filter((id) => this.posted.has(id));
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

  private async plan({ each, earning }: Planned): Promise<void> {
    if (!earning) throw new Error("an order in full has an answer");
    const { id: orderId, owner, former, rules, version } = each;
    const ofOrder = this.posted.get(orderId);
    for (const answer of [...earning.rules, ...unanswered(ofOrder, earning.rules)]) {
      const posted = ofOrder?.get(answer.rule) ?? null;
      const prior = posted?.target ?? 0;
      const claw = { orderId, rule: answer.rule };
      const next = planRule({
        orderId,
        posted,
        answer,
        earning: afterHold(earning, answer.holdDays ?? 0, { timeZone: this.shop.timeZone, now: this.at }),
        rules,
        version,
        timeZone: this.shop.timeZone,
        now: this.at,
        account: await this.account(owner, { ...claw, points: former ? 0 : prior - answer.target }),
        formerAccount: await this.account(former, { ...claw, points: prior }),
        actor: this.actor,
      });
      if (next) this.earnings.push({ orderId, rule: answer.rule, version, ...next });
    }
    this.countOrder(each, ofOrder !== undefined);
  }

  private countOrder({ id, processedAt, full, owner, former }: Planned["each"], wasSettled: boolean): void {
    const { memberId } = full.order;
    if (owner && memberId !== owner.id) this.moves.push({ orderId: id, memberId: owner.id });
    const isNew = owner !== null && (!wasSettled || memberId === null || former !== null);
    if (isNew) this.counted.push({ memberId: owner.id, orders: 1, lastOrderAt: processedAt });
    if (former && wasSettled) this.counted.push({ memberId: former.id, orders: -1, lastOrderAt: null });
  }

  private summarise({ each, steps, inputs, isPurchase: isOne, tierId }: Planned): void {
    if (each.owner === null) return;
    const { id: orderId, processedAt, row } = each;
    const next = { orderId, memberId: each.owner.id, processedAt, steps, inputs, isPurchase: isOne, tierUsed: tierId };
    const before = row?.summary;
    const isSame =
      row?.summaryMemberId === next.memberId &&
      row.summaryAt === processedAt &&
      row.tierUsed === tierId &&
      before?.inputs === inputs &&
      before.isPurchase === isOne &&
      JSON.stringify(before.steps) === JSON.stringify(steps);
    if (!isSame) this.summaries.push(next);
  }
}
