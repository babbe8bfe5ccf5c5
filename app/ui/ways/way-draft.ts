// A way to earn as typed. One flat set of fields for every kind, so that nothing typed is lost by a look at
// another; reading takes what the kind needs. Pure.
import { wayToEarnSchema, type WayKind, type WayOfKind, type WayToEarn } from "../../loyalty/program-parts";
import { decimalFromMinor } from "../../shopify/money";
import { FieldReader, type FieldContext, type FieldErrors } from "../typed-fields";

type Join = WayOfKind<"join">;
type Social = WayOfKind<"social">;
type NthOrder = WayOfKind<"nth_order">;
type ProductBonus = WayOfKind<"product_bonus">;

export interface WayDraft {
  id: string;
  kind: WayKind;
  enabled: boolean;
  points: string;
  holdDays: string;
  by: NonNullable<Join["by"]>;
  noticeDays: string;
  lockDays: string;
  yearsMax: string;
  n: string;
  repeat: NthOrder["repeat"];
  onRefund: NthOrder["onRefund"];
  products: ProductBonus["products"];
  per: ProductBonus["per"];
  unitsMax: string;
  threshold: string;
  action: Social["action"];
  platform: Social["platform"];
  url: string;
  every: Social["every"];
  perMonth: string;
}
export type WayField = Exclude<keyof WayDraft, "id" | "kind">;
/** "birthday.points": a field of the way with that id. */
export type WayFieldName = `${string}.${WayField}`;
export interface WaysDraft {
  ways: WayDraft[];
}

/** Kinds of which a program has one. Its id is the kind, so that one made again never pays twice. */
export const SINGLE_KINDS: readonly WayKind[] = [
  "join",
  "newsletter",
  "sms",
  "birthday",
  "anniversary",
  "review",
  "photo_review",
  "video_review",
  "first_review",
  "survey",
];
/** Kinds as the chooser groups them. */
export const WAY_GROUPS = [
  { group: "acts", kinds: ["join", "newsletter", "sms"] },
  { group: "calendar", kinds: ["birthday", "anniversary"] },
  { group: "orders", kinds: ["nth_order", "product_bonus", "spend_threshold"] },
  { group: "social", kinds: ["social"] },
  { group: "voices", kinds: ["review", "photo_review", "video_review", "first_review", "survey"] },
] as const;
/** What a shop without any way is offered. */
export const SUGGESTED_KINDS = ["join", "birthday", "newsletter", "nth_order"] as const satisfies readonly WayKind[];

const USUAL_POINTS: Record<WayKind, number> = {
  join: 100,
  newsletter: 50,
  sms: 50,
  birthday: 500,
  anniversary: 300,
  nth_order: 300,
  product_bonus: 100,
  spend_threshold: 200,
  social: 30,
  review: 50,
  photo_review: 100,
  video_review: 150,
  first_review: 50,
  survey: 30,
};

/** A new way of a kind with the usual numbers. `suffix` (a–z, 0–9) tells it from others of its kind. */
export function newWayDraft(kind: WayKind, suffix: string): WayDraft {
  const name = kind.replace("_", "-");
  return {
    id: SINGLE_KINDS.includes(kind) ? name : `${name}-${suffix}`,
    kind,
    enabled: true,
    points: String(USUAL_POINTS[kind]),
    holdDays: kind === "social" ? "3" : "0",
    by: "click",
    noticeDays: "30",
    lockDays: "365",
    yearsMax: "",
    n: "5",
    repeat: "once",
    onRefund: "until_nothing_kept",
    products: { productIds: [], variantIds: [], collectionIds: [], tags: [] },
    per: "order",
    unitsMax: "",
    threshold: "",
    action: "follow",
    platform: "instagram",
    url: "",
    every: "once",
    perMonth: kind === "survey" ? "1" : "10",
  };
}

/** The fields of a saved way. */
export function draftFromWay(way: WayToEarn, { currency }: FieldContext): WayDraft {
  const draft = newWayDraft(way.kind, "x");
  for (const [field, value] of Object.entries(way)) {
    if (field === "thresholdMinor") draft.threshold = decimalFromMinor(Number(value), currency);
    else if (value === null) continue;
    else Object.assign(draft, { [field]: typeof value === "number" ? String(value) : value });
  }
  return draft;
}

/** All ways as typed → the program's, or what is wrong by way and field. */
export function readWays(
  { ways }: WaysDraft,
  context: FieldContext,
): { value: WayToEarn[] } | { errors: FieldErrors<WayFieldName> } {
  const errors: FieldErrors<WayFieldName> = {};
  const value: WayToEarn[] = [];
  for (const draft of ways) {
    const read = readWay(draft, context);
    if ("value" in read) value.push(read.value);
    else
      for (const [field, error] of Object.entries(read.errors)) errors[`${draft.id}.${field}` as WayFieldName] = error;
  }
  return Object.keys(errors).length > 0 ? { errors } : { value };
}

/** One way as typed. */
export function readWay(
  draft: WayDraft,
  context: FieldContext,
): { value: WayToEarn } | { errors: FieldErrors<WayField> } {
  const field = new FieldReader<WayField>(context);
  const candidate = {
    id: draft.id,
    enabled: draft.enabled,
    points: field.whole("points", draft.points),
    holdDays: field.whole("holdDays", draft.holdDays, { min: draft.kind === "social" ? 1 : 0, max: 90 }),
    ...readTerms(draft, field),
  };
  if (field.failed) return { errors: field.errors };
  const parsed = wayToEarnSchema.safeParse(candidate);
  if (parsed.success) return { value: parsed.data };
  for (const { path } of parsed.error.issues) field.refuse(fieldOfPath(path), "range");
  return { errors: field.errors };
}

function readTerms(draft: WayDraft, field: FieldReader<WayField>): { kind: WayKind } & Record<string, unknown> {
  const { kind, onRefund } = draft;
  switch (kind) {
    case "join":
      return { kind, ...(draft.by === "visit" ? { by: draft.by } : {}) };
    case "newsletter":
    case "sms":
      return { kind };
    case "birthday":
      return {
        kind,
        noticeDays: field.whole("noticeDays", draft.noticeDays, { min: 30, max: 365 }),
        lockDays: field.whole("lockDays", draft.lockDays, { min: 30, max: 3650 }),
      };
    case "anniversary":
      return { kind, yearsMax: field.optionalWhole("yearsMax", draft.yearsMax, { max: 100 }) };
    case "nth_order":
      return { kind, n: field.whole("n", draft.n, { min: 2, max: 1000 }), repeat: draft.repeat, onRefund };
    case "product_bonus":
      if (Object.values(draft.products).every((list) => list.length === 0)) field.refuse("products", "products");
      return {
        kind,
        products: draft.products,
        per: draft.per,
        unitsMax: draft.per === "unit" ? field.optionalWhole("unitsMax", draft.unitsMax, { max: 1000 }) : null,
        onRefund,
      };
    case "spend_threshold":
      return { kind, thresholdMinor: field.amount("threshold", draft.threshold) };
    case "social":
      if (!/^https:\/\/[^\s/]+\.[^\s]+$/.test(draft.url.trim())) field.refuse("url", "url");
      return { kind, action: draft.action, platform: draft.platform, url: draft.url.trim(), every: draft.every };
    case "review":
    case "photo_review":
    case "video_review":
    case "first_review":
    case "survey":
      return { kind, perMonth: field.whole("perMonth", draft.perMonth, { max: 100 }) };
  }
}

function fieldOfPath(path: PropertyKey[]): WayField {
  const head = String(path[0]);
  if (head === "thresholdMinor") return "threshold";
  return head === "id" || head === "kind" || path.length === 0 ? "points" : (head as WayField);
}

/** The server's objections ("ways.2.points") at the fields of the ways that were sent. */
export function errorsOfWays(paths: string[], ways: { id: string }[]): FieldErrors<WayFieldName> {
  const errors: FieldErrors<WayFieldName> = {};
  for (const path of paths) {
    const [, index, ...rest] = path.split(".");
    const way = ways[Number(index)] ?? ways[0];
    if (way) errors[`${way.id}.${fieldOfPath(rest)}`] = { code: "range" };
  }
  return errors;
}
