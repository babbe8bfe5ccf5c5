// The parts of the program, one page each, behind one entry of the menu.
import { Link } from "@remix-run/react";
import { useTranslation } from "react-i18next";

import { useCurrentInSight } from "./use-current-in-sight";

/** Every part that has a page, in the order in which a merchant thinks of them. */
const PARTS = [
  { part: "earning", path: "/app/program/earning" },
  { part: "ways", path: "/app/program/ways" },
  { part: "campaigns", path: "/app/program/campaigns" },
  { part: "tiers", path: "/app/program/tiers" },
  { part: "referrals", path: "/app/program/referrals" },
] as const;
export type ProgramPart = (typeof PARTS)[number]["part"];

/** Links to the other parts; stands first on each of their pages. */
export function ProgramTabs({ current }: { current: ProgramPart }) {
  const { t } = useTranslation();
  const row = useCurrentInSight(current);
  return (
    <nav ref={row} className="kz-tabs" aria-label={t("program_tabs.label")}>
      <ul>
        {PARTS.map(({ part, path }) => (
          <li key={part}>
            <Link to={path} aria-current={part === current ? "page" : undefined}>
              {t(`program_tabs.${part}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
