// The parts of reviews, one page each, behind one entry of the menu.
import { Link } from "@remix-run/react";
import { useTranslation } from "react-i18next";

import { useCurrentInSight } from "../use-current-in-sight";

const PARTS = [
  { part: "inbox", path: "/app/reviews" },
  { part: "requests", path: "/app/reviews/requests" },
  { part: "tasks", path: "/app/reviews/tasks" },
  { part: "gallery", path: "/app/reviews/gallery" },
  { part: "analytics", path: "/app/reviews/analytics" },
  { part: "settings", path: "/app/settings/reviews" },
] as const;
export type ReviewPart = (typeof PARTS)[number]["part"];

/** Links to the other parts; stands first on each of their pages. `counts`: what waits there. */
export function ReviewTabs({
  current,
  counts = {},
}: {
  current: ReviewPart;
  counts?: Partial<Record<ReviewPart, number>>;
}) {
  const { t } = useTranslation();
  const row = useCurrentInSight(current);
  return (
    <nav ref={row} className="kz-tabs" aria-label={t("reviews.tabs.label")}>
      <ul>
        {PARTS.map(({ part, path }) => (
          <li key={part}>
            <Link to={path} aria-current={part === current ? "page" : undefined}>
              {t(`reviews.tabs.${part}`)}
              {counts[part] ? <span className="kz-tab-count">{counts[part]}</span> : null}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
