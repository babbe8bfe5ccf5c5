// What the block on Shopify's customer page reads: the shape of its door's answer. Types only,
// and none of the app's other files: the extension is compiled with this one alone.

/** GET /admin-api-block/member */
export type CustomerBlockAnswer =
  | {
      outcome: "found";
      memberId: number;
      balances: Record<"available" | "pending" | "reserved" | "redeemed" | "expired" | "revoked" | "debt", number>;
      /** null: the shop has no tiers. */
      tier: { name: string | null; until: string | null } | null;
      timeZone: string;
      history: { id: string; on: string; points: number; text: string }[];
    }
  /** The customer is no member of this shop. */
  | { outcome: "not_found" }
  | { outcome: "bad_request" };
