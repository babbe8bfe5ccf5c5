// Points that end in the coming months, as bars with the table behind them.
import { useFetcher } from "@remix-run/react";
import { BlockStack, Card, SkeletonBodyText, Text } from "@shopify/polaris";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import type { ExpiryForecast } from "../loyalty/forecast-expiry.server";
import { BarFigure } from "./bar-figure";
import { useFormat } from "./use-format";

/** The forecast, fetched beside the page: it sums over every open lot. A saved version asks again. */
export function ExpiryForecastCard({ version }: { version: number }) {
  const { t } = useTranslation();
  const { load, data } = useFetcher<{ forecast: ExpiryForecast | null }>();
  useEffect(() => load("/app/program/expiry"), [load, version]);
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("expiry_forecast.title")}
          </Text>
          <Text as="p" tone="subdued">
            {t("expiry_forecast.lead")}
          </Text>
        </BlockStack>
        {data?.forecast ? <Forecast forecast={data.forecast} /> : <SkeletonBodyText lines={8} />}
      </BlockStack>
    </Card>
  );
}

function Forecast({ forecast }: { forecast: ExpiryForecast }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (forecast.points === 0) return <Text as="p">{t("expiry_forecast.none")}</Text>;
  return (
    <BlockStack gap="400">
      <Text as="p">
        {t("expiry_forecast.total", {
          points: format.number(forecast.points),
          count: forecast.members,
        })}
      </Text>
      <MonthFigure forecast={forecast} />
      <details>
        <summary>{t("expiry_forecast.table")}</summary>
        <MonthTable forecast={forecast} />
      </details>
      {forecast.byInactivity ? (
        <Text as="p" variant="bodySm" tone="subdued">
          {t("expiry_forecast.by_inactivity")}
        </Text>
      ) : null}
    </BlockStack>
  );
}

function MonthFigure({ forecast }: { forecast: ExpiryForecast }) {
  const { t } = useTranslation();
  const format = useFormat();
  const first = forecast.months[0];
  const last = forecast.months.at(-1);
  return (
    <BarFigure
      columns={forecast.months.map(({ month, points }) => ({ key: month, above: points, below: 0 }))}
      label={t("expiry_forecast.chart_label", { points: format.number(forecast.points) })}
      ends={[first ? monthText(first.month, format.locale) : "", last ? monthText(last.month, format.locale) : ""]}
      tone="redeemed"
    />
  );
}

function MonthTable({ forecast }: { forecast: ExpiryForecast }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <table className="kz-table">
      <thead>
        <tr>
          <th scope="col">{t("expiry_forecast.month")}</th>
          <th scope="col">{t("expiry_forecast.points")}</th>
          <th scope="col">{t("expiry_forecast.members")}</th>
        </tr>
      </thead>
      <tbody>
        {forecast.months.map(({ month, points, members }) => (
          <tr key={month}>
            <th scope="row" suppressHydrationWarning>
              {monthText(month, format.locale)}
            </th>
            <td>{format.number(points)}</td>
            <td>{format.number(members)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// A calendar month has no zone: it is read and written as one and the same month.
function monthText(month: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: "UTC", year: "numeric", month: "long" }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
}
