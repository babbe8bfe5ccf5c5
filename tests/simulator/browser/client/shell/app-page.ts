// The page that embeds the app: answers the App Bridge stand-in and keeps address and chrome in step.
// Only the app's frame, at the tunnel's origin, is believed.
import { isBridgeMessage } from "../protocol";
import type {
  CallName,
  Calls,
  Command,
  NavItem,
  PickerRow,
  SaveBarState,
  ScopeDetail,
  ToApp,
  ToShell,
} from "../protocol";
import { drawNav, drawSaveBar, drawTitleBar, hideToast, showToast } from "./chrome";
import { ask, pick } from "./dialogs";
import type { Words } from "./dialogs";
import { need, pageData, startPage } from "./page";

interface AppPageData {
  handle: string;
  base: string;
  tunnel: string;
  locale: string;
  appName: string;
  storefront: string;
  user: Calls["user"]["result"];
  words: Words;
}

const data = pageData<AppPageData>();
const { words } = data;
const frame = need<HTMLIFrameElement>("iframe[data-app]");
let nav: NavItem[] = [];
let path = "";
let saveBar: SaveBarState | null = null;

function post(message: ToApp): void {
  frame.contentWindow?.postMessage(message, data.tunnel);
}
const send = (command: Command) => post({ bridge: 1, command });

async function ours<T>(where: string, init?: RequestInit): Promise<T> {
  const response = await fetch(`/shell/${data.handle}/${where}`, init);
  if (!response.ok) throw new Error(`the admin answered ${response.status} to ${where}`);
  return (await response.json()) as T;
}

/** Asks when something is unsaved; the bar goes when the person leaves. */
async function mayLeave(): Promise<boolean> {
  if (!saveBar) return true;
  need("[data-save-bar]").classList.add("shake");
  const agreed = await ask(words, {
    title: words.leaveQuestion ?? "",
    yes: words.leave ?? "",
    no: words.stay ?? "",
    critical: true,
  });
  document.querySelector("[data-save-bar]")?.classList.remove("shake");
  if (agreed) setSaveBar(null);
  return agreed;
}

function setSaveBar(state: SaveBarState | null): void {
  saveBar = state;
  drawSaveBar(state, words, {
    save: () => state && send({ name: "save", id: state.id }),
    discard: () => void discard(state),
  });
}

async function discard(state: SaveBarState | null): Promise<void> {
  if (!state) return;
  const question = {
    title: words.discardQuestion ?? "",
    yes: words.discard ?? "",
    no: words.cancel ?? "",
    critical: true,
  };
  if (state.discardConfirmation && !(await ask(words, question))) return;
  send({ name: "discard", id: state.id });
}

async function go(to: string): Promise<void> {
  if (await mayLeave()) send({ name: "navigate", path: to });
}

function refreshNav(): void {
  drawNav(nav, path, data.base, (to) => void go(to));
}

/** Addresses of the admin and of the shop, opened in this simulator. */
function follow(url: string, target: string): void {
  const parsed = new URL(url);
  const inAdmin =
    /^shopify:(?:\/\/)?admin(\/.*)?$/.exec(url)?.[1] ??
    /^https:\/\/[a-z0-9-]+\.myshopify\.com\/admin(\/.*)?$/.exec(url)?.[1];
  const named = /^https:\/\/admin\.shopify\.com(\/store\/[^/]+)?(\/.*)?$/.exec(url);
  const storefront = /^https:\/\/[a-z0-9-]+\.myshopify\.com(\/.*)?$/.exec(url);
  const href =
    inAdmin !== undefined || /^shopify:(\/\/)?admin$/.test(url)
      ? `/store/${data.handle}${inAdmin ?? ""}`
      : named
        ? `${named[1] ?? `/store/${data.handle}`}${named[2] ?? ""}`
        : storefront
          ? `${data.storefront}${storefront[1] ?? "/"}`
          : parsed.origin === data.tunnel
            ? data.base + parsed.pathname + parsed.search
            : url;
  const inNewTab = target !== "_top" && target !== "_parent" && target !== "_self";
  if (inNewTab) window.open(href, "_blank", "noopener");
  else void mayLeave().then((agreed) => agreed && location.assign(href));
}

function setPath(next: string): void {
  path = next;
  const address = data.base + next;
  if (location.pathname + location.search + location.hash !== address) history.replaceState(null, "", address);
  refreshNav();
  document.dispatchEvent(new Event("shell:navigated"));
}

const TITLES: Record<string, string> = {
  product: words.selectProducts ?? "",
  variant: words.selectVariants ?? "",
  collection: words.selectCollections ?? "",
  customer: words.selectCustomers ?? "",
};

type Answers = {
  [Name in CallName]: (payload: Calls[Name]["payload"]) => Calls[Name]["result"] | Promise<Calls[Name]["result"]>;
};

const answers: Answers = {
  /** A document loaded anew inside the frame has neither a bar nor an open modal any more. */
  hello() {
    setSaveBar(null);
    document.documentElement.classList.remove("overlay-on");
    need("[data-progress]").hidden = true;
    return { locale: data.locale };
  },
  idToken: async () => (await ours<{ token: string }>("id-token", { method: "POST" })).token,
  user: () => data.user,
  toastShow(toast) {
    showToast(toast, words, send);
    return null;
  },
  toastHide({ id }) {
    hideToast(id);
    return null;
  },
  saveBarShow(state) {
    setSaveBar(state);
    return null;
  },
  saveBarHide({ id }) {
    if (saveBar?.id === id) setSaveBar(null);
    return null;
  },
  /** Stays unanswered when the person stays: the app's navigation simply does not go on. */
  leaveConfirmation: async () => ((await mayLeave()) ? null : new Promise<null>(() => undefined)),
  loading({ on }) {
    need("[data-progress]").hidden = !on;
    return null;
  },
  navMenu({ items }) {
    nav = items;
    refreshNav();
    return null;
  },
  titleBar(state) {
    drawTitleBar(state, words, data.appName, send);
    return null;
  },
  path(reported) {
    setPath(reported.path);
    return null;
  },
  overlay({ open }) {
    document.documentElement.classList.toggle("overlay-on", open);
    return null;
  },
  open({ url, target }) {
    follow(url, target);
    return null;
  },
  async resourcePicker(options) {
    const load = (query: string) => {
      const params = new URLSearchParams({ type: options.type, query, variants: String(options.variants) });
      return ours<PickerRow[]>(`resources?${params.toString()}`).then((rows) =>
        rows.map((row) => ({ ...row, selected: options.selectedIds.includes(row.id) })),
      );
    };
    const rows = await pick(words, {
      title: TITLES[options.type] ?? "",
      multiple: options.multiple,
      query: options.query,
      load,
    });
    return rows && rows.map(({ value }) => value);
  },
  async picker({ heading, multiple, rows }) {
    const load = (query: string) =>
      Promise.resolve(rows.filter((row) => row.heading.toLowerCase().includes(query.toLowerCase())));
    const chosen = await pick(words, { title: heading, multiple, query: "", load });
    return chosen && chosen.map(({ id }) => id);
  },
  scopesQuery: () => ours<ScopeDetail>("scopes"),
  async scopesRequest({ scopes }) {
    const title = words.scopesQuestion ?? "";
    const granted = await ask(words, {
      title,
      detail: scopes.join(", "),
      yes: words.allow ?? "",
      no: words.cancel ?? "",
    });
    const detail = granted ? await changeScopes("grant", scopes) : await ours<ScopeDetail>("scopes");
    return { granted, detail };
  },
  scopesRevoke: ({ scopes }) => changeScopes("revoke", scopes),
};

function changeScopes(how: "grant" | "revoke", scopes: string[]): Promise<ScopeDetail> {
  return ours<ScopeDetail>("scopes", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ how, scopes }),
  });
}

async function answer(message: ToShell): Promise<void> {
  const handler = answers[message.call] as ((payload: unknown) => unknown) | undefined;
  try {
    if (!handler) throw new Error(`the admin does not know the call ${String(message.call)}`);
    post({ bridge: 1, id: message.id, result: await handler(message.payload) });
  } catch (error) {
    post({ bridge: 1, id: message.id, error: error instanceof Error ? error.message : String(error) });
  }
}

window.addEventListener("message", (event: MessageEvent<unknown>) => {
  if (event.source !== frame.contentWindow || event.origin !== data.tunnel || !isBridgeMessage(event.data)) return;
  if ("call" in event.data) void answer(event.data as ToShell);
});
need("[data-app-home]").addEventListener("click", (event) => {
  event.preventDefault();
  void go("/app");
});
startPage();
frame.src = frame.dataset.app ?? "";
