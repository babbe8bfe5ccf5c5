// The wizard's numbers as typed, so that nothing is lost while one of them is wrong. Pure.
import { templateDefaults, type TemplateChoices, type TemplateId } from "../../loyalty/program-templates";
import { readWhole } from "../typed-fields";

export interface WizardDraft {
  template: TemplateId;
  giveBack: string;
  welcome: string;
  birthday: string;
  hasTiers: boolean;
  includesPast: boolean;
}
export type WizardError = "give_back" | "points";
export type WizardErrors = Partial<Record<"giveBack" | "welcome" | "birthday", WizardError>>;

export const GIVE_BACK_MAX = 20;
export const POINTS_MAX = 100_000;

/** The template's own numbers. */
export function draftOf(template: TemplateId): WizardDraft {
  const { giveBackPercent, welcomePoints, birthdayPoints, hasTiers, includesPast } = templateDefaults(template);
  return {
    template,
    giveBack: String(giveBackPercent),
    welcome: String(welcomePoints),
    birthday: String(birthdayPoints),
    hasTiers,
    includesPast,
  };
}

/** Either the choices or what is wrong, by field. */
export function readWizard(draft: WizardDraft): { choices: TemplateChoices } | { errors: WizardErrors } {
  const errors: WizardErrors = {};
  const giveBack = readWhole(draft.giveBack);
  if (giveBack === null || giveBack < 1 || giveBack > GIVE_BACK_MAX) errors.giveBack = "give_back";
  const [welcome, birthday] = [readWhole(draft.welcome), readWhole(draft.birthday)];
  if (welcome === null || welcome > POINTS_MAX) errors.welcome = "points";
  if (birthday === null || birthday > POINTS_MAX) errors.birthday = "points";
  if (Object.keys(errors).length > 0) return { errors };
  return {
    choices: {
      giveBackPercent: giveBack ?? 1,
      welcomePoints: welcome ?? 0,
      birthdayPoints: birthday ?? 0,
      hasTiers: draft.hasTiers,
      includesPast: draft.includesPast,
    },
  };
}
