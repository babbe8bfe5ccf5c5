// Customer accounts: a plain one-step sign-in by e-mail address, and the page with one's orders.
import { createCustomer } from "../../order-engine";
import type { SimCustomer } from "../../state";
import type { ThemeRenderer } from "../liquid/render";
import { readForm } from "./form";
import { sendPage } from "./pages";
import { redirect, signIn, signOut, word } from "./visit";
import type { Visit } from "./visit";

type Handle = (method: string, path: string, handler: (visit: Visit) => Promise<void> | void) => void;

const SUGGESTIONS = 6;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Mounts /account/*. */
export function mountAccounts(on: Handle, renderer: ThemeRenderer): void {
  on("GET", "/account", (visit) => {
    if (!visit.customer) return redirect(visit, `${visit.prefix}/account/login`);
    return sendPage(renderer, visit, { template: "account", title: word(visit, "account.title") });
  });
  on("GET", "/account/login", (visit) => loginPage(renderer, visit, null));
  on("GET", "/account/register", (visit) => loginPage(renderer, visit, null));
  on("POST", "/account/login", (visit) => login(renderer, visit));
  for (const method of ["GET", "POST"]) {
    on(method, "/account/logout", (visit) => {
      signOut(visit);
      redirect(visit, visit.prefix || "/", 303);
    });
  }
}

function loginPage(renderer: ThemeRenderer, visit: Visit, problem: { email: string } | null): Promise<void> {
  const people = Object.values(visit.shop.customers)
    .filter(({ state }) => state === "enabled")
    .slice(0, SUGGESTIONS);
  const shown = people.length > 0 ? people : Object.values(visit.shop.customers).slice(0, SUGGESTIONS);
  return sendPage(renderer, visit, {
    template: "login",
    title: word(visit, "login.title"),
    status: problem ? 422 : 200,
    objects: () => ({
      suggestions: shown.map((person) => ({ email: person.email, name: nameOf(person, visit.locale) })),
      wrong_email: problem?.email ?? null,
      return_url: visit.ctx.url.searchParams.get("return_url") ?? visit.ctx.url.searchParams.get("return_to"),
    }),
  });
}

async function login(renderer: ThemeRenderer, visit: Visit): Promise<void> {
  const form = await readForm(visit.ctx);
  const email = (form.text("email") ?? form.text("customer[email]") ?? "").trim();
  if (!EMAIL.test(email)) return loginPage(renderer, visit, { email });
  signIn(visit, findCustomer(visit, email) ?? createCustomer(visit.sim, visit.shop.domain, newCustomer(visit, email)));
  redirect(visit, form.text("return_url") || `${visit.prefix}/account`, 303);
}

function newCustomer(visit: Visit, email: string): Parameters<typeof createCustomer>[2] {
  return { email, locale: visit.locale, state: "enabled" };
}

/** The customer with this address, in any case. */
export function findCustomer(visit: Visit, email: string): SimCustomer | undefined {
  return Object.values(visit.shop.customers).find((person) => person.email.toLowerCase() === email.toLowerCase());
}

function nameOf(person: SimCustomer, locale: "en" | "ja"): string {
  return (locale === "ja" ? [person.lastName, person.firstName] : [person.firstName, person.lastName])
    .filter(Boolean)
    .join(" ");
}
