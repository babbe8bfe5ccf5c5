// Why a review waits, in words: what was noticed, what the law says about it, and what happens by itself.
import { Banner, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Finding } from "../../../reviews/moderation/findings";
import type { RejectReason } from "../../../reviews/review-content";
import { REJECT_REASONS } from "../../../reviews/review-content";
import { useFormat } from "../../use-format";
import { textOf } from "../settings/questions-card";
import { useHoldWords } from "./hold-words";
import type { Pane } from "./inbox-views";

type Review = Pane["review"];

interface WhyHeldProps {
  review: Review;
  claims: Pane["claims"];
  now: Date | string;
  busy: boolean;
  onKeep(): void;
}

/** Everything that made this review wait. */
export function WhyHeld({ review, claims, now, busy, onKeep }: WhyHeldProps) {
  const { t } = useTranslation();
  const holdWords = useHoldWords(now);
  // That media wait is no news once somebody has looked at them.
  const noticed = [...review.findings, ...(review.pending?.findings ?? [])].filter(
    ({ kind }) => kind !== "media" || review.unviewedMedia > 0,
  );
  const isHeld = review.status === "held";
  const hold = holdWords(review);
  return (
    <BlockStack gap="300">
      {isHeld ? (
        <Banner tone={hold.isOverdue ? "critical" : "warning"} title={hold.long}>
          <Noticed findings={noticed} claims={claims} />
        </Banner>
      ) : null}
      {!isHeld && noticed.length > 0 ? (
        <div className="kz-aside">
          <Text as="h3" variant="headingSm">
            {t("reviews.hold.noticed")}
          </Text>
          <Noticed findings={noticed} claims={claims} />
        </div>
      ) : null}
      {review.status === "rejected" ? <Rejected review={review} /> : null}
      <Reports review={review} busy={busy} onKeep={onKeep} />
    </BlockStack>
  );
}

function Noticed({ findings, claims }: { findings: Finding[]; claims: Pane["claims"] }) {
  const { t } = useTranslation();
  const details = useDetails();
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  return (
    <ul className="kz-noticed">
      {kinds.map((kind) => {
        const said = [...new Set(findings.filter((finding) => finding.kind === kind).flatMap(details))];
        return (
          <li key={kind}>
            <b>{t(`reviews.hold.finding.${kind}`)}</b>
            {said.length > 0 ? ` (${said.join(", ")})` : null}
            <br />
            {kind === "claim" ? <Claims findings={findings} claims={claims} /> : null}
            <span className="kz-help">{t(`reviews.hold.explain.${kind}`)}</span>
          </li>
        );
      })}
    </ul>
  );
}

// Each claim with its article, once.
function Claims({ findings, claims }: { findings: Finding[]; claims: Pane["claims"] }) {
  const { locale } = useFormat();
  const known = [...new Set(findings.map(({ detail }) => detail))].flatMap((detail) => claims[detail] ?? []);
  return known.map(({ article, why }) => (
    <span key={why.en} className="kz-claim">
      {textOf(why, locale)} <cite>{textOf(article, locale)}</cite>
    </span>
  ));
}

const CONTACT = ["email", "phone", "handle", "address", "card"] as const;
// What a finding's code says to a person; a code without words stays silent.
function useDetails(): (finding: Finding) => string[] {
  const { t } = useTranslation();
  return ({ kind, detail }) => {
    if (kind !== "contact_data") return [];
    const known = CONTACT.find((each) => each === detail);
    return known ? [t(`reviews.hold.contact.${known}`)] : [];
  };
}

/** A reason of the list in words. */
export function useReasonText(): (reason: string | null) => string {
  const { t } = useTranslation();
  return (reason) => {
    const known = REJECT_REASONS.find((each) => each === reason);
    return known ? t(`reviews.reject.${known}`) : "";
  };
}

function Rejected({ review }: { review: Review }) {
  const { t } = useTranslation();
  const reasonText = useReasonText();
  const reason: RejectReason | null = review.rejectReason;
  const appeal = review.notes.find(({ kind }) => kind === "appeal");
  if (review.appeal !== "open")
    return (
      <Banner tone="info" title={t("reviews.pane.rejected_because", { reason: reasonText(reason) })}>
        {review.appeal === "dismissed" ? <p>{t("reviews.appeal.dismissed")}</p> : null}
      </Banner>
    );
  return (
    <Banner tone="warning" title={t("reviews.appeal.title")}>
      <BlockStack gap="200">
        <p>{t("reviews.appeal.because", { reason: reasonText(reason) })}</p>
        {appeal ? <blockquote className="kz-quote">{appeal.text}</blockquote> : null}
      </BlockStack>
    </Banner>
  );
}

function Reports({ review, busy, onKeep }: Pick<WhyHeldProps, "review" | "busy" | "onKeep">) {
  const { t } = useTranslation();
  const format = useFormat();
  const reasonText = useReasonText();
  const open = review.reports.filter(({ resolvedAt }) => resolvedAt === null);
  if (open.length === 0) return null;
  return (
    <Banner tone="warning" title={t("reviews.reports.title")}>
      <BlockStack gap="200">
        <ul className="kz-noticed">
          {open.map(({ id, reason, text, at }) => (
            <li key={id}>
              <span suppressHydrationWarning>
                {t("reviews.reports.line", { reason: reasonText(reason), date: format.date(at) })}
              </span>
              {text ? <blockquote className="kz-quote">{text}</blockquote> : null}
            </li>
          ))}
        </ul>
        <InlineStack gap="200" blockAlign="center">
          <Button onClick={onKeep} disabled={busy}>
            {t("reviews.reports.keep")}
          </Button>
          <Text as="span" variant="bodySm" tone="subdued">
            {t("reviews.reports.keep_help")}
          </Text>
        </InlineStack>
      </BlockStack>
    </Banner>
  );
}
