import type { LinksFunction } from "@remix-run/node";
import { Links, Meta, Outlet, Scripts } from "@remix-run/react";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useDocumentPolicy } from "./ui/document-policy";
import { ErrorPage } from "./ui/error-page";
import { useScrollReset } from "./ui/use-scroll-reset";
import reviewStyles from "./ui/reviews/reviews.css?url";
import uiStyles from "./ui/styles.css?url";

export const links: LinksFunction = () => [
  { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
  { rel: "stylesheet", href: polarisStyles },
  { rel: "stylesheet", href: uiStyles },
  { rel: "stylesheet", href: reviewStyles },
];

/** The frame of every page; the language is the one that the texts are in. */
export function Layout({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const { nonce, written } = useDocumentPolicy();
  return (
    <html lang={i18n.language}>
      <head>
        <meta charSet="utf-8" />
        {written !== null && <meta httpEquiv="Content-Security-Policy" content={written} />}
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>Kizuna</title>
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function Root() {
  useScrollReset();
  return <Outlet />;
}

/** The last resort: an error that no page caught. */
export function ErrorBoundary() {
  return <ErrorPage />;
}
