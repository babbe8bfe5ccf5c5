// One line a review: what it says, about what, and why somebody should look.
import { Link } from "@remix-run/react";
import { Badge, Checkbox, Text, type BadgeProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { FINDING_KINDS, HOLD_END, type FindingKind } from "../../../reviews/moderation/findings";
import { useFormat } from "../../use-format";
import { Stars } from "../stars";
import { useHoldWords } from "./hold-words";
import { waitsOf, type ShownItem } from "./inbox-views";

interface QueueListProps {
  items: ShownItem[];
  now: Date | string;
  /** The review beside the list. */
  current: number | null;
  chosen: number[];
  addressOf(reviewId: number): string;
  onChoose(reviewId: number, chosen: boolean): void;
}

/** The id of the link of a review in the list: the keyboard moves the focus along. */
export const rowId = (reviewId: number) => `review-${reviewId}`;

/** The list. */
export function QueueList({ items, now, current, chosen, addressOf, onChoose }: QueueListProps) {
  const { t } = useTranslation();
  return (
    <ul className="kz-inbox-list" aria-label={t("reviews.inbox.list")}>
      {items.map((item) => (
        <li key={item.reviewId} data-current={item.reviewId === current}>
          <div className="kz-inbox-check">
            <Checkbox
              label={t("reviews.inbox.select", { name: item.texts.authorName || t("reviews.no_name") })}
              labelHidden
              checked={chosen.includes(item.reviewId)}
              onChange={(on) => onChoose(item.reviewId, on)}
            />
          </div>
          <Link
            id={rowId(item.reviewId)}
            to={addressOf(item.reviewId)}
            preventScrollReset
            className="kz-inbox-row"
            aria-current={item.reviewId === current ? "true" : undefined}
          >
            <Row item={item} now={now} />
          </Link>
        </li>
      ))}
    </ul>
  );
}

const STATUS_TONE: Record<ShownItem["status"], BadgeProps["tone"]> = {
  published: "success",
  held: "attention",
  rejected: undefined,
  unconfirmed: undefined,
  deleted: undefined,
};

/** Whether a review is shown, in colour. */
export function StatusBadge({ status }: { status: ShownItem["status"] }) {
  const { t } = useTranslation();
  return <Badge tone={STATUS_TONE[status]}>{t(`reviews.status.${status}`)}</Badge>;
}

function Row({ item, now }: { item: ShownItem; now: Date | string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const holdWords = useHoldWords(now);
  const { texts } = item.edit ?? item;
  const hold = item.status === "held" ? holdWords(item) : null;
  const waits = waitsOf(item).filter((wait) => wait !== "held");
  const words = [texts.title, texts.body, texts.pros, texts.cons].find(Boolean);
  return (
    <>
      <span className="kz-inbox-head">
        <b className="kz-truncate">{texts.authorName || t("reviews.no_name")}</b>
        <span className="kz-inbox-when" suppressHydrationWarning>
          {format.ago(item.submittedAt, now)}
        </span>
      </span>
      <span className="kz-inbox-words" lang={item.locale}>
        {words ?? t("reviews.pane.no_words")}
      </span>
      <span className="kz-inbox-meta">
        <Stars rating={item.edit?.rating ?? item.rating} />
        <span className="kz-truncate">{item.productTitle ?? ""}</span>
      </span>
      <span className="kz-inbox-tags">
        {hold ? <Badge tone={hold.isOverdue ? "critical" : "attention"}>{hold.short}</Badge> : null}
        {waits.map((wait) => (
          <Badge key={wait} tone="info">
            {t(`reviews.inbox.waits.${wait}`)}
          </Badge>
        ))}
        {hold === null && waits.length === 0 ? <StatusBadge status={item.status} /> : null}
        {hold ? (
          <Text as="span" variant="bodySm" tone="subdued">
            <FindingName kind={gravest(item.holdReasons)} />
          </Text>
        ) : null}
      </span>
    </>
  );
}

// Of several reasons the one that lasts longest: it is the one to decide about.
const GRAVITY = ["person", "confirms", "expires"] as const;
function gravest(reasons: readonly string[]): FindingKind | undefined {
  const known = FINDING_KINDS.filter((kind) => reasons.includes(kind));
  const [first] = GRAVITY.flatMap((end) => known.filter((kind) => HOLD_END[kind] === end));
  return first;
}

function FindingName({ kind }: { kind: FindingKind | undefined }) {
  const { t } = useTranslation();
  return kind ? t(`reviews.hold.finding.${kind}`) : null;
}
