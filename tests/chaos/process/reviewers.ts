// Signed-in customers who write a review through the storefront's page while everything breaks. Who gets no answer opens
// the page again and sends the same words; at the end every review that was thanked for is counted once.
import { setTimeout as sleep } from "node:timers/promises";

import { signProxyQuery } from "../../simulator/browser/storefront/app-proxy";
import type { Random } from "../../simulator/random";
import type { Id, SimShop } from "../../simulator/state";
import type { SentReview } from "../model/expected-ratings";
import { REVIEW_WORDS } from "../review-words";
import type { Bench } from "./bench";

const ANSWER_WITHIN_MS = 8_000;
const LAST_ANSWERS_WITHIN_MS = 120_000;

/** The reviewers of one shop. */
export class Reviewers {
  /** Everything that was sent: once all were heard, each is in the shop. */
  readonly sent: SentReview[] = [];
  #open: SentReview[] = [];
  readonly #asking = new Set<Promise<void>>();

  constructor(
    private readonly bench: Bench,
    private readonly about: { shop: SimShop; random: Random },
  ) {}

  /** Somebody who wrote nothing yet writes about a product; nobody waits for the answer here. */
  act(): void {
    const { shop, random } = this.about;
    // One review each, and no words twice: no rule looks at them first.
    const authors = Object.keys(shop.customers).filter((id) => !this.sent.some(({ customerId }) => customerId === id));
    if (authors.length === 0 || this.sent.length >= REVIEW_WORDS.length) return;
    const product = random.pick(Object.values(shop.products));
    const review = { customerId: random.pick(authors), productId: product.id, rating: random.between(1, 5) };
    this.sent.push(review);
    this.#open.push(review);
    const asked = this.#ask(review).finally(() => this.#asking.delete(asked));
    this.#asking.add(asked);
  }

  /** Sends until every review is taken. @throws Error when that takes too long */
  async hearAll(): Promise<void> {
    await Promise.all(this.#asking);
    for (const end = Date.now() + LAST_ANSWERS_WITHIN_MS; this.#open.length > 0; await sleep(300)) {
      if (Date.now() > end) throw new Error(`${this.#open.length} reviews got no answer`);
      for (const review of [...this.#open]) await this.#ask(review);
    }
  }

  async #ask(review: SentReview): Promise<void> {
    const isTaken = await this.#write(review).catch(() => false);
    if (isTaken) this.#open = this.#open.filter((each) => each !== review);
  }

  async #write(review: SentReview): Promise<boolean> {
    const { customerId, productId, rating } = review;
    const number = this.sent.indexOf(review);
    // Each at home: many from one place would be held for a look.
    const headers = { "x-forwarded-for": `192.0.2.${number + 1}` };
    const form = await fetch(this.#address(customerId, { product: productId }), {
      headers,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const page = await form.text();
    if (form.status !== 200) return false;
    const key = /name="rating\.(\d+)"/.exec(page)?.[1];
    // No form: the review that nobody heard the end of is there.
    if (key === undefined) return true;
    const answer = await fetch(this.#address(customerId, {}), {
      method: "POST",
      headers,
      body: new URLSearchParams({
        product: productId,
        key: /name="key" value="([^"]+)"/.exec(page)?.[1] ?? "",
        name: `Person ${number}`,
        [`rating.${key}`]: String(rating),
        [`title.${key}`]: `Thoughts ${number}`,
        [`body.${key}`]: REVIEW_WORDS[number] ?? "",
      }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await answer.text();
    return answer.status === 200;
  }

  #address(customerId: Id, asked: Record<string, string>): string {
    const query = new URLSearchParams({
      shop: this.about.shop.domain,
      logged_in_customer_id: customerId,
      path_prefix: "/apps/kizuna",
      timestamp: String(Math.floor(Date.now() / 1_000)),
      ...asked,
    });
    query.append("signature", signProxyQuery(this.bench.apiSecret, query));
    return `http://127.0.0.1:${this.bench.frontDoor.port}/proxy/review?${query.toString()}`;
  }
}
