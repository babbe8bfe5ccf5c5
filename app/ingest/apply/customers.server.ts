// customers/*: who a member is. None of these bodies proves its shop, and none of them moves points,
// except a merge, which joins only members that this shop already has under both ids, and a consent, which
// gives a member the points of a way once in a life.
import { z } from "zod";

import { resubscribe } from "../../journeys/suppress.server";
import { deleteCustomer } from "../../loyalty/delete-customer.server";
import { mergeMembers } from "../../loyalty/merge-members.server";
import { recordCustomer } from "../../loyalty/record-customer.server";
import { recordConsent } from "../../loyalty/ways/record-consent.server";
import { consentFromPayload, customerFactsFromPayload, mergeFromPayload } from "../../shopify/customer-facts";
import { isGid, toGid } from "../../shopify/gid";
import type { TopicHandler } from "../event";

/** customers/create and customers/update. */
export const customerEvents: TopicHandler = {
  async apply(tx, event, context) {
    const recorded = await recordCustomer(tx, customerFactsFromPayload(event.payload), context.now);
    return { outcome: "done", detail: recorded.outcome };
  },
};

const id = z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]);
const deletedSchema = z.object({ id: id.optional(), admin_graphql_api_id: z.string().optional() });
export const customerDeletions: TopicHandler = {
  async apply(tx, event, context) {
    const deleted = deletedSchema.parse(event.payload);
    const gid = isGid(deleted.admin_graphql_api_id, "Customer")
      ? deleted.admin_graphql_api_id
      : deleted.id && toGid("Customer", deleted.id);
    if (!gid) return { outcome: "ignored", detail: "no_customer" };
    const { outcome } = await deleteCustomer(tx, gid, context.now);
    return { outcome: "done", detail: outcome };
  },
};

/** Only a merge that Shopify has completed moves anything. */
export const customerMerges: TopicHandler = {
  nudges: ["publish"],
  async apply(tx, event, context) {
    const merge = mergeFromPayload(event.payload);
    if (merge.status !== "completed") return { outcome: "ignored", detail: `merge_${merge.status}` };
    if (!isGid(merge.keptId, "Customer") || !isGid(merge.deletedId, "Customer"))
      return { outcome: "ignored", detail: "no_customer" };
    const { outcome } = await mergeMembers(tx, merge.keptId, merge.deletedId, context.now);
    return { outcome: "done", detail: outcome };
  },
};

/** Both consent topics; the other channel keeps its consent. */
export const consentEvents: TopicHandler = {
  nudges: ["publish"],
  async apply(tx, event, context) {
    const change = consentFromPayload(event.payload);
    const { outcome } = await recordConsent(tx, change, context.now);
    if (outcome === "recorded" && change.channel === "email" && change.state === "subscribed" && change.at !== null)
      await resubscribe(tx, change.customerId, new Date(change.at));
    return outcome === "recorded" ? { outcome: "done" } : { outcome: "ignored", detail: outcome };
  },
};
