// What becomes of a held review, in words.
import { useTranslation } from "react-i18next";

import { HOLD_DAYS } from "../../../reviews/moderation/findings";
import { needsConfirmation } from "../../../reviews/moderation/hold";
import { useFormat } from "../../use-format";
import { countdownOf } from "./countdown";
import type { ShownItem } from "./inbox-views";

type Held = Pick<ShownItem, "holdReasons" | "holdUntil" | "queuedAt" | "submittedAt">;

/** The countdown, short for lists and long for the review itself. */
export function useHoldWords(
  now: Date | string,
): (review: Held) => { short: string; long: string; isOverdue: boolean } {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ holdReasons, holdUntil, queuedAt, submittedAt }) => {
    const countdown = countdownOf(
      { holdUntil, waitsForAuthor: needsConfirmation(holdReasons), submittedAt: queuedAt ?? submittedAt },
      new Date(now),
      HOLD_DAYS,
    );
    switch (countdown.state) {
      case "expires": {
        const text =
          countdown.days === 0 ? t("reviews.hold.expires_today") : t("reviews.hold.expires", { count: countdown.days });
        return { short: text, long: text, isOverdue: false };
      }
      case "confirms":
        return {
          short: t("reviews.hold.confirms_short"),
          long: t("reviews.hold.confirms", { date: format.date(countdown.until) }),
          isOverdue: false,
        };
      case "person":
        return { short: t("reviews.hold.person_short"), long: t("reviews.hold.person"), isOverdue: false };
      case "overdue":
        return {
          short: t("reviews.hold.overdue_short"),
          long: t("reviews.hold.overdue", { date: format.date(countdown.since) }),
          isOverdue: true,
        };
    }
  };
}
