// The same message inside the admin's frame, where Polaris stands.
import { isRouteErrorResponse, useRevalidator, useRouteError } from "@remix-run/react";
import { Banner, BlockStack, Button, InlineStack, Page } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";

/** Whether an error is an answer of Shopify's library (a page that signs in again), to be shown untouched. */
export function isLibraryAnswer(error: unknown): boolean {
  return isRouteErrorResponse(error) && typeof error.data === "string" && error.data !== "";
}

/** A page-level error with a way on. */
export function AppError() {
  const error = useRouteError();
  return isLibraryAnswer(error) ? boundary.error(error) : <OwnError error={error} />;
}

function OwnError({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const revalidator = useRevalidator();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  const kind = missing ? "missing" : "broken";
  return (
    <Page narrowWidth title={t(`error.${kind}.title`)}>
      <Banner tone={missing ? "info" : "critical"}>
        <BlockStack gap="300">
          <p>{t(`error.${kind}.body`)}</p>
          <InlineStack gap="200" align="start">
            {missing ? null : (
              <Button onClick={() => revalidator.revalidate()} loading={revalidator.state === "loading"}>
                {t("error.retry")}
              </Button>
            )}
            <Button url="/app">{t("error.home")}</Button>
          </InlineStack>
        </BlockStack>
      </Banner>
    </Page>
  );
}
