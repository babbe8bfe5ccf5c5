// The referral program as typed. Pure.
import { referralSchema, type ReferralProgram } from "../../loyalty/program-parts";
import { decimalFromMinor } from "../../shopify/money";
import { FieldReader, type FieldContext, type FieldErrors } from "../typed-fields";

export interface ReferralDraft {
  enabled: boolean;
  kind: ReferralProgram["friend"]["kind"];
  value: string;
  minimum: string;
  validDays: string;
  advocatePoints: string;
  holdDays: string;
  minimumOrder: string;
  perMonthMax: string;
}
export type ReferralField = Exclude<keyof ReferralDraft, "enabled" | "kind">;

const BLANK: ReferralDraft = {
  enabled: true,
  kind: "percentage",
  value: "10",
  minimum: "",
  validDays: "30",
  advocatePoints: "500",
  holdDays: "14",
  minimumOrder: "",
  perMonthMax: "10",
};

/** The fields of a saved program, or a usual suggestion while there is none. */
export function draftFromReferral(program: ReferralProgram | null, currency: string): ReferralDraft {
  if (program === null) return { ...BLANK, enabled: false };
  const money = (minor: number | null) => (minor === null || minor === 0 ? "" : decimalFromMinor(minor, currency));
  const { friend } = program;
  return {
    enabled: program.enabled,
    kind: friend.kind,
    value: friend.kind === "amount" ? decimalFromMinor(friend.value, currency) : String(friend.value),
    minimum: money(friend.minimumMinor),
    validDays: String(friend.validDays),
    advocatePoints: String(program.advocatePoints),
    holdDays: String(program.holdDays),
    minimumOrder: money(program.minimumOrderMinor),
    perMonthMax: String(program.perMonthMax),
  };
}

/** Either the program that the draft describes, or what is wrong with it by field. */
export function readReferral(
  draft: ReferralDraft,
  context: FieldContext,
): { value: ReferralProgram } | { errors: FieldErrors<ReferralField> } {
  const field = new FieldReader<ReferralField>(context);
  const value: ReferralProgram = {
    enabled: draft.enabled,
    friend: {
      kind: draft.kind,
      value:
        draft.kind === "amount"
          ? field.amount("value", draft.value)
          : field.whole("value", draft.value, { min: 1, max: 100 }),
      minimumMinor: field.optionalAmount("minimum", draft.minimum),
      validDays: field.whole("validDays", draft.validDays, { min: 1, max: 365 }),
    },
    advocatePoints: field.whole("advocatePoints", draft.advocatePoints, { min: 1, max: 1_000_000 }),
    holdDays: field.whole("holdDays", draft.holdDays, { min: 0, max: 90 }),
    minimumOrderMinor: field.optionalAmount("minimumOrder", draft.minimumOrder) ?? 0,
    perMonthMax: field.whole("perMonthMax", draft.perMonthMax, { min: 1, max: 1_000 }),
  };
  if (field.failed) return { errors: field.errors };
  return referralSchema.safeParse(value).success ? { value } : { errors: { value: { code: "range" } } };
}
