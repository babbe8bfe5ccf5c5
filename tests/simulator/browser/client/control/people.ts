// Customers and the app's installation.
import { make } from "../shell/page";
import { attempt, button, card, control } from "./api";

interface Customer {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  emailConsent: { state: string };
}

let search = "";

/** Draws customers and the app's life into a panel. */
export async function drawPeople(root: HTMLElement, domain: string): Promise<void> {
  const again = () => drawPeople(root, domain);
  const [{ customers }, { shop }] = await Promise.all([
    control<{ customers: Customer[] }>(
      "GET",
      `/shops/${domain}/customers?limit=25&search=${encodeURIComponent(search)}`,
    ),
    control<{ shop: { installed: boolean; scopes: string[]; isDevelopment: boolean } }>("GET", `/shops/${domain}`),
  ]);
  root.replaceChildren(
    make(
      "div",
      { className: "columns narrow-first" },
      appCard(domain, shop, again),
      customerCard(domain, customers, again),
    ),
  );
}

function appCard(
  domain: string,
  shop: { installed: boolean; scopes: string[]; isDevelopment: boolean },
  again: () => Promise<void>,
): HTMLElement {
  const act = (label: string, path: string, body?: unknown, className?: string) =>
    button(
      label,
      () => void attempt(label, () => control("POST", `/shops/${domain}${path}`, body ?? {}), again),
      className,
    );
  const state = make(
    "p",
    {},
    make(
      "span",
      { className: shop.installed ? "badge good" : "badge warn" },
      shop.installed ? "installed" : "not installed",
    ),
  );
  const install = shop.installed
    ? act("Uninstall", "/app/uninstall", {}, "button critical")
    : act("Install", "/app/install", {}, "button primary");
  const tokens = [
    act("Revoke all tokens", "/app/revoke-tokens"),
    act("Let access tokens expire", "/app/expire-tokens"),
  ];
  const development = button(
    shop.isDevelopment ? "Make it a live shop" : "Make it a development shop",
    () =>
      void attempt(
        "Shop changed",
        () => control("PATCH", `/shops/${domain}`, { isDevelopment: !shop.isDevelopment }),
        again,
      ),
  );
  const scopes = make(
    "details",
    {},
    make("summary", {}, `${shop.scopes.length} scopes granted`),
    make("p", { className: "muted" }, shop.scopes.join(", ")),
  );
  const drop = act("Take the last scope away", "/app/scopes", { scopes: shop.scopes.slice(0, -1) });
  return card(
    "The app in this shop",
    state,
    make(
      "p",
      { className: "buttons" },
      install,
      ...(shop.installed ? [...tokens, drop] : []),
      act("Publish another theme", "/theme/publish"),
      development,
      act("Send shop/redact", "/redact", {}, "button critical"),
    ),
    scopes,
  );
}

function customerCard(domain: string, customers: Customer[], again: () => Promise<void>): HTMLElement {
  const base = `/shops/${domain}/customers`;
  const find = make("input", {
    type: "search",
    value: search,
    placeholder: "Name or e-mail",
    ariaLabel: "Search customers",
  });
  find.addEventListener("change", () => {
    search = find.value;
    void again();
  });
  const email = make("input", { type: "email", placeholder: "new@example.com", ariaLabel: "E-mail of a new customer" });
  const create = button(
    "Add customer",
    () => void attempt("Customer added", () => control("POST", base, { email: email.value, state: "enabled" }), again),
    "button primary",
  );
  const chosen = new Set<string>();
  const merge = button("Merge the two marked (first is kept)", () => {
    const [keptId, deletedId] = [...chosen];
    void attempt("Customers merged", () => control("POST", `${base}/merge`, { keptId, deletedId }), again);
  });
  merge.disabled = true;
  const rows = customers.map((customer) => {
    const mark = make("input", { type: "checkbox", ariaLabel: `Mark ${customer.email}` });
    mark.addEventListener("change", () => {
      if (mark.checked) chosen.add(customer.id);
      else chosen.delete(customer.id);
      merge.disabled = chosen.size !== 2;
    });
    const act = (label: string, path: string, body: unknown = {}) =>
      button(
        label,
        () =>
          void attempt(
            `${customer.email}: ${label.toLowerCase()}`,
            () => control("POST", `${base}/${customer.id}${path}`, body),
            again,
          ),
      );
    const isSubscribed = customer.emailConsent.state === "subscribed";
    const erase = button(
      "Delete",
      () => void attempt(`${customer.email} deleted`, () => control("DELETE", `${base}/${customer.id}`), again),
      "button critical",
    );
    const touch = button(
      "Touch",
      () =>
        void attempt(
          `${customer.email}: updated`,
          () => control("PATCH", `${base}/${customer.id}`, { lastName: customer.lastName }),
          again,
        ),
    );
    return make(
      "tr",
      {},
      make("td", {}, mark),
      make("td", {}, nameOf(customer), make("small", {}, customer.email)),
      make(
        "td",
        {},
        make(
          "div",
          { className: "buttons" },
          touch,
          act(isSubscribed ? "Unsubscribe" : "Subscribe", "/consent", {
            email: isSubscribed ? "unsubscribed" : "subscribed",
          }),
          act("Redact", "/redact"),
          act("Data request", "/data-request"),
          erase,
        ),
      ),
    );
  });
  const head = make(
    "tr",
    {},
    make("th", {}, make("span", { className: "visually-hidden" }, "Mark")),
    make("th", { scope: "col" }, "Customer"),
    make("th", { scope: "col" }, "Events"),
  );
  const table = make(
    "div",
    { className: "scroll", tabIndex: 0, role: "region", ariaLabel: "Customers" },
    make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)),
  );
  return card("Customers", make("p", { className: "buttons" }, find, email, create, merge), table);
}

/** Family name first where the name is written in Japanese. */
function nameOf({ firstName, lastName }: Customer): string {
  return /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u.test(lastName + firstName)
    ? `${lastName} ${firstName}`
    : `${firstName} ${lastName}`;
}
