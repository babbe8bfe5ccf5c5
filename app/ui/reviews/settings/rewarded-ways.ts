// Which ways to earn give points for a review. Pure.
import { REVIEW_WAYS, type ReviewWayKind, type WayToEarn } from "../../../loyalty/program-parts";

/** The kinds that are on and have to do with reviews. */
export function rewardedWays(ways: readonly Pick<WayToEarn, "kind" | "enabled">[]): ReviewWayKind[] {
  return REVIEW_WAYS.filter((kind) => ways.some((way) => way.kind === kind && way.enabled));
}
