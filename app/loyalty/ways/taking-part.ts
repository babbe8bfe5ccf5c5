// Who may earn by a way that is not an order: the same people whose orders earn. Pure.
import { gidNumber } from "../../shopify/gid";
import type { EarningRules } from "../earning-rules";
import { hasTag } from "../kept-amounts";
import type { NothingReason } from "../reasons";

/** What taking part depends on. */
export interface Participant {
  customerGid: string | null;
  tags: string[];
  joinedAt: Date | null;
}

/** null: takes part at `now`. Joining itself asks with `joinedAt` already set. */
export function whyNotTakingPart(
  rules: Pick<EarningRules, "status" | "startsAt" | "previewCustomerIds" | "participation">,
  { customerGid, tags, joinedAt }: Participant,
  now: Date,
): NothingReason | null {
  if (rules.status === "paused") return "program_paused";
  if (rules.startsAt !== null && now.getTime() < Date.parse(rules.startsAt)) return "not_started";
  if (rules.previewCustomerIds.length > 0 && !isListed(rules.previewCustomerIds, customerGid)) return "preview_only";
  const { who, tags: wanted, excludeTags } = rules.participation;
  if (excludeTags.some((tag) => hasTag(tags, tag))) return "excluded_customer";
  if (who === "tagged" && !wanted.some((tag) => hasTag(tags, tag))) return "not_tagged";
  return who === "joined" && joinedAt === null ? "not_joined" : null;
}

function isListed(ids: readonly string[], customerGid: string | null): boolean {
  return customerGid !== null && ids.some((id) => id === customerGid || id === gidNumber(customerGid));
}
