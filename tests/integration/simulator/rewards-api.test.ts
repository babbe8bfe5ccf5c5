// What rewards become at Shopify: discount codes, gift cards, store credit and tags of the Admin API.
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createOrder } from "../../simulator/order-engine";
import { type Answer, DOMAIN, type Platform, SCOPES, startPlatform } from "./platform";

interface Row {
  [name: string]: unknown;
}
let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(async () => platform.stop());

async function data(query: string, variables: Row = {}, on = platform): Promise<Record<string, Row | null>> {
  const answer = await on.ask(query, variables);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data as unknown as Record<string, Row | null>;
}
const messageOf = (answer: Answer): string => answer.errors?.[0]?.message ?? "no error";
const ask = async (query: string, variables: Row = {}): Promise<Answer> => platform.ask(query, variables);

const BASIC = `mutation ($input: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $input) {
  codeDiscountNode { id codeDiscount { ... on DiscountCodeBasic { title status usageLimit asyncUsageCount appliesOncePerCustomer discountClasses
    startsAt endsAt minimumRequirement { ... on DiscountMinimumSubtotal { greaterThanOrEqualToSubtotal { amount } } }
    combinesWith { orderDiscounts productDiscounts shippingDiscounts } codes(first: 1) { nodes { code } }
    context { ... on DiscountCustomers { customers { id } } ... on DiscountBuyerSelectionAll { all } }
    customerGets { items { ... on AllDiscountItems { allItems } ... on DiscountProducts { products(first: 5) { nodes { id } } productVariants(first: 5) { nodes { id } } }
        ... on DiscountCollections { collections(first: 5) { nodes { id } } } }
      value { ... on DiscountAmount { amount { amount } appliesOnEachItem } ... on DiscountPercentage { percentage } } } } } }
  userErrors { field message code extraInfo } } }`;
const input = (code: string, more: Row = {}): Row => ({
  title: `Reward ${code}`,
  code,
  startsAt: "2026-01-01T00:00:00Z",
  customerGets: { items: { all: true }, value: { discountAmount: { amount: "500", appliesOnEachItem: false } } },
  ...more,
});
const basic = async (code: string, more: Row = {}) =>
  (await data(BASIC, { input: input(code, more) })).discountCodeBasicCreate as {
    codeDiscountNode: { id: string; codeDiscount: Row } | null;
    userErrors: { field: string[]; code: string }[];
  };
const errorOf = async (code: string, more: Row) => {
  const { userErrors } = await basic(code, more);
  return [userErrors[0]?.code, userErrors[0]?.field.slice(1).join(".")];
};

describe("amount and percentage codes", () => {
  it("carry everything they were given", async () => {
    const made = await basic("FULL-1", {
      context: { customers: { add: ["gid://shopify/Customer/301"] } },
      usageLimit: 1,
      appliesOncePerCustomer: true,
      minimumRequirement: { subtotal: { greaterThanOrEqualToSubtotal: "3000" } },
      combinesWith: { orderDiscounts: false, productDiscounts: true, shippingDiscounts: true },
      endsAt: "2099-01-01T00:00:00Z",
    });
    expect(made.userErrors).toEqual([]);
    expect(made.codeDiscountNode?.codeDiscount).toMatchObject({
      title: "Reward FULL-1",
      status: "ACTIVE",
      usageLimit: 1,
      asyncUsageCount: 0,
      appliesOncePerCustomer: true,
      discountClasses: ["ORDER"],
      endsAt: "2099-01-01T00:00:00Z",
      minimumRequirement: { greaterThanOrEqualToSubtotal: { amount: "3000.0" } },
      combinesWith: { orderDiscounts: false, productDiscounts: true, shippingDiscounts: true },
      codes: { nodes: [{ code: "FULL-1" }] },
      context: { customers: [{ id: "gid://shopify/Customer/301" }] },
      customerGets: { items: { allItems: true }, value: { amount: { amount: "500.0" }, appliesOnEachItem: false } },
    });
  });

  it("may be for products, variants or collections", async () => {
    const gets = (items: Row) => ({ customerGets: { items, value: { percentage: 1 } } });
    const product = await basic("ITEM-1", gets({ products: { productsToAdd: ["gid://shopify/Product/101"] } }));
    expect(product.codeDiscountNode?.codeDiscount).toMatchObject({
      discountClasses: ["PRODUCT"],
      customerGets: { items: { products: { nodes: [{ id: "gid://shopify/Product/101" }] } }, value: { percentage: 1 } },
    });
    const variant = await basic(
      "ITEM-2",
      gets({ products: { productVariantsToAdd: ["gid://shopify/ProductVariant/9102"] } }),
    );
    expect(variant.codeDiscountNode?.codeDiscount).toMatchObject({
      customerGets: { items: { productVariants: { nodes: [{ id: "gid://shopify/ProductVariant/9102" }] } } },
    });
    const collection = await basic("ITEM-3", gets({ collections: { add: ["gid://shopify/Collection/201"] } }));
    expect(collection.codeDiscountNode?.codeDiscount).toMatchObject({
      customerGets: { items: { collections: { nodes: [{ id: "gid://shopify/Collection/201" }] } } },
    });
  });

  it("are refused with Shopify's codes", async () => {
    await basic("ONLY-ONCE");
    expect(await errorOf("only-once", {})).toEqual(["TAKEN", "code"]);
    expect(await errorOf("", {})).toEqual(["BLANK", "code"]);
    expect(await errorOf("X".repeat(256), {})).toEqual(["TOO_LONG", "code"]);
    expect(await errorOf("BAD", { title: " " })).toEqual(["BLANK", "title"]);
    expect(await errorOf("BAD", { usageLimit: 0 })).toEqual(["GREATER_THAN", "usageLimit"]);
    expect(await errorOf("BAD", { endsAt: "2025-01-01T00:00:00Z" })).toEqual(["END_DATE_BEFORE_START_DATE", "endsAt"]);
    expect(await errorOf("BAD", { context: { customers: { add: ["gid://shopify/Customer/999"] } } })).toEqual([
      "INVALID",
      "context.customers.add",
    ]);
    const amount = (value: Row, items: Row = { all: true }) => ({ customerGets: { items, value } });
    expect(await errorOf("BAD", amount({ discountAmount: { amount: "0" } }))).toEqual([
      "GREATER_THAN",
      "customerGets.value.discountAmount.amount",
    ]);
    expect(await errorOf("BAD", amount({ percentage: 1.5 }))).toEqual([
      "VALUE_OUTSIDE_RANGE",
      "customerGets.value.percentage",
    ]);
    expect((await errorOf("BAD", amount({ percentage: 0.1 }, {})))[0]).toBe("APPLIES_ON_NOTHING");
    expect(
      await errorOf("BAD", amount({ percentage: 0.1 }, { products: { productsToAdd: ["gid://shopify/Product/7"] } })),
    ).toEqual(["INVALID", "customerGets.items.products.productsToAdd"]);
  });

  it("name what is not simulated", async () => {
    const answer = await ask(BASIC, { input: input("SEGMENT", { context: { customerSegments: { add: [] } } }) });
    expect(messageOf(answer)).toBe("simulator: discount contexts other than all and customers is not implemented");
  });
});

describe("free shipping codes", () => {
  const FREE = `mutation ($input: DiscountCodeFreeShippingInput!) { discountCodeFreeShippingCreate(freeShippingCodeDiscount: $input) {
    codeDiscountNode { id codeDiscount { ... on DiscountCodeFreeShipping { title discountClasses maximumShippingPrice { amount } destinationSelection { ... on DiscountCountryAll { allCountries } } } } }
    userErrors { field code } } }`;
  const free = async (more: Row = {}) => {
    const variables = {
      input: { title: "Free", code: "FREE-1", startsAt: "2026-01-01T00:00:00Z", destination: { all: true }, ...more },
    };
    return (await data(FREE, variables)).discountCodeFreeShippingCreate;
  };

  it("are made up to a shipping price", async () => {
    expect(await free({ maximumShippingPrice: "800" })).toMatchObject({
      userErrors: [],
      codeDiscountNode: {
        codeDiscount: {
          discountClasses: ["SHIPPING"],
          maximumShippingPrice: { amount: "800.0" },
          destinationSelection: { allCountries: true },
        },
      },
    });
    expect(await free()).toMatchObject({
      userErrors: [{ code: "TAKEN", field: ["freeShippingCodeDiscount", "code"] }],
    });
    expect(await free({ code: "FREE-2", combinesWith: { shippingDiscounts: true } })).toMatchObject({
      codeDiscountNode: null,
      userErrors: [{ code: "INVALID_COMBINES_WITH_FOR_DISCOUNT_CLASS" }],
    });
  });
});

describe("the life of a code", () => {
  const ACT = (name: string, result: string) =>
    `mutation ($id: ID!) { ${name}(id: $id) { ${result} userErrors { field code message } } }`;
  const NODE = "codeDiscountNode { codeDiscount { ... on DiscountCodeBasic { status endsAt } } }";

  it("is switched off and on, found and deleted", async () => {
    const id = (await basic("LIFE-1")).codeDiscountNode?.id ?? "";
    const off = await data(ACT("discountCodeDeactivate", NODE), { id });
    expect(off.discountCodeDeactivate).toMatchObject({ codeDiscountNode: { codeDiscount: { status: "EXPIRED" } } });
    const FIND = `query ($code: String!, $id: ID!, $node: ID!, $query: String) {
      byCode: codeDiscountNodeByCode(code: $code) { id } byId: codeDiscountNode(id: $id) { id } byNode: discountNode(id: $node) { id }
      list: discountNodes(first: 5, query: $query) { nodes { discount { ... on DiscountCodeBasic { title } } } } node(id: $id) { id } }`;
    const numeric = id.split("/").at(-1) ?? "";
    const found = await data(FIND, {
      code: "life-1",
      id,
      node: `gid://shopify/DiscountNode/${numeric}`,
      query: `status:expired AND id:${numeric}`,
    });
    expect(found).toMatchObject({
      byCode: { id },
      byId: { id },
      byNode: { id: `gid://shopify/DiscountNode/${numeric}` },
      list: { nodes: [{ discount: { title: "Reward LIFE-1" } }] },
      node: { id },
    });
    const on = await data(ACT("discountCodeActivate", NODE), { id });
    expect(on.discountCodeActivate).toMatchObject({
      codeDiscountNode: { codeDiscount: { status: "ACTIVE", endsAt: null } },
    });
    const remove = ACT("discountCodeDelete", "deletedCodeDiscountId");
    expect((await data(remove, { id })).discountCodeDelete).toMatchObject({ deletedCodeDiscountId: id });
    expect((await data(remove, { id })).discountCodeDelete).toMatchObject({ userErrors: [{ field: ["id"] }] });
  });

  it("tells Shopify's subscribers of each change", async () => {
    const topics: string[] = [];
    platform.sim.onEvent(({ topic }) => void topics.push(topic));
    const id = (await basic("LIFE-2")).codeDiscountNode?.id ?? "";
    await data(ACT("discountCodeDeactivate", NODE), { id });
    await data(ACT("discountCodeDelete", "deletedCodeDiscountId"), { id });
    expect(topics).toEqual(["discounts/create", "discounts/update", "discounts/delete"]);
  });

  it("is scheduled before it starts, and its use may be counted late", async () => {
    const later = await basic("LATER", { startsAt: "2098-01-01T00:00:00Z" });
    expect(later.codeDiscountNode?.codeDiscount.status).toBe("SCHEDULED");
    await basic("COUNTED", { usageLimit: 1 });
    platform.sim.faults.usageLagMs = 60_000;
    createOrder(platform.sim, DOMAIN, {
      customerId: "301",
      lines: [{ variantId: "9101", quantity: 1 }],
      discountCodes: ["COUNTED"],
    });
    const USED = `{ codeDiscountNodeByCode(code: "COUNTED") { codeDiscount { ... on DiscountCodeBasic { asyncUsageCount } } } orders(first: 5, query: "discount_code:counted") { nodes {
      discountCodes discountApplications(first: 2) { nodes { index targetType targetSelection allocationMethod value { ... on MoneyV2 { amount } } ... on DiscountCodeApplication { code } } }
      lineItems(first: 2) { nodes { discountAllocations { allocatedAmountSet { shopMoney { amount } } discountApplication { ... on DiscountCodeApplication { code } } } } } } } }`;
    const used = await data(USED);
    expect(used.codeDiscountNodeByCode).toMatchObject({ codeDiscount: { asyncUsageCount: 0 } });
    expect(used.orders).toMatchObject({
      nodes: [
        {
          discountCodes: ["COUNTED"],
          discountApplications: {
            nodes: [
              {
                index: 0,
                targetType: "LINE_ITEM",
                targetSelection: "ALL",
                allocationMethod: "ACROSS",
                value: { amount: "500.0" },
                code: "COUNTED",
              },
            ],
          },
          lineItems: {
            nodes: [
              {
                discountAllocations: [
                  { allocatedAmountSet: { shopMoney: { amount: "500.0" } }, discountApplication: { code: "COUNTED" } },
                ],
              },
            ],
          },
        },
      ],
    });
    platform.sim.clock.advance(61_000);
    expect((await data(USED)).codeDiscountNodeByCode).toMatchObject({ codeDiscount: { asyncUsageCount: 1 } });
    platform.sim.faults.usageLagMs = 0;
  });
});

describe("gift cards", () => {
  const CREATE = `mutation ($input: GiftCardCreateInput!) { giftCardCreate(input: $input) {
    giftCard { id balance { amount currencyCode } initialValue { amount } customer { id } note expiresOn enabled lastCharacters maskedCode } giftCardCode userErrors { field code message } } }`;
  const create = async (more: Row) =>
    (await data(CREATE, { input: { initialValue: "1000", ...more } })).giftCardCreate as Row;

  it("are issued, found by their code and switched off for good", async () => {
    const made = await create({
      code: "ABCD2345EFGH6789",
      customerId: "gid://shopify/Customer/301",
      note: "Reward 7",
      expiresOn: "2099-12-31",
    });
    expect(made).toMatchObject({
      giftCardCode: "abcd2345efgh6789",
      userErrors: [],
      giftCard: {
        balance: { amount: "1000.0", currencyCode: "JPY" },
        customer: { id: "gid://shopify/Customer/301" },
        note: "Reward 7",
        expiresOn: "2099-12-31",
        enabled: true,
        lastCharacters: "6789",
        maskedCode: "•••• •••• •••• 6789",
      },
    });
    const { id } = made.giftCard as { id: string };
    const FIND = `query ($id: ID!, $query: String) { giftCard(id: $id) { id } giftCards(first: 3, query: $query) { nodes { id } } giftCardsCount(query: $query) { count } }`;
    expect(await data(FIND, { id, query: "abcd2345efgh6789" })).toEqual({
      giftCard: { id },
      giftCards: { nodes: [{ id }] },
      giftCardsCount: { count: 1 },
    });
    const OFF = `mutation ($id: ID!) { giftCardDeactivate(id: $id) { giftCard { enabled deactivatedAt } userErrors { code } } }`;
    expect((await data(OFF, { id })).giftCardDeactivate).toMatchObject({
      giftCard: { enabled: false },
      userErrors: [],
    });
    expect((await data(OFF, { id: "gid://shopify/GiftCard/1" })).giftCardDeactivate).toMatchObject({
      giftCard: null,
      userErrors: [{ code: "GIFT_CARD_NOT_FOUND" }],
    });
  });

  it("are refused with Shopify's codes", async () => {
    const code = async (more: Row) => ((await create(more)).userErrors as { code: string }[])[0]?.code;
    await create({ code: "takencard1" });
    expect(await code({ code: "TAKENCARD1" })).toBe("TAKEN");
    expect(await code({ code: "short12" })).toBe("TOO_SHORT");
    expect(await code({ code: "a".repeat(21) })).toBe("TOO_LONG");
    expect(await code({ code: "abcd-2345" })).toBe("INVALID");
    expect(await code({ initialValue: "0" })).toBe("GREATER_THAN");
    expect(await code({ initialValue: null })).toBe("MISSING_ARGUMENT");
    expect(await code({ customerId: "gid://shopify/Customer/999" })).toBe("CUSTOMER_NOT_FOUND");
  });
});

describe("store credit", () => {
  const CREDIT = `mutation ($id: ID!, $credit: StoreCreditAccountCreditInput!) { storeCreditAccountCredit(id: $id, creditInput: $credit) {
    storeCreditAccountTransaction { id amount { amount } balanceAfterTransaction { amount } expiresAt account { id balance { amount } owner { ... on Customer { id } } } } userErrors { field code } } }`;
  const DEBIT = `mutation ($id: ID!, $debit: StoreCreditAccountDebitInput!) { storeCreditAccountDebit(id: $id, debitInput: $debit) {
    storeCreditAccountTransaction { amount { amount } account { balance { amount } } } userErrors { field code } } }`;
  const READ = `query ($id: ID!, $query: String) { customer(id: $id) { storeCreditAccounts(first: 1) { nodes { balance { amount currencyCode }
    transactions(first: 10, query: $query) { nodes { __typename amount { amount } createdAt event ... on StoreCreditAccountCreditTransaction { id expiresAt remainingAmount { amount } } } } } } } }`;
  const yen = (amount: string, currencyCode = "JPY") => ({ amount, currencyCode });
  const credit = async (id: string, amount: string, expiresAt?: string) =>
    (await data(CREDIT, { id, credit: { creditAmount: yen(amount), ...(expiresAt ? { expiresAt } : {}) } }))
      .storeCreditAccountCredit as Row;
  const account = async (id: string, query?: string) => {
    const { customer } = await data(READ, { id, query });
    return (customer as { storeCreditAccounts: { nodes: { balance: Row; transactions: { nodes: Row[] } }[] } })
      .storeCreditAccounts.nodes[0];
  };

  it("is credited with a date to know it by, spent and expired", async () => {
    const id = "gid://shopify/Customer/302";
    expect(await account(id)).toBeUndefined();
    const soon = new Date(platform.sim.now().getTime() + 86_400_000).toISOString();
    const first = await credit(id, "1500", soon);
    expect(first).toMatchObject({
      userErrors: [],
      storeCreditAccountTransaction: {
        amount: { amount: "1500.0" },
        balanceAfterTransaction: { amount: "1500.0" },
        expiresAt: `${soon.slice(0, 19)}Z`,
        account: { owner: { id } },
      },
    });
    await credit(id, "700");
    const debit = await data(DEBIT, { id, debit: { debitAmount: yen("600") } });
    expect(debit.storeCreditAccountDebit).toMatchObject({
      storeCreditAccountTransaction: { amount: { amount: "-600.0" }, account: { balance: { amount: "1600.0" } } },
      userErrors: [],
    });
    // The credit that goes first pays first.
    expect((await account(id, "type:credit"))?.transactions.nodes).toMatchObject([
      { expiresAt: `${soon.slice(0, 19)}Z`, remainingAmount: { amount: "900.0" } },
      { expiresAt: null, remainingAmount: { amount: "700.0" } },
    ]);
    expect((await account(id, `expires_at:'${soon.slice(0, 19)}Z'`))?.transactions.nodes).toHaveLength(1);
    platform.sim.clock.advance(86_400_000);
    expect(await account(id)).toMatchObject({
      balance: { amount: "700.0", currencyCode: "JPY" },
      transactions: {
        nodes: [
          {},
          {},
          { event: "ADJUSTMENT" },
          { __typename: "StoreCreditAccountExpirationTransaction", amount: { amount: "-900.0" } },
        ],
      },
    });
  });

  it("is refused with Shopify's codes", async () => {
    const id = "gid://shopify/Customer/303";
    const code = (answer: Row) => (answer.userErrors as { code: string }[])[0]?.code;
    expect(code(await credit("gid://shopify/Customer/999", "100"))).toBe("OWNER_NOT_FOUND");
    expect(code(await credit("gid://shopify/StoreCreditAccount/999", "100"))).toBe("ACCOUNT_NOT_FOUND");
    expect(code(await credit(id, "0"))).toBe("NEGATIVE_OR_ZERO_AMOUNT");
    expect(code(await credit(id, "100", "2020-01-01T00:00:00Z"))).toBe("EXPIRES_AT_IN_PAST");
    const pounds = await data(CREDIT, { id, credit: { creditAmount: yen("1", "GBP") } });
    expect(code(pounds.storeCreditAccountCredit as Row)).toBe("UNSUPPORTED_CURRENCY");
    const missing = await data(DEBIT, { id, debit: { debitAmount: yen("1") } });
    expect(code(missing.storeCreditAccountDebit as Row)).toBe("ACCOUNT_NOT_FOUND");
    await credit(id, "10");
    const tooMuch = await data(DEBIT, { id, debit: { debitAmount: yen("11") } });
    expect(code(tooMuch.storeCreditAccountDebit as Row)).toBe("INSUFFICIENT_FUNDS");
  });
});

describe("scopes", () => {
  it("are asked for by each of them", async () => {
    const poor = await startPlatform(SCOPES.filter((scope) => !/gift|credit|discounts/.test(scope)));
    const denied = async (query: string) => messageOf(await poor.ask(query));
    expect(await denied(`mutation { giftCardCreate(input: { initialValue: "1" }) { giftCardCode } }`)).toContain(
      "`write_gift_cards`",
    );
    expect(await denied(`{ giftCards(first: 1) { nodes { id } } }`)).toContain("`read_gift_cards`");
    expect(
      await denied(`{ customer(id: "gid://shopify/Customer/301") { storeCreditAccounts(first: 1) { nodes { id } } } }`),
    ).toContain("`read_store_credit_accounts`");
    expect(
      await denied(
        `mutation { storeCreditAccountCredit(id: "gid://shopify/Customer/301", creditInput: { creditAmount: { amount: "1", currencyCode: JPY } }) { userErrors { code } } }`,
      ),
    ).toContain("`write_store_credit_account_transactions`");
    expect(
      await denied(
        `mutation { discountCodeDeactivate(id: "gid://shopify/DiscountCodeNode/1") { userErrors { code } } }`,
      ),
    ).toContain("`write_discounts`");
    await poor.stop();
  });
});
