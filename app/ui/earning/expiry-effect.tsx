// While the expiry is being changed: what it would mean, from the shop's own last year.
import { useFetcher } from "@remix-run/react";
import { Banner } from "@shopify/polaris";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { ExpiryPolicy } from "../../loyalty/program-parts";
import type { loader } from "../../routes/app.program.expiry";
import { useFormat } from "../use-format";

const TYPING_MS = 400;

/** Says nothing until the policy differs from the one the page opened with. */
export function ExpiryEffect({ policy }: { policy: ExpiryPolicy | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { load, data } = useFetcher<typeof loader>();
  const asked = policy ? JSON.stringify(policy) : null;
  const opened = useRef(asked);
  const isChanged = asked !== null && asked !== opened.current;
  useEffect(() => {
    if (!isChanged) return;
    const timer = setTimeout(() => load(`/app/program/expiry?policy=${encodeURIComponent(asked)}`), TYPING_MS);
    return () => clearTimeout(timer);
  }, [asked, isChanged, load]);
  const effect = isChanged ? data?.dryRun : null;
  return (
    <div role="status">
      {effect ? (
        <Banner tone="info">
          <p>
            {effect.lastDay
              ? t("earning.effect.last_day", { day: format.date(`${effect.lastDay}T12:00:00Z`) })
              : t("earning.effect.never")}{" "}
            {t("earning.effect.last_year", {
              points: t("common.points", { count: effect.lastYearPoints }),
              actual: t("common.points", { count: effect.lastYearActual }),
            })}{" "}
            {t("earning.effect.kept")}
          </p>
        </Banner>
      ) : null}
    </div>
  );
}
