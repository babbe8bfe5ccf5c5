// A review as shoppers see it, on every surface: masked, named by the shop's setting, with its labels. Pure.
import type { Finding } from "../moderation/findings";
import { isByStaff, shownTexts } from "../moderation/mask-text";
import type { ReviewSettings } from "../review-settings";
import { displayName } from "./display-name";
import { shownMedia, type AddressOf, type MediaRow, type ShownMedia } from "./shown-media";

export interface ShownReview {
  id: string;
  rating: number;
  title: string;
  body: string;
  pros: string;
  cons: string;
  /** Empty: anonymous. */
  name: string;
  /** The shop's day, 2026-11-22. */
  on: string;
  verified: boolean;
  /** Something was promised for it: said wherever it is shown. */
  incentivised: boolean;
  refunded: boolean;
  edited: boolean;
  staff: boolean;
  answers: { q: string; o: string }[];
  media: ShownMedia[];
  reply: { text: string; on: string } | null;
  helpful: number;
  helpfulAnon: number;
  /** Which product it is about, where a list holds several. */
  product: ShownProduct | null;
  /** Only a part of its words is here. */
  cut?: true;
}
export interface ShownProduct {
  gid: string;
  title: string;
  /** Empty: not known yet, so nothing to link to. */
  handle: string;
}

/** What the database knows of a review that is shown. */
export interface ShownRow {
  id: number;
  productGid: string;
  rating: number;
  title: string;
  body: string;
  pros: string;
  cons: string;
  answers: { questionId: string; optionId: string }[];
  authorName: string;
  verified: boolean;
  incentivised: boolean;
  refunded: boolean;
  version: number;
  findings: Finding[];
  reply: string | null;
  repliedOn: string | null;
  publishedOn: string;
  helpful: number;
  helpfulAnon: number;
  productTitle: string | null;
  productHandle: string | null;
  media: MediaRow[];
}

/** The row as shoppers see it. `names`: the shop's setting. */
export function toShown(
  row: ShownRow,
  { names, addressOf, withProduct }: { names: ReviewSettings["names"]; addressOf: AddressOf; withProduct: boolean },
): ShownReview {
  const { title, body, pros, cons, authorName } = shownTexts(row, row.findings);
  return {
    id: String(row.id),
    rating: row.rating,
    title,
    body,
    pros,
    cons,
    name: displayName(authorName, names),
    on: row.publishedOn,
    verified: row.verified,
    incentivised: row.incentivised,
    refunded: row.refunded,
    edited: row.version > 1,
    staff: isByStaff(row.findings),
    answers: row.answers.map(({ questionId, optionId }) => ({ q: questionId, o: optionId })),
    media: row.media.map((media) => shownMedia(media, addressOf)),
    reply: row.reply === null ? null : { text: row.reply, on: row.repliedOn ?? row.publishedOn },
    helpful: row.helpful,
    helpfulAnon: row.helpfulAnon,
    product: withProduct
      ? { gid: row.productGid, title: row.productTitle ?? "", handle: row.productHandle ?? "" }
      : null,
  };
}
