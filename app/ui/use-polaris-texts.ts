import type { AppProviderProps } from "@shopify/polaris";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

/** Polaris' own texts ("Next", "Clear", …) in the reader's language. */
export function usePolarisTexts(): AppProviderProps["i18n"] {
  const { i18n } = useTranslation();
  return useMemo(
    () => i18n.getResourceBundle(i18n.language, "polaris") as AppProviderProps["i18n"],
    [i18n, i18n.language],
  );
}
