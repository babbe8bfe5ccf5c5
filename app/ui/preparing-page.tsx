// The first seconds after the install, while currency and time zone are read from Shopify.
import { useRevalidator } from "@remix-run/react";
import { Banner, BlockStack, Page, SkeletonBodyText } from "@shopify/polaris";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

const POLL_MS = 1_500;

/** Says what is happening and asks again until the shop is known. */
export function PreparingPage() {
  const { t } = useTranslation();
  const revalidator = useRevalidator();
  useEffect(() => {
    const timer = setInterval(() => revalidator.revalidate(), POLL_MS);
    return () => clearInterval(timer);
  }, [revalidator]);
  return (
    <Page narrowWidth title={t("preparing.title")}>
      <BlockStack gap="400">
        <Banner tone="info">{t("preparing.body")}</Banner>
        <SkeletonBodyText lines={6} />
      </BlockStack>
    </Page>
  );
}
