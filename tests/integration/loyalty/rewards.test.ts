// The merchant's catalogue: what may be saved, in which order it is shown, and what stays of it.
import { beforeAll, describe, expect, it } from "vitest";

import type { ShopId } from "../../../app/db.server";
import { listRewards, readRewardById } from "../../../app/loyalty/rewards/list-rewards.server";
import {
  addVoucherCodes,
  archiveReward,
  reorderRewards,
  saveReward,
  type SaveRewardOutcome,
} from "../../../app/loyalty/rewards/save-reward.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { AMOUNT_OFF, CODE_TERMS } from "./redemption-shop";

useTestDatabase();
const NOW = new Date("2026-06-01T00:00:00Z");
let shopId: ShopId;
beforeAll(async () => {
  shopId = await createTestShop();
});

const draft = (terms: object = AMOUNT_OFF, more: object = {}) => ({
  points: 100,
  terms,
  texts: { title: { en: "¥500 off", ja: "500円オフ" }, description: { en: "", ja: "" } },
  picture: null,
  stock: null,
  ...more,
});
const save = (input: unknown, id: number | null = null, revision?: number): Promise<SaveRewardOutcome> =>
  saveReward(
    shopId,
    { id, draft: input, status: "active", ...(revision === undefined ? {} : { revision }) },
    "staff:1",
    NOW,
  );
async function saved(input: unknown): Promise<number> {
  const outcome = await save(input);
  if (outcome.outcome !== "saved") throw new Error(JSON.stringify(outcome));
  return outcome.reward.id;
}
async function problemsOf(input: unknown): Promise<string[]> {
  const outcome = await save(input);
  return outcome.outcome === "invalid"
    ? outcome.problems.map(({ field, code }) => `${field} ${code}`)
    : [outcome.outcome];
}

describe("a reward", () => {
  it("is saved with what it is worth per point, and changed only by who saw its newest state", async () => {
    const made = await save(draft());
    if (made.outcome !== "saved") throw new Error(made.outcome);
    expect(made.warnings).toContainEqual({ code: "value_per_point", minorPer100Points: 500 });
    expect(made.reward).toMatchObject({ status: "active", revision: 1, taken: 0, points: 100 });
    const { id } = made.reward;
    expect(await save(draft(AMOUNT_OFF, { points: 200 }), id, 1)).toMatchObject({
      outcome: "saved",
      reward: { revision: 2 },
    });
    expect(await save(draft(), id, 1)).toEqual({ outcome: "changed_meanwhile" });
    expect(await save(draft(), 999_999)).toEqual({ outcome: "unknown_reward" });
    const shipping = { kind: "free_shipping", ...CODE_TERMS, maximumShippingMinor: null };
    expect(await save(draft(shipping), id, 2)).toMatchObject({
      outcome: "invalid",
      problems: [{ field: "terms.kind", code: "kind_is_fixed" }],
    });
  });

  it("F03 says how it combines, and warns when it combines with everything", async () => {
    const { combinesWith: _left, ...without } = AMOUNT_OFF as typeof AMOUNT_OFF & { combinesWith: object };
    expect(await problemsOf(draft(without))).toEqual(["terms.combinesWith invalid_type"]);
    const outcome = await save(draft({ ...AMOUNT_OFF, combinesWith: { order: true, product: true, shipping: true } }));
    expect(outcome.outcome === "saved" && outcome.warnings.map(({ code }) => code)).toContain(
      "combines_with_everything",
    );
  });

  it("asks for nothing that a native discount cannot do", async () => {
    const some = (lists: object) => ({ productIds: [], variantIds: [], collectionIds: [], tags: [], ...lists });
    expect(await problemsOf(draft({ ...AMOUNT_OFF, valueMinor: 0 }))).toEqual(["terms.valueMinor too_small"]);
    expect(await problemsOf(draft({ ...AMOUNT_OFF, valueMinor: 1.5 }))).toHaveLength(1);
    expect(await problemsOf(draft({ ...AMOUNT_OFF, appliesTo: some({ tags: ["tea"] }) }))).toContain(
      "terms.appliesTo.tags tags_not_supported",
    );
    expect(
      await problemsOf(
        draft({
          ...AMOUNT_OFF,
          appliesTo: some({ productIds: ["gid://shopify/Product/1"], collectionIds: ["gid://shopify/Collection/2"] }),
        }),
      ),
    ).toEqual(["terms.appliesTo products_or_collections"]);
    expect(await problemsOf(draft({ ...AMOUNT_OFF, appliesTo: some({}) }))).toEqual(["terms.appliesTo nothing_chosen"]);
    const steps = {
      kind: "points_off",
      ...CODE_TERMS,
      pointsPerStep: 7,
      minorPerStep: 5,
      pointsMax: 90,
      appliesTo: null,
      worthMore: "limit",
    };
    expect(await problemsOf(draft(steps))).toEqual([
      "points not_a_whole_step",
      "terms.pointsMax below_the_least",
      "terms.pointsMax not_a_whole_step",
    ]);
    expect(
      await problemsOf(draft(AMOUNT_OFF, { texts: { title: { en: "", ja: "" }, description: { en: "", ja: "" } } })),
    ).toEqual(["texts.title title_missing"]);
    expect(await problemsOf("nonsense")).toEqual([" invalid_type"]);
  });

  it("is shown in the merchant's order until it is archived", async () => {
    const ids = [await saved(draft()), await saved(draft()), await saved(draft())];
    const [first = 0, second = 0, third = 0] = ids;
    await reorderRewards(shopId, [third, first]);
    const shown = (await listRewards(shopId, { forShoppers: true })).map(({ id }) => id);
    expect(shown.slice(0, 2)).toEqual([third, first]);
    expect(shown).toContain(second);
    expect(await archiveReward(shopId, third, "staff:1", NOW)).toEqual({ outcome: "archived" });
    expect((await listRewards(shopId, { forShoppers: true })).map(({ id }) => id)).not.toContain(third);
    expect(await readRewardById(shopId, third)).toMatchObject({ status: "archived" });
  });

  it("a voucher counts its pool; each code is in it once, without the blanks around it", async () => {
    const voucher = await saved(
      draft({
        kind: "voucher",
        perMemberLimit: null,
        tierIds: [],
        from: null,
        until: null,
        partner: { en: "Café", ja: "カフェ" },
        valueMinor: null,
      }),
    );
    expect(await addVoucherCodes(shopId, voucher, ["A-1", " A-1", "A-2\n", "  "], NOW)).toEqual({
      outcome: "added",
      added: 2,
      duplicates: 1,
      left: 2,
    });
    expect(await addVoucherCodes(shopId, voucher, ["A-2", "A-3"], NOW)).toMatchObject({
      added: 1,
      duplicates: 1,
      left: 3,
    });
    expect(await addVoucherCodes(shopId, voucher, ["x".repeat(101)], NOW)).toEqual({ outcome: "too_long", line: 1 });
    expect(await addVoucherCodes(shopId, await saved(draft()), ["A-1"], NOW)).toEqual({ outcome: "unknown_reward" });
    expect((await readRewardById(shopId, voucher))?.stock).toBe(3);
  });
});
