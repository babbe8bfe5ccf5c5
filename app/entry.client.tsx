import { RemixBrowser } from "@remix-run/react";
import i18next from "i18next";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { I18nextProvider, initReactI18next } from "react-i18next";

import { toLocale } from "./i18n/locales";
import { i18nOptions } from "./i18n/options";
import { DocumentPolicyProvider, readDocumentPolicy } from "./ui/document-policy";

// The server chose the language and wrote it on <html>: the browser follows, so both render the same text.
async function hydrate(): Promise<void> {
  await i18next.use(initReactI18next).init(await i18nOptions(toLocale(document.documentElement.lang)));
  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <I18nextProvider i18n={i18next}>
          <DocumentPolicyProvider value={readDocumentPolicy(document)}>
            <RemixBrowser />
          </DocumentPolicyProvider>
        </I18nextProvider>
      </StrictMode>,
    );
  });
}

void hydrate();
