import { inShop, type ShopId } from "../../db.server";
import { gramsFor } from "../publish-review.server";
import { lockReview } from "../review-rows.server";
import { recordEvents } from "../review-trail.server";
import { isMasked, MASKABLE } from "./mask-text";

export interface MaskChange {
  /** The finding, by what it is and where it lies. */
  kind: string;
  field: string | null;
  from: number;
  to: number;
  masked: boolean;
}

/** Masks a finding at output, or shows it after all. The words themselves stay as they were written. */
export async function maskFinding(
  shopId: ShopId,
  reviewId: number,
  change: MaskChange,
  actor: string,
  now: Date,
): Promise<{ outcome: "masked" | "unmasked" | "unchanged" | "not_maskable" | "not_found" }> {
  return inShop(shopId, async (tx) => {
    const review = await lockReview(tx, reviewId);
    if (!review || review.status === "deleted") return { outcome: "not_found" };
    const found = review.findings.find(
      ({ kind, field, from, to }) =>
        kind === change.kind && field === change.field && from === change.from && to === change.to,
    );
    if (!found) return { outcome: "not_found" };
    if (found.field === null || !MASKABLE.includes(found.kind)) return { outcome: "not_maskable" };
    if (isMasked(found) === change.masked) return { outcome: "unchanged" };
    const findings = review.findings.map((finding) =>
      finding === found ? { ...finding, masked: change.masked } : finding,
    );
    const grams = review.status === "published" ? gramsFor(shopId, review.groupKey, review, findings) : [];
    await tx.query(
      "UPDATE review SET findings = $3, search_grams = $4, updated_at = $5 WHERE shop_id = $1 AND id = $2",
      [shopId, reviewId, JSON.stringify(findings), grams, now],
    );
    // The trigger does not watch findings: what shoppers read has changed all the same.
    if (review.status === "published")
      await tx.query("INSERT INTO rating_change (shop_id, group_key) VALUES ($1, $2)", [shopId, review.groupKey]);
    await recordEvents(
      tx,
      [
        {
          reviewId,
          kind: change.masked ? "masked" : "unmasked",
          actor,
          params: { finding: found.kind, field: found.field },
        },
      ],
      now,
    );
    return { outcome: change.masked ? "masked" : "unmasked" };
  });
}
