import { readMemberPage } from "../../loyalty/member-page.server";
import { readMemberTier } from "../../loyalty/tiers/read-tiers.server";
import { readReviewMedia } from "../../reviews/media/decide-media.server";
import { explainClaim } from "../../reviews/moderation/claims";
import { ARTICLES } from "../../reviews/moderation/claims-ja";
import type { Finding } from "../../reviews/moderation/findings";
import { readReviewDetail } from "../../reviews/moderation/read-detail.server";
import { readReviewSettings } from "../../reviews/read-settings.server";
import { listStaff } from "../../shops/list-staff.server";
import type { Pane, PaneContext } from "../../ui/reviews/inbox/inbox-views";

/** A review with its media and its author's points. null: there is none of this id in the shop. */
export async function readPane(shopId: number, reviewId: number, now: Date): Promise<Pane | null> {
  const [review, media] = await Promise.all([
    readReviewDetail(shopId, reviewId, now),
    readReviewMedia(shopId, reviewId),
  ]);
  if (!review) return null;
  const member = review.member && (await readPoints(shopId, review.member.id, now));
  return { review, media, member, claims: explainClaims([...review.findings, ...(review.pending?.findings ?? [])]) };
}

// The list of phrases stays on the server; the page gets what it has to say.
function explainClaims(findings: readonly Finding[]): Pane["claims"] {
  const claims = findings.filter(({ kind }) => kind === "claim").map(({ detail }) => detail);
  return Object.fromEntries(
    [...new Set(claims)].flatMap((detail) => {
      const known = explainClaim(detail);
      return known ? [[detail, { article: ARTICLES[known.article], why: known.why }]] : [];
    }),
  );
}

async function readPoints(shopId: number, memberId: number, now: Date): Promise<Pane["member"]> {
  const [page, tier] = await Promise.all([readMemberPage(shopId, memberId), readMemberTier(shopId, memberId, now)]);
  if (!page) return null;
  const held = tier?.tiers.find(({ id }) => id === tier.tierId);
  return { balance: page.balances.available, tier: held?.name ?? null };
}

/** What every review is read with: names of staff, saved replies, the shop's questions. */
export async function readPaneContext(shopId: number, now: Date): Promise<PaneContext> {
  const [staff, { savedReplies, questions }] = await Promise.all([listStaff(shopId), readReviewSettings(shopId)]);
  return { staff, savedReplies, questions: questions.map(({ id, label, options }) => ({ id, label, options })), now };
}
