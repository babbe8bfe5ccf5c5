// The app's doors, asked with the session token that says which customer of which shop is here.
import { host } from "./host";

/** What no door answered: nobody the shop knows is signed in, or it did not work this time. */
export type NoAnswer = { outcome: "signed_out" } | { outcome: "too_many" } | { outcome: "unavailable" };

/**
 * Asks the door at `path`; with a body it is a POST.
 * @throws when there is no answer that could be read
 */
export async function askDoor<Answer>(
  path: string,
  asked: { parameters?: Record<string, string>; body?: object } = {},
): Promise<Answer | NoAnswer> {
  const url = new URL(`/account-api/${path}`, process.env.SHOPIFY_APP_URL);
  // The texts know their own language: what the app writes is in the same one.
  const parameters = { locale: host().i18n.translate("locale"), ...asked.parameters };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const response = await fetch(url.href, {
    method: asked.body === undefined ? "GET" : "POST",
    headers: {
      Authorization: `Bearer ${await host().sessionToken.get()}`,
      ...(asked.body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
  });
  return (await response.json()) as Answer | NoAnswer;
}
