// What the reviews of the last weeks say, each number with how it is made.
import { BlockStack, Card, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { meanHundredths, percentOf } from "../../../reviews/analytics/periods";
import type { ReviewAnalytics, ReviewWeek } from "../../../reviews/analytics/read-analytics.server";
import { useFormat } from "../../use-format";
import { WeekChart } from "./week-chart";

const sumOf = (weeks: ReviewWeek[], key: "received" | "stars" | "requested" | "answered") =>
  weeks.reduce((sum, week) => sum + week[key], 0);

/** Hundredths of stars as text: 4.25 */
function meanText(hundredths: number | null, none: string): string {
  return hundredths === null ? none : (hundredths / 100).toFixed(2);
}
const percentText = (percent: number | null, none: string) => (percent === null ? none : `${percent}%`);

/** Volume, rating and response, week by week. */
export function TrendCards({ weeks }: { weeks: ReviewWeek[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const none = t("reviews.analytics.none");
  const days = weeks.map(({ week }) => week);
  const received = sumOf(weeks, "received");
  const requested = sumOf(weeks, "requested");
  const answered = sumOf(weeks, "answered");
  const mean = meanHundredths(sumOf(weeks, "stars"), received);
  const rate = percentOf(answered, requested);
  const means = weeks.map((week) => meanHundredths(week.stars, week.received));
  const number = (of: (week: ReviewWeek) => number) => (index: number) => {
    const week = weeks[index];
    return week ? format.number(of(week)) : "";
  };
  return (
    <>
      <ChartCard
        title={t("reviews.analytics.volume.title")}
        value={format.number(received)}
        definition={t("reviews.analytics.volume.definition")}
      >
        <WeekChart
          weeks={days}
          values={weeks.map((week) => week.received)}
          label={t("reviews.analytics.volume.label", { count: received })}
          columns={[{ title: t("reviews.analytics.volume.column"), text: number((week) => week.received) }]}
        />
      </ChartCard>
      <ChartCard
        title={t("reviews.analytics.rating.title")}
        value={meanText(mean, none)}
        definition={t("reviews.analytics.rating.definition")}
      >
        <WeekChart
          weeks={days}
          values={means}
          top={500}
          label={t("reviews.analytics.rating.label", { mean: meanText(mean, none) })}
          columns={[
            { title: t("reviews.analytics.rating.column"), text: (index) => meanText(means[index] ?? null, none) },
            { title: t("reviews.analytics.volume.column"), text: number((week) => week.received) },
          ]}
        />
      </ChartCard>
      <ChartCard
        title={t("reviews.analytics.response.title")}
        value={percentText(rate, none)}
        definition={t("reviews.analytics.response.definition")}
      >
        <WeekChart
          weeks={days}
          values={weeks.map((week) => week.answered)}
          wholes={weeks.map((week) => week.requested)}
          label={t("reviews.analytics.response.label", { requested, answered })}
          columns={[
            { title: t("reviews.analytics.response.requested"), text: number((week) => week.requested) },
            { title: t("reviews.analytics.response.answered"), text: number((week) => week.answered) },
          ]}
        />
      </ChartCard>
    </>
  );
}

interface ChartCardProps {
  title: string;
  value: string;
  definition: string;
  children: ReactNode;
}
function ChartCard({ title, value, definition, children }: ChartCardProps) {
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="050">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          <p className="kz-figure">{value}</p>
          <Text as="p" tone="subdued" variant="bodySm">
            {definition}
          </Text>
        </BlockStack>
        {children}
      </BlockStack>
    </Card>
  );
}

/** How fast, how open, how well answered. */
export function FiguresCard({ analytics }: { analytics: ReviewAnalytics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = useDuration();
  const { publishing, shares, tasks } = analytics;
  const none = t("reviews.analytics.none");
  const share = (part: number, whole: number) => percentText(percentOf(part, whole), none);
  const figures = [
    {
      id: "median",
      value: duration(publishing.medianSeconds),
      note: t("reviews.analytics.figures.median_note", { slow: duration(publishing.slowSeconds) }),
    },
    {
      id: "at_once",
      value: share(publishing.atOnce, publishing.published),
      note: t("reviews.analytics.figures.of_published", { count: publishing.published }),
    },
    {
      id: "verified",
      value: share(shares.verified, shares.published),
      note: t("reviews.analytics.figures.count", { count: shares.verified }),
    },
    {
      id: "incentivised",
      value: share(shares.incentivised, shares.published),
      note: t("reviews.analytics.figures.count", { count: shares.incentivised }),
    },
    {
      id: "media",
      value: share(shares.withMedia, shares.published),
      note: t("reviews.analytics.figures.count", { count: shares.withMedia }),
    },
    {
      id: "tasks",
      value: share(tasks.inTime, tasks.due),
      note: t("reviews.analytics.figures.tasks_note", {
        due: format.number(tasks.due),
        late: format.number(tasks.late + tasks.open),
      }),
    },
  ] as const;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t("reviews.analytics.figures.title")}
        </Text>
        <div className="kz-glance">
          {figures.map(({ id, value, note }) => (
            <BlockStack key={id} gap="050">
              <Text as="h3" variant="bodyMd" tone="subdued">
                {t(`reviews.analytics.figures.${id}`)}
              </Text>
              <p className="kz-figure">{value}</p>
              <Text as="p" variant="bodySm" tone="subdued">
                {note}
              </Text>
            </BlockStack>
          ))}
        </div>
        <details>
          <summary>{t("reviews.analytics.definitions")}</summary>
          <dl className="kz-review-definitions">
            {figures.map(({ id }) => (
              <div key={id}>
                <dt>{t(`reviews.analytics.figures.${id}`)}</dt>
                <dd>{t(`reviews.analytics.define.${id}`)}</dd>
              </div>
            ))}
          </dl>
        </details>
      </BlockStack>
    </Card>
  );
}

// The largest unit that fits, in whole numbers.
function useDuration(): (seconds: number | null) => string {
  const { t } = useTranslation();
  return (seconds) => {
    if (seconds === null) return t("reviews.analytics.none");
    if (seconds < 60) return t("reviews.analytics.duration.moments");
    if (seconds < 3_600) return t("reviews.analytics.duration.minutes", { count: Math.round(seconds / 60) });
    if (seconds < 2 * 86_400) return t("reviews.analytics.duration.hours", { count: Math.round(seconds / 3_600) });
    return t("reviews.analytics.duration.days", { count: Math.round(seconds / 86_400) });
  };
}

/** What shoppers talk about, and how. */
export function TopicsCard({ topics }: { topics: ReviewAnalytics["topics"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const most = Math.max(1, ...topics.map(({ reviews }) => reviews));
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="050">
          <Text as="h2" variant="headingMd">
            {t("reviews.analytics.topics.title")}
          </Text>
          <Text as="p" tone="subdued" variant="bodySm">
            {t("reviews.analytics.topics.definition")}
          </Text>
        </BlockStack>
        {topics.length === 0 ? (
          <Text as="p" tone="subdued">
            {t("reviews.analytics.topics.empty")}
          </Text>
        ) : (
          <div className="kz-scroll" tabIndex={0} role="region" aria-label={t("reviews.analytics.topics.title")}>
            <table className="kz-table kz-topics">
              <thead>
                <tr>
                  <th scope="col">{t("reviews.analytics.topics.topic")}</th>
                  <th scope="col">{t("reviews.analytics.topics.mood")}</th>
                  <th scope="col">{t("reviews.analytics.topics.positive")}</th>
                  <th scope="col">{t("reviews.analytics.topics.negative")}</th>
                  <th scope="col">{t("reviews.analytics.topics.reviews")}</th>
                </tr>
              </thead>
              <tbody>
                {topics.map((topic) => (
                  <tr key={topic.topic}>
                    <th scope="row">{format.locale === "ja" ? topic.ja : topic.en}</th>
                    <td>
                      <span
                        className="kz-mood"
                        aria-hidden="true"
                        style={{ width: `${(topic.reviews * 100) / most}%` }}
                      >
                        <span className="kz-tone-available" style={{ flexGrow: topic.positive }} />
                        <span
                          className="kz-mood-neutral"
                          style={{ flexGrow: Math.max(0, topic.reviews - topic.positive - topic.negative) }}
                        />
                        <span className="kz-tone-debt" style={{ flexGrow: topic.negative }} />
                      </span>
                    </td>
                    <td>{format.number(topic.positive)}</td>
                    <td>{format.number(topic.negative)}</td>
                    <td>{format.number(topic.reviews)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </BlockStack>
    </Card>
  );
}
