// Per-shop webhook subscriptions. App-specific ones (shopify.app.toml) are not listed here, as on the platform.
import { gid } from "../ids";
import { hasScope } from "../scopes";
import type { SimSubscription } from "../state";
import { paginate } from "./connection";
import { compileSearch, type SearchTable } from "./search";
import { topicEnum, topicFacts } from "./topics";
import {
  dateTime,
  fields,
  idOf,
  notImplemented,
  plain,
  say,
  text,
  typed,
  type Args,
  type GraphContext,
  type TypeTable,
} from "./types";
import { API_VERSION } from "./version";

const SEARCH: SearchTable<SimSubscription> = {
  name: "webhook subscriptions",
  words: ({ topic, uri }) => [topic, uri],
  fields: {
    id: { kind: "id", read: ({ id }) => id },
    topic: { kind: "exact", read: ({ topic }) => [topicEnum(topic), topic] },
    uri: { kind: "exact", read: ({ uri }) => [uri] },
    created_at: { kind: "time", read: ({ createdAt }) => createdAt },
    updated_at: { kind: "time", read: ({ updatedAt }) => updatedAt },
  },
};

function list(args: Args, ctx: GraphContext): SimSubscription[] {
  const topics = args.topics as string[] | undefined | null;
  const uri = text(args.uri) ?? text(args.callbackUrl);
  const fits = compileSearch(args.query, SEARCH, ctx.shop.timeZone);
  return Object.values(ctx.shop.subscriptions).filter(
    (one) =>
      one.origin === "api" &&
      (!topics?.length || topics.includes(topicEnum(one.topic))) &&
      (uri === null || one.uri === uri) &&
      fits(one),
  );
}

export function webhookSubscriptions(args: Args, ctx: GraphContext): unknown {
  if (args.format === "XML") return paginate<SimSubscription>([], args, { position: ({ id }) => ({ value: 0, id }) });
  if (args.sortKey !== undefined && args.sortKey !== "CREATED_AT" && args.sortKey !== "ID") {
    throw notImplemented(`sorting webhook subscriptions by ${say(args.sortKey)}`);
  }
  return paginate(list(args, ctx), args, { position: ({ id }) => ({ value: 0, id }), whole: ctx.bulk });
}

export function webhookSubscriptionsCount(args: Args, ctx: GraphContext): unknown {
  const count = list({ query: args.query }, ctx).length;
  const limit = typeof args.limit === "number" ? args.limit : count;
  return { count: Math.min(count, limit), precision: count > limit ? "AT_LEAST" : "EXACT" };
}

const problem = (field: string[], message: string) => ({ webhookSubscription: null, userErrors: [{ field, message }] });

function addressProblem(
  ctx: GraphContext,
  input: Args,
  topic: string,
  own: SimSubscription | null,
): ReturnType<typeof problem> | null {
  const field = ["webhookSubscription", input.uri === undefined ? "callbackUrl" : "uri"];
  const address = text(input.uri) ?? text(input.callbackUrl) ?? own?.uri ?? "";
  if (address === "") return problem(field, "Address can't be blank");
  if (!/^https?:\/\/[^/\s]+/.test(address)) return problem(field, "Address is invalid");
  const loopback = /^http:\/\/(localhost|127\.0\.0\.1)[:/]/.test(address);
  if (address.startsWith("http:") && !loopback) return problem(field, "Address protocol http:// is not supported");
  const taken = Object.values(ctx.shop.subscriptions).some(
    (one) => one !== own && one.origin === "api" && one.topic === topic && one.uri === address,
  );
  return taken ? problem(field, "Address for this topic has already been taken") : null;
}

function refuseUnknown(input: Args): void {
  if ((input.metafieldNamespaces as unknown[] | undefined)?.length)
    throw notImplemented("metafieldNamespaces of a webhook subscription");
  if ((input.metafields as unknown[] | undefined)?.length) throw notImplemented("metafields of a webhook subscription");
  if (input.filter) throw notImplemented("filter of a webhook subscription");
  if (input.name) throw notImplemented("name of a webhook subscription");
  if (input.format === "XML") throw notImplemented("XML webhooks");
}

export function webhookSubscriptionCreate(args: Args, ctx: GraphContext): unknown {
  const topicName = String(args.topic);
  const input = args.webhookSubscription as Args;
  const facts = topicFacts(topicName);
  if (!facts) throw notImplemented(`webhook topic ${topicName}`);
  refuseUnknown(input);
  if (facts.scopes.length > 0 && !hasScope(ctx.install.scopes, facts.scopes)) {
    return problem(
      ["topic"],
      `You do not have permission to create or update webhooks with ${topicName} topic. Required: ${facts.scopes.join(" or ")}.`,
    );
  }
  const wrong = addressProblem(ctx, input, facts.topic, null);
  if (wrong) return wrong;
  const now = ctx.sim.now().toISOString();
  const created: SimSubscription = {
    id: ctx.sim.newId(),
    topic: facts.topic,
    uri: text(input.uri) ?? text(input.callbackUrl) ?? "",
    origin: "api",
    failures: 0,
    filter: null,
    includeFields: (input.includeFields as string[] | undefined) ?? [],
    createdAt: now,
    updatedAt: now,
  };
  ctx.shop.subscriptions[created.id] = created;
  ctx.sim.changed();
  return { webhookSubscription: created, userErrors: [] };
}

function find(ctx: GraphContext, value: unknown): SimSubscription | null {
  const id = idOf("WebhookSubscription", value);
  const found = id === null ? undefined : ctx.shop.subscriptions[id];
  return found?.origin === "api" ? found : null;
}

export function webhookSubscription(args: Args, ctx: GraphContext): unknown {
  return find(ctx, args.id);
}

export function webhookSubscriptionUpdate(args: Args, ctx: GraphContext): unknown {
  const own = find(ctx, args.id);
  const input = args.webhookSubscription as Args;
  if (!own) return problem(["id"], "Webhook subscription does not exist");
  refuseUnknown(input);
  const wrong = addressProblem(ctx, input, own.topic, own);
  if (wrong) return wrong;
  own.uri = text(input.uri) ?? text(input.callbackUrl) ?? own.uri;
  if ("includeFields" in input) own.includeFields = (input.includeFields as string[] | null) ?? [];
  own.updatedAt = ctx.sim.now().toISOString();
  ctx.sim.changed();
  return { webhookSubscription: own, userErrors: [] };
}

export function webhookSubscriptionDelete(args: Args, ctx: GraphContext): unknown {
  const own = find(ctx, args.id);
  if (!own)
    return {
      deletedWebhookSubscriptionId: null,
      userErrors: [{ field: ["id"], message: "Webhook subscription does not exist" }],
    };
  delete ctx.shop.subscriptions[own.id];
  ctx.sim.changed();
  return { deletedWebhookSubscriptionId: String(args.id), userErrors: [] };
}

export const WEBHOOK_TYPES: Record<string, TypeTable> = {
  WebhookSubscription: fields<SimSubscription>({
    id: ({ id }) => gid("WebhookSubscription", id),
    legacyResourceId: ({ id }) => id,
    topic: ({ topic }) => topicEnum(topic),
    uri: ({ uri }) => uri,
    callbackUrl: ({ uri }) => uri,
    endpoint: ({ uri }) => typed("WebhookHttpEndpoint", { callbackUrl: uri }),
    format: () => "JSON",
    filter: ({ filter }) => filter,
    includeFields: ({ includeFields }) => includeFields,
    metafieldNamespaces: () => [],
    metafields: () => [],
    name: () => null,
    apiVersion: () => ({ handle: API_VERSION, displayName: API_VERSION, supported: true }),
    createdAt: ({ createdAt }) => dateTime(createdAt),
    updatedAt: ({ updatedAt }) => dateTime(updatedAt),
  }),
  WebhookHttpEndpoint: plain("callbackUrl"),
  ApiVersion: plain("handle", "displayName", "supported"),
};
