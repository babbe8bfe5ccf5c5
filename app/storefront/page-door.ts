// What a door of pages is: documents for people, forms for browsers without a script. Beside the JSON doors.
import type { ShopId } from "../db.server";
import type { Locale } from "../i18n/locales";
import type { PostedForm } from "./page-http.server";
import type { Page } from "./pages/page-layout";
import type { RateLimit } from "./rate-limit";

/** A look at a page, or a form that was posted to it; signature, limits and shop are in order. */
export interface PageCall {
  shopId: ShopId;
  shopName: string;
  /** IANA zone of the shop. */
  timeZone: string;
  /** The signed-in customer's number at Shopify; null: nobody is signed in. */
  customerId: string | null;
  /** The query: signed, but written by the visitor. */
  parameters: URLSearchParams;
  /** null: the page is only looked at, and nothing may change. */
  form: PostedForm | null;
  /** Where the request came from, as far as limits and keyed hashes need it. */
  visitor: string;
  now: Date;
  /** The languages asked for, strongest first: as the page's address, form and browser say, and the shop's. */
  asked: { chosen: string | null; browser: string | null; shop: string };
}
export interface PageAnswer {
  status: number;
  locale: Locale;
  page: Page;
}
export interface PageDoor {
  /** For looks and for forms: who sends forms is counted apart. */
  looks: RateLimit;
  forms: RateLimit;
  handle(call: PageCall): Promise<PageAnswer>;
}
