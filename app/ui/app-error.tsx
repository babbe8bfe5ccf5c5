// The same message inside the admin's frame, where Polaris stands.
import { isRouteErrorResponse, useRevalidator, useRouteError, type ErrorResponse } from "@remix-run/react";
import { Banner, BlockStack, Button, InlineStack, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useDocumentPolicy } from "./document-policy";
import { nonceLibraryScripts } from "./library-page";

/** Whether an error is an answer of Shopify's library (a page that signs in again), to be shown untouched. */
export function isLibraryAnswer(error: unknown): error is Omit<ErrorResponse, "data"> & { data: string } {
  return isRouteErrorResponse(error) && typeof error.data === "string" && error.data !== "";
}

/** An answer of Shopify's library; in a document its script runs, as the ones of ours do. */
export function LibraryAnswer({ html }: { html: string }) {
  const { nonce } = useDocumentPolicy();
  const __html = nonce === undefined ? html : nonceLibraryScripts(html, nonce);
  return <div suppressHydrationWarning dangerouslySetInnerHTML={{ __html }} />;
}

/** A page-level error with a way on. */
export function AppError() {
  const error = useRouteError();
  return isLibraryAnswer(error) ? <LibraryAnswer html={error.data} /> : <OwnError error={error} />;
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
