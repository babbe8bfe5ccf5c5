// What people ask of the app itself: rewards for points, reviews, to be forgotten. Who gets no answer asks again with
// the same key, as the storefront's script does; what they were told is part of the true history.
import { redeem } from "../../../app/loyalty/rewards/redeem.server";
import { submitReview } from "../../../app/reviews/submit-review.server";
import * as engine from "../../simulator/order-engine";
import type { Random } from "../../simulator/random";
import type { Simulator } from "../../simulator/simulator";
import type { Id, SimShop } from "../../simulator/state";
import type { SentReview } from "../model/expected-ratings";
import { standingCustomer, type PromisedReward } from "../model/expected-spending";
import { REVIEW_WORDS } from "../review-words";
import { REWARD_POINTS } from "../reward";
import type { SeedShop } from "./world";

type Ask = (now: Date) => Promise<void>;
/** Of all who ask, so many click twice. */
const DOUBLE_CLICKS = 0.35;
const NO_FIELDS = { locale: "en", memberId: null, orderId: null, lineId: null, requestId: null, authorEmail: null };

/** The people of one shop. */
export class Shoppers {
  /** Redemptions that were answered, and who asked. */
  readonly #promised = new Map<number, Id>();
  readonly sent: SentReview[] = [];
  readonly erased = new Set<Id>();
  #asks: Ask[] = [];
  #wishes = 0;

  constructor(
    private readonly sim: Simulator,
    private readonly opened: SeedShop,
    private readonly random: Random,
  ) {}

  /** Somebody wants something. */
  wish(): void {
    const { random } = this;
    const kind = random.weighted([["redeem", 5], ["use", 4], ["review", 3], ["export", 1]] as const); // prettier-ignore
    if (kind === "use") return this.#useCode();
    const customerId = this.#customer();
    if (customerId === null) return;
    if (kind === "redeem") this.#queue(this.#redemption(customerId, `wish ${++this.#wishes}`));
    else if (kind === "review") this.#review(customerId);
    else this.#emit("customers/data_request", customerId);
  }

  /** Somebody wants to be forgotten; nothing more is heard of them. */
  forget(): void {
    const customerId = this.#customer();
    if (customerId === null) return;
    this.erased.add(customerId);
    this.#emit("customers/redact", customerId);
  }

  get isWaiting(): boolean {
    return this.#asks.length > 0;
  }

  /** Asks for everything that was not answered yet. Rejects where the process dies. */
  async ask(now: Date): Promise<void> {
    for (const ask of [...this.#asks]) {
      await ask(now);
      this.#asks = this.#asks.filter((each) => each !== ask);
    }
  }

  /** What the platform holds for each promise; a promise without exactly one code is told. */
  promised(): { rewards: PromisedReward[]; problems: string[] } {
    const { shop } = this.opened;
    const rewards: PromisedReward[] = [];
    const problems: string[] = [];
    const made = new Map<string, string[]>();
    for (const { title, code } of Object.values(shop.discounts)) made.set(title, [...(made.get(title) ?? []), code]);
    for (const [id, customerId] of this.#promised) {
      const codes = made.get(`Kizuna redemption ${id}`) ?? [];
      made.delete(`Kizuna redemption ${id}`);
      if (codes.length !== 1) problems.push(`redemption ${id} has ${codes.length} codes at the platform`);
      rewards.push({ customerId, points: REWARD_POINTS, code: codes[0] ?? "" });
    }
    for (const title of made.keys())
      if (title.startsWith("Kizuna redemption ")) problems.push(`${title} was promised to nobody`);
    return { rewards, problems };
  }

  // Two clicks are two requests with one key, side by side.
  #queue(ask: Ask): void {
    const isTwice = this.random.chance(DOUBLE_CLICKS);
    this.#asks.push(isTwice ? async (now) => void (await Promise.all([ask(now), ask(now)])) : ask);
  }

  #redemption(customerId: Id, requestKey: string): Ask {
    return async (now) => {
      const customerGid = `gid://shopify/Customer/${customerId}`;
      const { id, rewardId } = this.opened;
      const answer = await redeem(id, { customerGid, rewardId, requestKey, actor: "shopper" }, now);
      if (answer.outcome === "issued" || answer.outcome === "reserved")
        this.#promised.set(answer.redemption.id, customerId);
    };
  }

  #review(customerId: Id): void {
    // One product each: nobody here writes so much that a rule would look at it first.
    if (this.sent.some((each) => each.customerId === customerId)) return;
    const product = this.random.pick(Object.values(this.#shop.products));
    const review = { customerId, productId: product.id, rating: this.random.between(1, 5) };
    this.sent.push(review);
    const number = this.sent.length;
    this.#queue(async (now) => {
      const answer = await submitReview(
        this.opened.id,
        {
          ...NO_FIELDS,
          source: "signed_in",
          productGid: `gid://shopify/Product/${product.id}`,
          customerGid: `gid://shopify/Customer/${customerId}`,
          authorEmail: `author-${customerId}@example.com`,
          isConfirmed: true,
          promised: false,
          mediaTicket: null,
          licence: null,
          visitorKey: null,
          content: {
            rating: review.rating,
            title: `Thoughts ${number}`,
            body: REVIEW_WORDS[number % REVIEW_WORDS.length] ?? "",
            authorName: `Person ${number}`,
          },
        },
        now,
      );
      if (!["published", "already_reviewed"].includes(answer.outcome))
        throw new Error(`a plain review was not taken: ${JSON.stringify(answer)}`);
    });
  }

  // Where the rules count money before discounts, what was paid with points is another matter.
  #useCode(): void {
    const { random } = this;
    if (this.opened.rules.at(-1)?.rules.discounts !== "after") return;
    const used = new Set(
      Object.values(this.#shop.orders).flatMap(({ discountCodes }) => discountCodes.map((each) => each.code)),
    );
    const open = this.promised().rewards.filter(({ code }) => code !== "" && !used.has(code));
    if (open.length === 0) return;
    const reward = random.pick(open);
    const customerId = standingCustomer(this.#shop, reward.customerId);
    if (customerId !== reward.customerId || !this.#shop.customers[customerId]) return;
    const variants = Object.values(this.#shop.products)
      .filter(({ isGiftCard }) => !isGiftCard)
      .flatMap((each) => each.variants);
    engine.createOrder(this.sim, this.#shop.domain, {
      customerId,
      lines: [{ variantId: random.pick(variants).id, quantity: random.between(1, 3) }],
      discountCodes: [reward.code],
      badCodes: "ignore",
      payment: { by: "card" },
    });
  }

  #emit(topic: string, customerId: Id): void {
    const { email } = this.#shop.customers[customerId] ?? {};
    this.sim.emit({ shop: this.#shop.domain, topic, ids: { customerId }, extra: email ? { email } : {} });
  }
  #customer(): Id | null {
    const ids = Object.keys(this.#shop.customers).filter((id) => !this.erased.has(id));
    return ids.length === 0 ? null : this.random.pick(ids);
  }
  get #shop(): SimShop {
    return this.opened.shop;
  }
}
