import type { LoaderFunctionArgs } from "@remix-run/node";
import { useTranslation } from "react-i18next";

import { login } from "../shopify.server";

/** With a shop in the address: on to that shop's admin. Without one: how to get there. */
export async function loader({ request }: LoaderFunctionArgs) {
  await login(request);
  return null;
}

export default function Login() {
  const { t } = useTranslation();
  return (
    <main className="kz-plain-page">
      <h1>{t("welcome.title")}</h1>
      <p>{t("welcome.where")}</p>
    </main>
  );
}
