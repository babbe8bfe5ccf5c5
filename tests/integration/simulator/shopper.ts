// A shopper at a storefront of the simulator, over plain HTTP.

export type Visit = (path: string, init?: RequestInit) => Promise<Response>;

/** A shopper that keeps cookies between requests and follows no redirect by itself. */
export function shopper(origin: string): Visit {
  const jar = new Map<string, string>();
  return async (path, init = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(origin + path, {
      redirect: "manual",
      ...init,
      headers: { cookie, ...(init.headers as Record<string, string>) },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return response;
  };
}

/** A posted form. */
export const form = (values: Record<string, string>): RequestInit => ({
  method: "POST",
  body: new URLSearchParams(values),
});
