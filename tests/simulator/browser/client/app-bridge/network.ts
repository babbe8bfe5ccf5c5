// fetch as App Bridge patches it, the bounce page, and links that leave the app.
import { call, shellOrigin, tell } from "./rpc";
import { forgetIdToken, idToken } from "./session";

const RETRY_HEADER = "X-Shopify-Retry-Invalid-Session-Request";
const REAUTHORIZE_HEADER = "X-Shopify-API-Request-Failure-Reauthorize-Url";
const ADMIN_LINK = /^(shopify:(\/\/)?admin|https:\/\/admin\.shopify\.com|https:\/\/[a-z0-9-]+\.myshopify\.com)(\/|$)/i;

/** Same-origin requests carry the id token, and are sent once more when the app says it had run out. */
export function patchFetch(allowedOrigins: () => string[]): void {
  const plainFetch = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url, location.href);
    if (url.protocol === "shopify:") throw new Error(`App Bridge stand-in: ${url.href} is not simulated`);
    const ours = url.origin === location.origin || allowedOrigins().includes(url.origin);
    if (!ours || request.headers.has("Authorization")) return plainFetch(request);
    const again = request.clone();
    const response = await plainFetch(await withToken(request));
    if (response.status === 401 && response.headers.has(RETRY_HEADER)) {
      forgetIdToken();
      return followReauthorize(await plainFetch(await withToken(again)));
    }
    return followReauthorize(response);
  };
}

async function withToken(request: Request): Promise<Request> {
  const headers = new Headers(request.headers);
  headers.set("Authorization", `Bearer ${await idToken()}`);
  return new Request(request, { headers });
}

function followReauthorize(response: Response): Response {
  const url = response.headers.get(REAUTHORIZE_HEADER);
  if (url) tell("open", { url: new URL(url, location.href).href, target: "_top" });
  return response;
}

/** On the bounce page: goes on to where the reader wanted to be, with a fresh token. True when it did. */
export function leaveBouncePage(): boolean {
  const reload = new URL(location.href).searchParams.get("shopify-reload");
  if (!reload) return false;
  const target = new URL(reload, location.href);
  if (target.origin !== location.origin) return false;
  call("idToken", null)
    .then((token) => {
      target.searchParams.set("id_token", token);
      location.replace(target.href);
    })
    .catch((error: unknown) => console.error(error));
  return true;
}

/** An app opened on its own goes to the admin that embeds it. True when it left. */
export function redirectToAdmin(): boolean {
  if (window.top !== window) return false;
  const shop = /^([a-z0-9][a-z0-9-]*)\.myshopify\.com$/.exec(
    new URL(location.href).searchParams.get("shop") ?? "",
  )?.[1];
  if (!shop) return false;
  location.replace(`${shellOrigin}/store/${shop}/apps/kizuna${location.pathname}`);
  return true;
}

/** window.open and links to the admin or to the whole window go through the shell. */
export function interceptLinks(): void {
  const plainOpen = window.open.bind(window);
  window.open = (url, target, features) => {
    const href = new URL(String(url ?? ""), location.href).href;
    if (ADMIN_LINK.test(href) || target === "_top" || target === "_parent") {
      tell("open", { url: href, target: target ?? "_blank" });
      return null;
    }
    return plainOpen(url, target, features);
  };
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      if (!(link instanceof HTMLAnchorElement) || event.button !== 0) return;
      const outside = ADMIN_LINK.test(link.href) || link.target === "_top" || link.target === "_parent";
      if (!outside) return;
      event.preventDefault();
      const newTab = event.metaKey || event.ctrlKey || link.target === "_blank";
      tell("open", { url: link.href, target: newTab ? "_blank" : "_top" });
    },
    true,
  );
}
