// Bodies as shoppers' browsers send them: JSON, url-encoded or multipart, with keys like properties[x].
import type { Context } from "../../router";

export interface FormBody {
  text(name: string): string | undefined;
  /** The entries of name[key]. */
  map(name: string): Record<string, string>;
  /** JSON only: the value as sent. */
  raw(name: string): unknown;
}

/** Reads a body of any of the three kinds. */
export async function readForm(ctx: Context): Promise<FormBody> {
  const type = ctx.req.headers["content-type"] ?? "";
  if (type.includes("application/json")) return fromJson(((await ctx.json()) ?? {}) as Record<string, unknown>);
  const entries = new Map<string, string>();
  if (type.includes("multipart/form-data")) {
    const body = await ctx.rawBody();
    const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
    for (const [name, value] of form) if (typeof value === "string") entries.set(name, value);
  } else {
    for (const [name, value] of new URLSearchParams(await ctx.body())) entries.set(name, value);
  }
  return {
    text: (name) => entries.get(name),
    map(name) {
      const inside = [...entries].flatMap(([key, value]) => {
        const match = key.startsWith(`${name}[`) ? /\[([^\]]+)\]$/.exec(key) : null;
        return match?.[1] ? [[match[1], value] as const] : [];
      });
      return Object.fromEntries(inside);
    },
    raw: (name) => entries.get(name),
  };
}

function fromJson(body: Record<string, unknown>): FormBody {
  const asText = (value: unknown) =>
    typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  return {
    text: (name) => asText(body[name]),
    map(name) {
      const value = body[name];
      if (typeof value !== "object" || value === null) return {};
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asText(inner) ?? ""]));
    },
    raw: (name) => body[name],
  };
}
