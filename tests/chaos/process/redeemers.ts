// Shoppers who buy rewards through the storefront's door while everything breaks. Who gets no answer asks again
// with the same key, as the storefront's script does; at the end every wish has its answer.
import { setTimeout as sleep } from "node:timers/promises";

import { signProxyQuery } from "../../simulator/browser/storefront/app-proxy";
import * as engine from "../../simulator/order-engine";
import type { Random } from "../../simulator/random";
import type { Id, SimShop } from "../../simulator/state";
import { standingCustomer, type PromisedReward } from "../model/expected-spending";
import { REWARD_POINTS } from "../reward";
import type { Bench } from "./bench";

const ANSWER_WITHIN_MS = 8_000;
const LAST_ANSWERS_WITHIN_MS = 120_000;

interface Wish {
  customerId: Id;
  requestKey: string;
  /** Asked at least once without hearing the end of it. */
  isUnsure: boolean;
}

/** The shoppers of one shop. */
export class Redeemers {
  /** Redemptions by number, and whose they are. */
  readonly #promised = new Map<number, Id>();
  /** Promised, then refused by the platform for good: their points came back. */
  #broken = new Set<number>();
  readonly #problems: string[] = [];
  #open: Wish[] = [];
  #asking = new Set<Promise<void>>();
  #wishes = 0;

  constructor(
    private readonly bench: Bench,
    private readonly about: { shopId: number; shop: SimShop; rewardId: number; random: Random; allowsCodes: boolean },
  ) {}

  /** Somebody wants the reward, asks again for it, or uses a code; nobody waits for the answer here. */
  act(): void {
    const { random, shop } = this.about;
    if (random.chance(0.3)) return this.#useCode();
    const again = this.#open.length > 0 && random.chance(0.4);
    const customers = Object.keys(shop.customers);
    if (customers.length === 0) return;
    const fresh = (): Wish => ({
      customerId: random.pick(customers),
      requestKey: `wish-${shop.domain.split(".")[0] ?? ""}-${++this.#wishes}`,
      isUnsure: false,
    });
    const wish = again ? random.pick(this.#open) : fresh();
    if (!again) this.#open.push(wish);
    const asked = this.#ask(wish).finally(() => this.#asking.delete(asked));
    this.#asking.add(asked);
  }

  /** Asks until every wish is answered. @throws Error when that takes too long */
  async hearAll(): Promise<void> {
    await Promise.all(this.#asking);
    for (const end = Date.now() + LAST_ANSWERS_WITHIN_MS; this.#open.length > 0; await sleep(300)) {
      if (Date.now() > end) throw new Error(`${this.#open.length} shoppers got no answer`);
      for (const wish of [...this.#open]) await this.#ask(wish);
    }
  }

  /** Finds out which promises the app itself took back. */
  async readBroken(): Promise<void> {
    const { rows } = await this.bench.owner.query<{ id: string }>(
      "SELECT id FROM redemption WHERE shop_id = $1 AND status = 'voided'",
      [this.about.shopId],
    );
    this.#broken = new Set(rows.map(({ id }) => Number(id)));
  }

  /** What the platform holds for each promise, and promises without exactly one code. */
  promised(): { rewards: PromisedReward[]; problems: string[] } {
    const made = new Map<string, string[]>();
    for (const { title, code, status, endsAt } of Object.values(this.about.shop.discounts)) {
      const isUsable =
        status === "active" && (endsAt === null || Date.parse(endsAt) > this.bench.simulator.sim.now().getTime());
      const isTakenBack = [...this.#broken].some((id) => title === `Kizuna redemption ${id}`);
      if (!isTakenBack || isUsable) made.set(title, [...(made.get(title) ?? []), code]);
    }
    const rewards: PromisedReward[] = [];
    const problems = [...this.#problems];
    for (const [id, customerId] of this.#promised) {
      if (this.#broken.has(id)) continue;
      const codes = made.get(`Kizuna redemption ${id}`) ?? [];
      made.delete(`Kizuna redemption ${id}`);
      if (codes.length !== 1) problems.push(`redemption ${id} has ${codes.length} codes at the platform`);
      rewards.push({ customerId, points: REWARD_POINTS, code: codes[0] ?? "" });
    }
    for (const title of made.keys())
      if (title.startsWith("Kizuna redemption ")) problems.push(`${title} has a code, but is promised to nobody`);
    return { rewards, problems };
  }

  get count(): number {
    return this.#promised.size;
  }

  async #ask(wish: Wish): Promise<void> {
    const answer = await this.#knock(wish).catch(() => null);
    if (answer === null) {
      wish.isUnsure = true;
      return;
    }
    if (!this.#open.includes(wish)) return;
    this.#open = this.#open.filter((each) => each !== wish);
    if (answer.outcome === "key_reused") this.#problems.push(`${wish.requestKey} was taken for another wish`);
    if (answer.redemption) this.#promised.set(answer.redemption.id, wish.customerId);
    // Whoever was merged or left meanwhile is refused; what an unheard answer gave them counts all the same.
    else if (wish.isUnsure) await this.#lookUp(wish);
  }

  async #knock({ customerId, requestKey }: Wish): Promise<{ outcome: string; redemption?: { id: number } } | null> {
    const { shop, rewardId } = this.about;
    const query = new URLSearchParams({
      shop: shop.domain,
      logged_in_customer_id: customerId,
      path_prefix: "/apps/kizuna",
      timestamp: String(Math.floor(Date.now() / 1_000)),
    });
    query.append("signature", signProxyQuery(this.bench.apiSecret, query));
    const response = await fetch(`http://127.0.0.1:${this.bench.frontDoor.port}/proxy/redeem?${query.toString()}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-kizuna": "1" },
      body: JSON.stringify({ rewardId, requestKey }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const answer = (await response.json()) as { outcome: string; redemption?: { id: number } };
    return response.ok || response.status === 409 ? answer : null;
  }

  async #lookUp({ requestKey, customerId }: Wish): Promise<void> {
    const { rows } = await this.bench.owner.query<{ id: string }>(
      "SELECT id FROM redemption WHERE shop_id = $1 AND request_key = $2 AND status <> 'voided'",
      [this.about.shopId, requestKey],
    );
    if (rows[0]) this.#promised.set(Number(rows[0].id), customerId);
  }

  // Where the rules count money before discounts, what was paid with points is another matter.
  #useCode(): void {
    const { shop, random, allowsCodes } = this.about;
    if (!allowsCodes) return;
    const used = new Set(
      Object.values(shop.orders).flatMap(({ discountCodes }) => discountCodes.map((each) => each.code)),
    );
    const open = this.promised().rewards.filter(
      ({ code, customerId }) =>
        code !== "" &&
        !used.has(code) &&
        standingCustomer(shop, customerId) === customerId &&
        shop.customers[customerId],
    );
    if (open.length === 0) return;
    const { code, customerId } = random.pick(open);
    const variants = Object.values(shop.products)
      .filter(({ isGiftCard }) => !isGiftCard)
      .flatMap((each) => each.variants);
    engine.createOrder(this.bench.simulator.sim, shop.domain, {
      customerId,
      lines: [{ variantId: random.pick(variants).id, quantity: random.between(1, 3) }],
      discountCodes: [code],
      badCodes: "ignore",
      payment: { by: "card" },
    });
  }
}
