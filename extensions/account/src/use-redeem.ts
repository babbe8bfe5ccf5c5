import { useRef, useState } from "preact/hooks";

import type { RedeemAnswer } from "../../../app/storefront/account-answers";
import { askDoor } from "./ask-door";

export type Redeeming =
  { state: "ready" } | { state: "asking" } | { state: "given"; outcome: "issued" | "reserved" } | Refused;
interface Refused {
  state: "refused";
  /** A key of the texts below redeem. */
  why: string;
}

const REFUSALS = ["insufficient_points", "limit_reached", "out_of_stock", "tier_too_low", "not_open", "bad_points"];

/**
 * Buys a reward. One wish has one key until the app has answered it: a second try after a lost answer gets the
 * redemption of the first, never another one.
 */
export function useRedeem(rewardId: number, onRedeemed: () => Promise<void>) {
  const [redeeming, setRedeeming] = useState<Redeeming>({ state: "ready" });
  // State is there after the next drawing only; a second click may be faster.
  const isAsking = useRef(false);
  const wish = useRef<{ points: number | undefined; requestKey: string } | null>(null);

  async function redeem(points: number | undefined): Promise<void> {
    if (isAsking.current) return;
    isAsking.current = true;
    setRedeeming({ state: "asking" });
    if (wish.current === null || wish.current.points !== points)
      wish.current = { points, requestKey: crypto.randomUUID() };
    const { requestKey } = wish.current;
    try {
      const body = { rewardId, requestKey, ...(points === undefined ? {} : { points }) };
      const { outcome } = await askDoor<RedeemAnswer>("redeem", { body });
      if (outcome === "too_many" || outcome === "unavailable") return setRedeeming({ state: "refused", why: "failed" });
      wish.current = null;
      // A field that was emptied or holds no number is no body of ours.
      if (outcome === "bad_body") return setRedeeming({ state: "refused", why: "bad_points" });
      if (outcome !== "issued" && outcome !== "reserved")
        return setRedeeming({ state: "refused", why: REFUSALS.includes(outcome) ? outcome : "failed" });
      await onRedeemed();
      setRedeeming({ state: "given", outcome });
    } catch {
      setRedeeming({ state: "refused", why: "failed" });
    } finally {
      isAsking.current = false;
    }
  }

  return { redeeming, redeem };
}
