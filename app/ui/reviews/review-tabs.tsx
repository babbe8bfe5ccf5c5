// The parts of reviews, one page each, behind one entry of the menu.
import { Link } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

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
  const row = useRef<HTMLElement>(null);
  // On a phone the row scrolls sideways: the page that is open must be in sight.
  useEffect(() => {
    const link = row.current?.querySelector<HTMLElement>("[aria-current=page]");
    if (row.current && link) row.current.scrollLeft = link.offsetLeft - row.current.offsetLeft;
  }, [current]);
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
