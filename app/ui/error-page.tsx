// What a person reads when a page could not be shown: what happened, what is safe, what to do.
import { isRouteErrorResponse, useRouteError } from "@remix-run/react";
import { useTranslation } from "react-i18next";

/** A whole page without Polaris: it must stand when everything else has fallen. */
export function ErrorPage() {
  const { t } = useTranslation();
  const error = useRouteError();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  const kind = missing ? "missing" : "broken";
  return (
    <main className="kz-plain-page">
      <h1>{t(`error.${kind}.title`)}</h1>
      <p>{t(`error.${kind}.body`)}</p>
      <p>
        <a href="/app">{t("error.home")}</a>
      </p>
    </main>
  );
}
