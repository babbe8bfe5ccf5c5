// What the rules notice in a review. Pure, and blind to the stars: rules get the words and the facts around them.
import type { ReviewSettings } from "../review-settings";
import { findClaims } from "./claims";
import { findContactData } from "./contact-data";
import { findDuplicate } from "./duplicate";
import type { Finding } from "./findings";
import { findLinks } from "./links";
import { findMalware } from "./malware";
import { findProfanity, findShopWords } from "./profanity";
import { findSpam } from "./spam";
import { findStaff, type AuthorFacts } from "./staff";
import { textsOf, type ReviewTexts } from "./texts";
import { findThreats } from "./threats";
import { findVelocity, type RecentCounts } from "./velocity";

/** What is known around the words. */
export interface ReviewFacts {
  author: AuthorFacts;
  /** The address was confirmed, or the author is signed in or came by our link. */
  isConfirmed: boolean;
  /** It follows from an order line. */
  isVerified: boolean;
  recent: RecentCounts;
  /** Words of recent reviews by other authors. */
  othersWords: readonly string[];
  /** Photos or videos nobody has looked at yet. */
  hasUnviewedMedia: boolean;
}

/**
 * All findings, in the order of the rules.
 * @param content the words; whatever else the object holds is left out before any rule runs
 */
export function judgeReview(
  content: ReviewTexts,
  facts: ReviewFacts,
  settings: Pick<ReviewSettings, "moderation" | "publish">,
): Finding[] {
  const texts = textsOf(content);
  const { moderation, publish } = settings;
  const contact = findContactData(texts);
  return [
    ...without(findLinks(texts), contact),
    ...contact,
    ...findProfanity(texts, { mild: moderation.mildProfanity }),
    ...findShopWords(texts, moderation.words),
    ...findSpam(texts),
    ...findDuplicate(texts, facts.othersWords),
    ...(publish === "after_a_look" ? [whole("first_look", "")] : []),
    ...findStaff(facts.author),
    ...findVelocity(facts.recent, facts.isVerified),
    ...(facts.isConfirmed ? [] : [whole("unverified", "")]),
    ...(moderation.claims ? findClaims(texts) : []),
    ...findMalware(texts),
    ...findThreats(texts),
    ...(facts.hasUnviewedMedia ? [whole("media", "")] : []),
  ];
}

function whole(kind: Finding["kind"], detail: string): Finding {
  return { kind, field: null, from: 0, to: 0, detail };
}

// The host of an e-mail address is no link of its own.
function without(findings: Finding[], covering: readonly Finding[]): Finding[] {
  return findings.filter(
    (finding) =>
      !covering.some(({ field, from, to }) => field === finding.field && from <= finding.from && finding.to <= to),
  );
}
