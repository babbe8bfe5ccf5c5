// Messages to look at before any is sent: the preview and the test. Pure.
import { DateTime } from "luxon";

import type { MessageContent, MessageKind } from "./messages";

/** A plausible message of a kind, as seen at `now`. */
export function sampleContent(kind: MessageKind, now: Date, timeZone: string): MessageContent {
  const soon = DateTime.fromJSDate(now, { zone: timeZone }).plus({ days: 30 });
  const inAYear = soon.plus({ years: 1 }).startOf("year").toUTC().toJSDate().toISOString();
  switch (kind) {
    case "reward_issued":
      return {
        kind,
        params: {
          title: { en: "500 off", ja: "500円引きクーポン" },
          code: "KIZUNA-SAMPLE-2K7Q-9XWD",
          expiresAt: soon.startOf("day").toUTC().toJSDate().toISOString(),
        },
      };
    case "points_expiring":
      return { kind, params: { points: 1_240, on: soon.toFormat("yyyy-MM-dd"), daysBefore: 30 } };
    case "tier_changed":
      return {
        kind,
        params: { toTierId: "gold", tier: { en: "Gold", ja: "ゴールド" }, isUp: true, until: inAYear },
      };
    case "referral_rewarded":
      return { kind, params: { points: 500 } };
  }
}
