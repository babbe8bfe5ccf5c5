// The laws of the product, and what a run says of each: held, by whom, or not to be seen here, and why.

type Layer = "plan" | "process";
interface Law {
  /** Who looks; null: nobody can here, for the reason given. */
  by: string | null;
  why?: string;
}

const AUDIT = "the audit of the books";
const MODEL = "the model of the true history";
const NO_MAIL = "plan seeds have no channel to send messages by; process seeds and integration tests hold it";

const LAWS: Record<string, Law | Record<Layer, Law>> = {
  I1: { by: AUDIT },
  I2: { by: AUDIT },
  I3: { by: AUDIT },
  I4: { by: `${AUDIT}, ${MODEL}` },
  I5: { by: AUDIT },
  I6: { by: AUDIT },
  I7: { by: "every promise beside the platform's codes, both ways" },
  I8: { by: AUDIT },
  I9: { by: AUDIT },
  I10: { by: AUDIT },
  I11: { by: "every delivery that was answered with 200, and every commit that settled one" },
  I12: { by: `${AUDIT}, ${MODEL}` },
  I13: { by: "a second delivery of everything" },
  I14: { by: AUDIT },
  I15: { by: null, why: "the drawn rules let no points expire; integration and property tests hold it" },
  I16: { by: null, why: "the drawn rules have no tiers; integration tests and the audit of other databases hold it" },
  I17: { by: `${AUDIT}, the neighbour of a shop that leaves` },
  I18: {
    plan: { by: "who asked to be forgotten, and what is left of an erased shop" },
    process: { by: "who asked to be forgotten" },
  },
  I19: { by: "the stars that were sent" },
  I20: { plan: { by: null, why: NO_MAIL }, process: { by: AUDIT } },
  I21: { by: `${AUDIT}, ${MODEL}` },
  I22: { by: `the coming to rest of every seed, ${AUDIT}` },
};

export interface Applicable {
  invariant: string;
  by: string;
}
export interface NotApplicable {
  invariant: string;
  why: string;
}

/** Every law, as one of the two layers sees it. */
export function lawsOf(layer: Layer): { applicable: Applicable[]; notApplicable: NotApplicable[] } {
  const laws = Object.entries(LAWS).map(([invariant, law]) => ({
    invariant,
    ...("by" in law ? law : law[layer]),
  }));
  return {
    applicable: laws.flatMap(({ invariant, by }) => (by === null ? [] : [{ invariant, by }])),
    notApplicable: laws.flatMap(({ invariant, by, why }) => (by === null ? [{ invariant, why: why ?? "" }] : [])),
  };
}
