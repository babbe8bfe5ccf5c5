// The shop's one theme and its template files, in which the placed app blocks can be seen.
import { gid } from "../ids";
import type { SimShop } from "../state";
import { paginateList } from "./connection";
import { fields, notImplemented, plain, typed, type Args, type GraphContext, type TypeTable } from "./types";

/** Our simulated theme keeps app embeds here, as real themes do. */
const EMBEDS = "embeds";
const SETTINGS_FILE = "config/settings_data.json";

/** The published theme. */
export function themes(args: Args, ctx: GraphContext): unknown {
  if (args.names) throw notImplemented("themes by name");
  const roles = args.roles as string[] | undefined;
  return paginateList(roles && !roles.includes("MAIN") ? [] : [ctx.shop], args, ctx.bulk);
}

const blockType = (ctx: GraphContext, handle: string): string =>
  `shopify://apps/kizuna/blocks/${handle}/${ctx.sim.appId}`;

function blocks(ctx: GraphContext, handles: string[]): Record<string, unknown> {
  return Object.fromEntries(
    handles.map((handle, at) => [`block_${at + 1}`, { type: blockType(ctx, handle), settings: {} }]),
  );
}

/** A JSON template as the theme editor writes it; null when the theme has no such file. */
function fileContent(ctx: GraphContext, shop: SimShop, filename: string): string | null {
  if (filename === SETTINGS_FILE)
    return JSON.stringify({ current: { blocks: blocks(ctx, shop.placedBlocks[EMBEDS] ?? []) } });
  const template = /^templates\/(.+)\.json$/.exec(filename)?.[1];
  if (template === undefined || (!TEMPLATES.has(template) && !(template in shop.placedBlocks))) return null;
  const handles = shop.placedBlocks[template] ?? [];
  const sections = {
    main: { type: `main-${template}`, settings: {} },
    apps: { type: "apps", blocks: blocks(ctx, handles), block_order: handles.map((_, at) => `block_${at + 1}`) },
  };
  return JSON.stringify({
    sections: handles.length > 0 ? sections : { main: sections.main },
    order: handles.length > 0 ? ["main", "apps"] : ["main"],
  });
}
/** The files that a name or the one pattern in use means. */
function namedFiles(shop: SimShop, name: string): string[] {
  if (!name.includes("*")) return [name];
  if (name !== "templates/*.json") throw notImplemented(`theme files by the pattern ${name}`);
  const own = Object.keys(shop.placedBlocks).filter((template) => template !== EMBEDS);
  return [...new Set([...TEMPLATES, ...own])].map((template) => `templates/${template}.json`);
}
const TEMPLATES = new Set(["index", "collection", "product", "cart", "search"]);

export const THEME_TYPES: Record<string, TypeTable> = {
  OnlineStoreTheme: fields<SimShop>({
    id: ({ id }) => gid("OnlineStoreTheme", id),
    name: () => "Simulator theme",
    role: () => "MAIN",
    processing: () => false,
    processingFailed: () => false,
    files(shop, args, ctx) {
      const names = args.filenames as string[] | undefined;
      if (!names) throw notImplemented("theme files without names");
      const files = names
        .flatMap((name) => namedFiles(shop, name))
        .flatMap((filename) => {
          const content = fileContent(ctx, shop, filename);
          return content === null ? [] : [{ filename, body: typed("OnlineStoreThemeFileBodyText", { content }) }];
        });
      return paginateList(files, args, ctx.bulk);
    },
  }),
  OnlineStoreThemeFile: plain("filename", "body"),
  OnlineStoreThemeFileBodyText: plain("content"),
};
