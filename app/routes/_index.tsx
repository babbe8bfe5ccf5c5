import { redirect, type LoaderFunctionArgs } from "@remix-run/node";
import { useTranslation } from "react-i18next";

/** Shopify opens the app at its root; a visitor from elsewhere reads where the app lives. */
export function loader({ request }: LoaderFunctionArgs) {
  const url = new URL(request.url);
  if (url.searchParams.has("shop")) return redirect(`/app?${url.searchParams.toString()}`);
  return null;
}

export default function Welcome() {
  const { t } = useTranslation();
  return (
    <main className="kz-plain-page">
      <h1>{t("welcome.title")}</h1>
      <p>{t("welcome.body")}</p>
      <p>{t("welcome.where")}</p>
    </main>
  );
}
