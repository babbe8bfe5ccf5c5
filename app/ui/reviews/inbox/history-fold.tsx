// What happened to a review, newest first: acts from the record, words from the notes.
import { useTranslation } from "react-i18next";

import type en from "../../../i18n/en/reviews.json";
import { TimeText } from "../../time-text";
import type { Pane } from "./inbox-views";
import { useReasonText } from "./why-held";

type EventName = keyof typeof en.reviews.history.event;
const EVENTS: readonly EventName[] = [
  "submitted",
  "published",
  "held",
  "confirmed",
  "unconfirmed",
  "rejected",
  "edited",
  "edit_published",
  "edit_rejected",
  "deleted",
  "redacted",
  "replied",
  "reply_removed",
  "messaged",
  "noted",
  "masked",
  "unmasked",
  "reported",
  "reports_resolved",
  "appealed",
  "appeal_upheld",
  "appeal_dismissed",
  "looked_at",
  "moved",
  "task_opened",
  "task_changed",
];
const NOTES = ["private_message", "appeal", "staff_note"] as const;

interface HistoryFoldProps {
  review: Pane["review"];
  nameOf(actor: string): string;
}

/** The whole story, folded. */
export function HistoryFold({ review, nameOf }: HistoryFoldProps) {
  const { t } = useTranslation();
  const reasonText = useReasonText();
  return (
    <details className="kz-fold" open={review.notes.length > 0}>
      <summary>{t("reviews.history.title")}</summary>
      <ul className="kz-timeline">
        {review.notes.map((note) => {
          const kind = NOTES.find((each) => each === note.kind) ?? "staff_note";
          return (
            <li key={`note-${note.id}`}>
              <div>
                <b>{`${t(`reviews.history.${kind}`)} · ${nameOf(note.actor)}`}</b>
                <p className="kz-review-body">{note.text}</p>
              </div>
              <TimeText at={note.at} />
            </li>
          );
        })}
        {review.events.map((event, index) => {
          const kind = EVENTS.find((each) => each === event.kind);
          const reason = typeof event.params.reason === "string" ? reasonText(event.params.reason) : "";
          return (
            <li key={`${String(event.at)}-${index}`}>
              <span>
                {`${kind ? t(`reviews.history.event.${kind}`) : event.kind} · ${nameOf(event.actor)}`}
                {reason ? ` (${reason})` : null}
              </span>
              <TimeText at={event.at} />
            </li>
          );
        })}
      </ul>
    </details>
  );
}
