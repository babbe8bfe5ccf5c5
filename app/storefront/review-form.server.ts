// The page of the form: what the shop's settings and program add to what the visit knows.
import { env } from "../env.server";
import type { Locale } from "../i18n/locales";
import { REVIEW_WAYS } from "../loyalty/program-parts";
import { reviewPromiseTo } from "../loyalty/ways/review-promise.server";
import { displayName } from "../reviews/display/display-name";
import { readReviewSettings } from "../reviews/read-settings.server";
import type { ReviewQuestion, ReviewSettings } from "../reviews/review-settings";
import type { PageAnswer, PageCall } from "./page-door";
import type { SectionErrors, SectionValues } from "./pages/form-model";
import { reviewForm, type KeptFile, type RefusedFile, type ReviewForm } from "./pages/review-form";
import { REVIEW_SCRIPT } from "./pages/review-script";
import { chooseLocale, textsOf, type PageTexts } from "./pages/texts";
import type { ReviewVisit, VisitProduct } from "./review-visit.server";

/** A section on its way: what was typed, what is wrong, which files are there. */
export interface SectionState {
  product: VisitProduct;
  ticket: string;
  values: SectionValues;
  errors: SectionErrors;
  kept: readonly KeptFile[];
  refused: readonly RefusedFile[];
}
export interface FormState {
  status: number;
  problem: ReviewForm["problem"];
  saved: readonly string[];
  sections: readonly SectionState[];
  /** null: as we know them. */
  name: string | null;
  email: string | null;
  isNameMissing: boolean;
  isEmailWrong: boolean;
  licence: ReviewForm["licence"];
}
/** A form that nobody has touched. */
export const FRESH: Omit<FormState, "sections"> = {
  status: 200,
  problem: null,
  saved: [],
  name: null,
  email: null,
  isNameMissing: false,
  isEmailWrong: false,
  licence: { isChecked: false, isMissing: false },
};

/** The language of a visit: chosen on the page or by its link, else the author's own, else the browser's. */
export function localeOfVisit({ asked }: PageCall, visit: ReviewVisit): Locale {
  return chooseLocale(asked.chosen, visit.locale, asked.browser, asked.shop);
}
/** The shop's own questions for a product. */
export function questionsFor(
  { questions }: ReviewSettings,
  { productType }: Pick<VisitProduct, "productType">,
): ReviewQuestion[] {
  return questions.filter(({ productTypes }) => productTypes.length === 0 || productTypes.includes(productType));
}

/** The page. */
export async function pageOfForm(call: PageCall, visit: ReviewVisit, state: FormState): Promise<PageAnswer> {
  const locale = localeOfVisit(call, visit);
  const texts = textsOf(locale);
  const [settings, promise] = await Promise.all([
    readReviewSettings(call.shopId),
    reviewPromiseTo(call.shopId, visit, call.now),
  ]);
  const numbers = new Intl.NumberFormat(locale);
  const unreviewed = visit.products.filter(({ reviewed }) => reviewed === null).length;
  const form: ReviewForm = {
    shopName: call.shopName,
    sections: state.sections.map((section) => toSection(section, settings)),
    hidden: visit.hidden,
    draftKey: visit.draftKey,
    name: state.name ?? displayName(visit.name, settings.names),
    nameHint: nameHint(settings, texts),
    email: visit.isConfirmed ? null : { value: state.email ?? "", isWrong: state.isEmailWrong },
    isNameMissing: state.isNameMissing,
    licence: state.licence,
    promise: REVIEW_WAYS.flatMap((kind) => {
      const points = promise?.[kind];
      return points === undefined ? [] : [{ kind, points: numbers.format(points) }];
    }),
    standing: visit.products.every(({ isVerified }) => isVerified)
      ? "verified"
      : visit.isConfirmed
        ? "unverified"
        : "confirm",
    problem: state.problem,
    saved: state.saved,
    leftOver: Math.max(0, unreviewed - state.saved.length - state.sections.length),
  };
  const [first] = state.sections;
  const title = state.sections.length === 1 && first ? texts.form.titleOf(first.product.title) : texts.form.title;
  return {
    status: state.status,
    locale,
    page: {
      title,
      body: reviewForm(form, texts),
      script: REVIEW_SCRIPT,
      pictures: picturesOf(state.sections.flatMap(({ kept }) => kept)),
      ...(call.form === null ? { otherLanguage: otherLanguage(visit, texts) } : {}),
    },
  };
}

function toSection({ product, ticket, values, errors, kept, refused }: SectionState, settings: ReviewSettings) {
  const { photos, videos } = settings.media;
  return {
    key: product.key,
    title: product.title,
    questions: questionsFor(settings, product),
    values,
    errors,
    media: photos || videos ? { ticket, photos, videos, kept, refused } : null,
  };
}

function nameHint({ names }: ReviewSettings, texts: PageTexts): string {
  return names === "full"
    ? texts.form.nameHint
    : [texts.form.nameHint, texts.form.nameShortened].join(texts.form.between);
}

/** Where pictures come from: our own door, or the shop's store. */
export function picturesOf(files: readonly { url: string | null }[]): string[] {
  const own = new URL(env().SHOPIFY_APP_URL).origin;
  return [...new Set([own, ...files.flatMap(({ url }) => (url === null ? [] : [new URL(url).origin]))])];
}

// The key of a form is made anew on the page that the link opens.
function otherLanguage({ hidden }: ReviewVisit, texts: PageTexts): string {
  const { key: _key, ...kept } = hidden;
  return `review?${new URLSearchParams({ ...kept, locale: texts.otherLanguage.locale }).toString()}`;
}
