import { useTranslation } from "react-i18next";

/** One to five stars, said in words to those who do not see them. */
export function Stars({ rating }: { rating: number }) {
  const { t } = useTranslation();
  return (
    <span className="kz-stars" role="img" aria-label={t("reviews.stars.one", { count: rating })}>
      <span aria-hidden="true">{"★".repeat(rating)}</span>
      <span aria-hidden="true" className="kz-stars-rest">
        {"★".repeat(5 - rating)}
      </span>
    </span>
  );
}
