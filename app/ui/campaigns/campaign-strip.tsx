// Three months as a strip: a bar per campaign, darker where two of them meet.
import { Link } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { textIn } from "../../loyalty/program-parts";
import { useShopFacts } from "../shop-facts";
import { useFormat } from "../use-format";
import { layOutStrip, type CampaignState, type PlannedCampaign, type Stretch, type StripRow } from "./campaign-plan";

interface CampaignStripProps {
  campaigns: PlannedCampaign[];
  states: Record<string, CampaignState>;
  now: Date | string;
}

/** The strip; each bar is a link that says its dates. */
export function CampaignStrip({ campaigns, states, now }: CampaignStripProps) {
  const { t } = useTranslation();
  const { timeZone } = useShopFacts();
  const { locale } = useFormat();
  const strip = layOutStrip(campaigns, now, timeZone);
  const month = new Intl.DateTimeFormat(locale, { timeZone, month: "long" });
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("campaigns.strip.title")}
          </Text>
          <Text as="p" tone="subdued">
            {t(strip.rows.length === 0 ? "campaigns.strip.none" : "campaigns.strip.lead")}
          </Text>
        </BlockStack>
        <div className="kz-strip">
          <div className="kz-strip-months" aria-hidden="true">
            {strip.months.map(({ at, ...stretch }) => (
              <span key={at} style={placed(stretch)}>
                {month.format(new Date(at))}
              </span>
            ))}
          </div>
          <div className="kz-strip-today" style={{ insetInlineStart: `${strip.today}%` }} aria-hidden="true">
            <span>{t("campaigns.strip.today")}</span>
          </div>
          <ul>
            {strip.rows.map((row) => (
              <Bar key={row.campaign.id} row={row} state={states[row.campaign.id] ?? "planned"} />
            ))}
          </ul>
        </div>
      </BlockStack>
    </Card>
  );
}

function Bar({ row, state }: { row: StripRow; state: CampaignState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { id, name, from, until } = row.campaign;
  const label = textIn(name, format.locale) || t("campaigns.unnamed");
  const facts = {
    name: label,
    from: format.dateTime(from),
    until: format.dateTime(until),
    state: t(`campaigns.state.${state}`),
  };
  return (
    <li>
      <Link
        to={`/app/program/campaigns/${id}`}
        className={`kz-strip-bar kz-strip-${state}`}
        style={placed(row)}
        aria-label={t("campaigns.strip.bar", facts)}
        title={t("campaigns.strip.bar", facts)}
      >
        {row.shared.map((shared) => (
          <span key={shared.left} className="kz-strip-shared" style={placed(inside(row, shared))} />
        ))}
      </Link>
      {/* Beside its bar where there is room, so that a short bar has a readable name. */}
      <span
        className={row.left > 55 ? "kz-strip-name kz-strip-beside" : "kz-strip-name"}
        style={
          row.left > 55
            ? { insetInlineEnd: `${101 - row.left}%`, maxInlineSize: `${row.left - 1}%` }
            : { insetInlineStart: `${row.left + 1}%`, maxInlineSize: `${99 - row.left}%` }
        }
        aria-hidden="true"
      >
        {label}
      </span>
    </li>
  );
}

function placed({ left, width }: Stretch) {
  return { insetInlineStart: `${left}%`, inlineSize: `${width}%` };
}
// A stretch of the strip as a stretch of one of its bars.
function inside(bar: Stretch, shared: Stretch): Stretch {
  return { left: ((shared.left - bar.left) / bar.width) * 100, width: (shared.width / bar.width) * 100 };
}
