// The one reward of every chaos shop: 100 minor units off.
export const REWARD_POINTS = 40;
/** What the merchant saves on the reward's page. */
export const REWARD = {
  status: "active" as const,
  draft: {
    points: REWARD_POINTS,
    terms: {
      kind: "amount_off",
      perMemberLimit: null,
      tierIds: [],
      from: null,
      until: null,
      validDays: 365,
      minimumOrderMinor: null,
      combinesWith: { order: true, product: true, shipping: true },
      valueMinor: 100,
      appliesTo: null,
      worthMore: "limit",
    },
    texts: { title: { en: "A little off", ja: "少しお得" }, description: { en: "", ja: "" } },
    picture: null,
    stock: null,
  },
};
