// A way to earn in words.
import { useTranslation } from "react-i18next";

import { readAmount, readWhole } from "../typed-fields";
import { useShopFacts } from "../shop-facts";
import { useFormat } from "../use-format";
import type { WayDraft } from "./way-draft";

/** Names that are the same in every language. */
export const PLATFORMS = {
  instagram: "Instagram",
  x: "X",
  line: "LINE",
  facebook: "Facebook",
  tiktok: "TikTok",
  youtube: "YouTube",
  pinterest: "Pinterest",
} as const;

/** One line in the shopper's words: "500 points every year on your birthday". */
export function useWaySentence(): (way: WayDraft) => string {
  const { t } = useTranslation();
  const format = useFormat();
  const { currency } = useShopFacts();
  return (way) => {
    const points = t("common.points", { count: readWhole(way.points) ?? 0 });
    switch (way.kind) {
      case "anniversary": {
        const years = readWhole(way.yearsMax);
        return years
          ? t("ways.sentence.anniversary_max", { points, years })
          : t("ways.sentence.anniversary", { points });
      }
      case "nth_order":
        return t(`ways.sentence.nth_order_${way.repeat}`, { points, n: format.number(readWhole(way.n) ?? 0) });
      case "product_bonus":
        return t(`ways.sentence.product_bonus_${way.per}`, { points });
      case "spend_threshold":
        return t("ways.sentence.spend_threshold", {
          points,
          amount: format.money(readAmount(way.threshold, currency) ?? 0),
        });
      case "social":
        return way.platform === "other"
          ? t("ways.sentence.social_elsewhere", { points })
          : t(`ways.sentence.social_${way.action}`, { points, platform: PLATFORMS[way.platform] });
      default:
        return t(`ways.sentence.${way.kind}`, { points });
    }
  };
}
