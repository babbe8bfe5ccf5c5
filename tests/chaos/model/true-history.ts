// A random, possible history of one shop: what shoppers and merchants do, through the order engine.
import * as engine from "../../simulator/order-engine";
import { lineFigures, totals } from "../../simulator/order-math";
import type { Random } from "../../simulator/random";
import { bareShop } from "../../simulator/seed/demo";
import type { Simulator } from "../../simulator/simulator";
import type { Id, SimOrder, SimShop } from "../../simulator/state";
import { EXCLUDED_TAG } from "./drawn-rules";

/** Opens a shop of one of two kinds: yen with tax inside prices, dollars with tax added. */
export function openSoakShop(sim: Simulator, domain: string, kind: "JPY" | "USD"): SimShop {
  const isYen = kind === "JPY";
  const shop = bareShop(sim, {
    id: sim.newId(),
    domain,
    name: domain,
    email: `owner@${domain}`,
    currency: kind,
    presentment: isYen ? { USD: 0.0066 } : { JPY: 151.5 },
    timeZone: isYen ? "Asia/Tokyo" : "America/New_York",
    country: isYen ? "JP" : "US",
    locale: isYen ? "ja" : "en",
    taxesIncluded: isYen,
    taxRates: isYen
      ? [
          { name: "consumption tax", basisPoints: 1_000, productTag: null },
          { name: "reduced tax", basisPoints: 800, productTag: "food" },
        ]
      : [{ name: "sales tax", basisPoints: 887.5, productTag: null }],
    shippingMinor: isYen ? 600 : 795,
    freeShippingFromMinor: null,
    staff: [{ id: sim.newId(), name: "Owner", email: `owner@${domain}`, locale: "en" }],
  });
  shop.bucket = { available: 20_000, maximum: 20_000, restorePerSecond: 2_000, at: Date.now() };
  sim.state.shops[domain] = shop;
  const product = (title: string, prices: number[], tags: string[], isGiftCard = false): void =>
    void engine.upsertProduct(sim, domain, null, {
      title: { en: title, ja: title },
      tags,
      isGiftCard,
      optionName: prices.length > 1 ? "Size" : null,
      variants: prices.map((priceMinor, index) => ({ priceMinor, title: `Size ${index}` })),
    });
  product("Soap", [1_378, 2_499], []);
  product("Tea", [980], ["food"]);
  product("Lamp", [12_345], [EXCLUDED_TAG]);
  product("Bowl", [3_333], ["craft"]);
  product("Gift card", [5_000], [], true);
  engine.createDiscount(sim, domain, { code: "TEN", value: 1_000 });
  engine.createDiscount(sim, domain, { code: "OFF", kind: "amount", value: 777 });
  engine.createDiscount(sim, domain, { code: "SHIP", kind: "free_shipping", value: 0 });
  return shop;
}

/** One random act. Acts the platform refuses count as "refused": nothing happened. */
export class History {
  readonly #acts: readonly (readonly [() => void, number])[];
  #people = 0;
  #returnable = 0;

  constructor(
    private readonly sim: Simulator,
    private readonly shop: SimShop,
    private readonly random: Random,
  ) {
    this.#acts = [
      [() => this.#buy(), 30],
      [() => this.#newCustomer(), 3],
      [() => this.#refund(), 16],
      [() => this.#settleRefund(), 6],
      [() => this.#edit(), 12],
      [() => this.#pay(), 6],
      [() => this.#voidOrder(), 1],
      [() => this.#cancel(), 3],
      [() => this.#fulfil(), 14],
      [() => this.#deliver(), 10],
      [() => this.#unfulfil(), 1],
      [() => this.#dispute(), 3],
      [() => this.#decide(), 3],
      [() => this.#claim(), 2],
      [() => this.#merge(), 1.5],
      [() => this.#change(), 3],
      [() => this.#deleteCustomer(), 0.5],
      [() => this.#returnGoods(), 2],
      [() => this.#deleteTestOrder(), 0.7],
    ];
  }

  act(): "done" | "refused" {
    try {
      this.random.weighted(this.#acts)();
      return "done";
    } catch (error) {
      if (error instanceof engine.Refused) return "refused";
      throw error;
    }
  }
  start(): void {
    for (let count = 0; count < 6; count++) this.#newCustomer();
  }

  get #domain(): string {
    return this.shop.domain;
  }
  #orders(fits: (order: SimOrder) => boolean = () => true): SimOrder[] {
    return Object.values(this.shop.orders).filter((order) => order.deletedAt === null && fits(order));
  }
  #order(fits?: (order: SimOrder) => boolean): SimOrder {
    const found = this.#orders(fits);
    if (found.length === 0) throw new engine.Refused("no such order");
    // Mostly the newest: histories of one order get deep.
    return this.random.chance(0.6) ? this.random.pick(found.slice(-5)) : this.random.pick(found);
  }
  #customer(): Id {
    const ids = Object.keys(this.shop.customers);
    if (ids.length === 0) throw new engine.Refused("no customer");
    return this.random.pick(ids);
  }

  #newCustomer(): void {
    const number = ++this.#people;
    engine.createCustomer(this.sim, this.#domain, {
      email: `person-${number}@example.com`,
      firstName: "Person",
      lastName: String(number),
      state: this.random.chance(0.5) ? "enabled" : "disabled",
      tags: this.random.chance(0.2) ? ["vip"] : [],
    });
  }

  #cartLines(most: number): { variantId: Id; quantity: number; lineDiscountMinor?: number }[] {
    const variants = Object.values(this.shop.products).flatMap(({ variants: all }) => all);
    return Array.from({ length: this.random.between(1, most) }, () => {
      const variant = this.random.pick(variants);
      const quantity = this.random.between(1, 4);
      const discount = this.random.chance(0.15)
        ? { lineDiscountMinor: this.random.between(1, variant.priceMinor) }
        : {};
      return { variantId: variant.id, quantity, ...discount };
    });
  }

  #buy(): void {
    const { random } = this;
    const isGuest = random.chance(0.15);
    const by = random.weighted([
      ["card", 70],
      ["authorization", 10],
      ["bank_transfer", 7],
      ["cash_on_delivery", 5],
      ["none", 5],
    ] as const);
    const withGiftCard = random.chance(0.12) ? { giftCardMinor: random.between(1, 6_000) } : {};
    engine.createOrder(this.sim, this.#domain, {
      lines: this.#cartLines(4),
      ...(isGuest
        ? {
            email: `guest-${random.between(1, 4)}@example.com`,
            guest: random.pick(["no_customer", "no_customer", "customer_record"] as const),
          }
        : { customerId: this.#customer() }),
      discountCodes: random.chance(0.35) ? [random.pick(["TEN", "OFF", "SHIP"])] : [],
      badCodes: "ignore",
      payment: {
        by,
        ...withGiftCard,
        ...(by === "card" && random.chance(0.05) ? { cardMinor: random.between(1, 900) } : {}),
      },
      test: random.chance(0.06),
      sourceName: random.pick([
        "web",
        "web",
        "web",
        "pos",
        "shopify_draft_order",
        "subscription_contract_checkout_one",
      ]),
      riskLevel: random.chance(0.05) ? "HIGH" : "LOW",
      ...(random.chance(0.1)
        ? { presentmentCurrency: Object.keys(this.shop.presentment)[0] ?? this.shop.currency }
        : {}),
    });
  }

  #refund(): void {
    const { random } = this;
    const order = this.#order((each) => totals(each).paidMinor > 0);
    const status = random.weighted([
      ["success", 80],
      ["pending", 15],
      ["failure", 5],
    ] as const);
    const open = order.lines
      .map((line) => ({ lineId: line.id, most: lineFigures(order, line).currentQuantity }))
      .filter(({ most }) => most > 0);
    const kind = random.weighted([
      ["lines", 50],
      ["amount", 20],
      ["shipping", 10],
      ["both", 12],
      ["restock", 4],
      ["everything", 4],
    ] as const);
    const lines = open
      .filter(() => kind === "everything" || random.chance(0.5))
      .map(({ lineId, most }) => ({ lineId, quantity: kind === "everything" ? most : random.between(1, most) }));
    engine.refundOrder(this.sim, this.#domain, order.id, {
      status,
      ...(kind === "amount" || kind === "shipping" ? {} : { lines }),
      ...(kind === "amount" ? { amountMinor: random.between(1, 1_500) } : {}),
      ...(kind === "shipping" || kind === "both" || kind === "everything" ? { shippingMinor: "all" as const } : {}),
      ...(kind === "both" && random.chance(0.3) ? { amountMinor: random.between(-300, 300) } : {}),
      ...(kind === "restock" ? { withoutMoney: true } : {}),
      gateway: random.chance(0.1) ? "shopify_store_credit" : "original",
    });
  }

  #settleRefund(): void {
    const order = this.#order((each) =>
      each.payments.some(({ kind, status }) => kind === "refund" && status === "pending"),
    );
    const refundId =
      order.payments.find(({ kind, status }) => kind === "refund" && status === "pending")?.refundId ?? "";
    engine.settleRefund(this.sim, this.#domain, order.id, refundId, this.random.chance(0.7) ? "success" : "failure");
  }

  #edit(): void {
    const { random } = this;
    const order = this.#order();
    const line = random.pick(order.lines);
    const { currentQuantity } = lineFigures(order, line);
    engine.editOrder(this.sim, this.#domain, order.id, {
      ...(random.chance(0.4) ? { add: this.#cartLines(2) } : {}),
      ...(random.chance(0.7)
        ? { setQuantity: [{ lineId: line.id, quantity: clampQuantity(currentQuantity + random.between(-2, 2)) }] }
        : {}),
      payDifference: random.chance(0.7),
      refundDifference: random.chance(0.7),
    });
  }

  #pay(): void {
    const order = this.#order((each) => totals(each).outstandingMinor > 0 && each.cancelledAt === null);
    const { outstandingMinor } = totals(order);
    engine.payOrder(this.sim, this.#domain, order.id, {
      status: this.random.chance(0.9) ? "success" : "failure",
      ...(this.random.chance(0.2) ? { amountMinor: this.random.between(1, outstandingMinor) } : {}),
    });
  }
  #voidOrder(): void {
    engine.voidPayment(this.sim, this.#domain, this.#order((each) => totals(each).authorizedMinor > 0).id);
  }
  #cancel(): void {
    engine.cancelOrder(this.sim, this.#domain, this.#order((each) => each.cancelledAt === null).id, {
      refund: this.random.chance(0.8),
    });
  }

  #fulfil(): void {
    const { random } = this;
    const order = this.#order((each) => totals(each).fulfillmentStatus !== "fulfilled");
    const open = order.lines
      .map((line) => ({ lineId: line.id, most: lineFigures(order, line).fulfillableQuantity }))
      .filter(({ most }) => most > 0);
    const some = open
      .slice(0, random.between(1, open.length))
      .map(({ lineId, most }) => ({ lineId, quantity: random.between(1, most) }));
    engine.fulfilOrder(this.sim, this.#domain, order.id, random.chance(0.35) && some.length > 0 ? { lines: some } : {});
  }
  #deliver(): void {
    const isOpen = (each: SimOrder["fulfillments"][number]): boolean =>
      each.status === "success" && each.events.every(({ status }) => status !== "delivered");
    const order = this.#order((each) => each.fulfillments.some(isOpen));
    const fulfillment = order.fulfillments.find(isOpen);
    engine.deliverOrder(this.sim, this.#domain, order.id, {
      ...(fulfillment ? { fulfillmentId: fulfillment.id } : {}),
      status: this.random.chance(0.8) ? "delivered" : "in_transit",
    });
  }
  #unfulfil(): void {
    const order = this.#order((each) => each.fulfillments.some(({ status }) => status === "success"));
    const fulfillment = order.fulfillments.find(({ status }) => status === "success");
    engine.cancelFulfilment(this.sim, this.#domain, order.id, fulfillment?.id ?? "");
  }

  #dispute(): void {
    const order = this.#order((each) => totals(each).paidMinor > 0);
    engine.openDispute(this.sim, this.#domain, order.id, { type: this.random.pick(["chargeback", "inquiry"]) });
  }
  #decide(): void {
    const isOpen = ({ status }: SimOrder["disputes"][number]): boolean => status !== "won" && status !== "lost";
    const order = this.#order((each) => each.disputes.some(isOpen));
    const dispute = order.disputes.find(isOpen);
    engine.closeDispute(
      this.sim,
      this.#domain,
      order.id,
      dispute?.id ?? "",
      this.random.pick(["under_review", "won", "lost"]),
    );
  }

  #claim(): void {
    engine.assignCustomer(this.sim, this.#domain, this.#order((each) => each.customerId === null).id, this.#customer());
  }
  #merge(): void {
    engine.mergeCustomers(
      this.sim,
      this.#domain,
      this.#customer(),
      this.#customer(),
      this.random.chance(0.8) ? "completed" : "failed",
    );
  }
  #change(): void {
    const id = this.#customer();
    if (this.random.chance(0.5))
      engine.setEmailConsent(this.sim, this.#domain, id, this.random.pick(["subscribed", "unsubscribed"]));
    else if (this.random.chance(0.5)) engine.setSmsConsent(this.sim, this.#domain, id, "subscribed");
    else
      engine.updateCustomer(this.sim, this.#domain, id, { lastName: `Renamed ${++this.#people}`, tags: ["changed"] });
  }
  #deleteCustomer(): void {
    const id = this.#customer();
    if (Object.values(this.shop.orders).some(({ customerId }) => customerId === id))
      throw new engine.Refused("has orders");
    engine.deleteCustomer(this.sim, this.#domain, id);
  }
  #returnGoods(): void {
    const order = this.#order((each) => each.fulfillments.some(({ status }) => status === "success"));
    const line = order.fulfillments.find(({ status }) => status === "success")?.lines[0];
    const opened = engine.createReturn(this.sim, this.#domain, order.id, {
      lines: [{ lineId: line?.lineId ?? "", quantity: 1 }],
    });
    if (++this.#returnable % 2 === 0) engine.moveReturn(this.sim, this.#domain, order.id, opened.id, "close");
  }
  #deleteTestOrder(): void {
    engine.deleteOrder(this.sim, this.#domain, this.#order(({ test }) => test).id);
  }
}

const clampQuantity = (quantity: number): number => Math.max(0, quantity);
