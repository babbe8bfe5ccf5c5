import { describe, expect, it } from "vitest";

import { compareStates, storeFacts, unknownProducts } from "../../../app/loyalty/stored-order";
import { later, orderFacts, orderLine, refundFacts } from "../../builders/order-facts";

const nothing = { products: [], memberTags: null };
const tea = {
  productId: "gid://shopify/Product/1",
  tags: ["tea"],
  collectionIds: ["gid://shopify/Collection/9"],
  productType: "Tea",
  vendor: "Uji",
};
const coffee = { ...tea, tags: ["coffee"], collectionIds: [] };

describe("what is fixed when an order is first seen", () => {
  it("keeps the tags and collections of each line, and learns those of lines that come later", () => {
    const line = orderLine({ productId: tea.productId });
    const first = storeFacts(null, orderFacts({ lines: [line] }), { products: [tea], memberTags: null });
    expect(first.lines[0]).toMatchObject({ productTags: ["tea"], collectionIds: ["gid://shopify/Collection/9"] });
    const added = orderLine({ productId: tea.productId });
    const next = storeFacts(first, later(first, { lines: [line, added] }), { products: [coffee], memberTags: null });
    expect(next.lines.map(({ productTags }) => productTags)).toEqual([["tea"], ["coffee"]]);
  });

  it("waits for a product it does not know instead of fixing nothing", () => {
    const line = orderLine({ productId: tea.productId });
    const first = storeFacts(null, orderFacts({ lines: [line] }), nothing);
    expect(unknownProducts(first)).toEqual([tea.productId]);
    const next = storeFacts(first, later(first, { lines: [line] }), { products: [tea], memberTags: null });
    expect(next.lines[0]?.productTags).toEqual(["tea"]);
    expect(unknownProducts(next)).toEqual([]);
  });

  it("keeps the customer's tags of that moment, whether the order or the member told them", () => {
    const told = storeFacts(null, orderFacts({ customerTags: ["vip"] }), { products: [], memberTags: ["late"] });
    expect(storeFacts(told, later(told, { customerTags: ["staff"] }), nothing).customerTags).toEqual(["vip"]);
    const untold = storeFacts(null, orderFacts({ uncarried: ["customerTags"] }), { products: [], memberTags: ["vip"] });
    expect(untold.customerTags).toEqual(["vip"]);
    const unknown = storeFacts(null, orderFacts({ uncarried: ["customerTags"] }), nothing);
    expect(storeFacts(unknown, later(unknown, { customerTags: ["vip"], uncarried: [] }), nothing).customerTags).toEqual(
      ["vip"],
    );
  });

  it("never loses its customer, and remembers when a guest got one", () => {
    const known = storeFacts(null, orderFacts(), nothing);
    expect(storeFacts(known, later(known, { customerId: null }), nothing).customerId).toBe(known.customerId);
    const guest = storeFacts(null, orderFacts({ customerId: null }), nothing);
    const attached = storeFacts(guest, later(guest, { customerId: "gid://shopify/Customer/1" }, 5), nothing);
    expect(attached.claimedAt).toBe(attached.sourceUpdatedAt);
    expect(storeFacts(attached, later(attached, {}, 9), nothing).claimedAt).toBe(attached.claimedAt);
    expect(known.claimedAt).toBeUndefined();
  });
});

describe("which state is the newest", () => {
  it("goes by Shopify's stamp", () => {
    const facts = orderFacts();
    expect(compareStates(facts, later(facts, {}))).toEqual({ isNewest: true, isSameMoment: false });
    expect(compareStates(later(facts, {}), facts)).toEqual({ isNewest: false, isSameMoment: false });
    expect(compareStates(facts, { ...facts })).toEqual({ isNewest: false, isSameMoment: false });
  });

  it("A05 within one second, by what has gone further; the answer does not depend on who came first", () => {
    const open = orderFacts({ financialStatus: "pending", paidAt: null });
    const states = [
      open,
      { ...open, financialStatus: "paid" as const },
      { ...open, refunds: [refundFacts()] },
      { ...open, cancelledAt: open.createdAt },
      { ...open, name: "#2" },
    ];
    for (const a of states) {
      for (const b of states.filter((other) => other !== a)) {
        expect(compareStates(a, b).isNewest).toBe(!compareStates(b, a).isNewest);
      }
    }
    expect(compareStates(open, { ...open, financialStatus: "paid" })).toEqual({ isNewest: true, isSameMoment: true });
  });
});
