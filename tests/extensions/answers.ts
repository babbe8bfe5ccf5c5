// Answers as the app's doors give them, typed by the doors.
import type { CustomerBlockAnswer } from "../../app/server/customer-block-answer";
import type { AccountAnswer } from "../../app/storefront/account-answers";

/** A member with a bit of everything. */
export const ACCOUNT: AccountAnswer = {
  outcome: "found",
  isOpen: true,
  timeZone: "Asia/Tokyo",
  available: 1_240,
  pending: 137,
  debt: 0,
  worth: "¥1,240",
  nextExpiry: { points: 300, on: "2026-12-31T14:59:59.000Z" },
  join: null,
  tier: {
    name: "Silver",
    until: "2027-12-31T14:59:59.000Z",
    next: {
      name: "Gold",
      metric: "spend",
      current: 38_000,
      threshold: 50_000,
      left: "¥12,000",
      periodEnd: "2026-12-31T14:59:59.000Z",
    },
  },
  history: [
    {
      id: "9",
      on: "22 November 2026",
      points: 137,
      text: "137 points: ¥13,780 × 1 per ¥100",
      order: { name: "#1001" },
    },
    { id: "8", on: "1 November 2026", points: -37, text: "A correction", order: null },
  ],
  rewards: [
    {
      id: 1,
      title: "¥500 off",
      points: 5_000,
      availability: "insufficient_points",
      missing: 3_760,
      choose: null,
    },
    { id: 2, title: "Free shipping", points: 400, availability: "available", missing: 0, choose: null },
    {
      id: 3,
      title: "As you like",
      points: 100,
      availability: "available",
      missing: 0,
      choose: { step: 100, max: 1_200 },
    },
  ],
  redemptions: [],
};

/** The same member for the staff. */
export const MEMBER: CustomerBlockAnswer = {
  outcome: "found",
  memberId: 12,
  balances: { available: 1_240, pending: 137, reserved: 0, redeemed: 500, expired: 0, revoked: 0, debt: 0 },
  tier: { name: "Silver", until: "2027-12-31T14:59:59.000Z" },
  timeZone: "Asia/Tokyo",
  history: [{ id: "9", on: "22 November 2026", points: 137, text: "137 points: ¥13,780 × 1 per ¥100" }],
};
