// Renders a page of our theme: layout, template, the extension's blocks where they are placed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Liquid } from "liquidjs";
import type { Simulator } from "../../simulator";
import type { SimShop } from "../../state";
import { gid } from "../../ids";
import { assetPath } from "../assets";
import { escapeHtml } from "../html";
import { assetVersion, findAsset, readBlocks, readLocale } from "./extension";
import type { BlockSetting, ExtensionBlock, Translations } from "./extension";
import { registerFilters } from "./filters";
import { metafieldsOf } from "./metafields";
import { below, EMBEDS, mayStandIn, placedBlocks } from "./placement";
import { extend } from "./objects";
import { registerTags } from "./tags";

type Props = Record<string, unknown>;

export interface PageContext {
  /** Objects of the page, made for whoever reads: the theme or the app's blocks. */
  objects: (reader: "theme" | "app") => Props;
  template: string;
  /** theme or checkout. */
  layout: "theme" | "checkout";
}

export interface ThemeRenderer {
  page(context: PageContext): Promise<string>;
  /** Liquid of the app, inside the theme's layout: what app proxies may answer. */
  liquidPage(source: string, context: PageContext): Promise<string>;
}

const THEME = assetPath("theme");

/** A renderer for one shop; templates and locale files are read anew for every page. */
export function createRenderer(sim: Simulator, shop: () => SimShop): ThemeRenderer {
  const theme = engine(sim, shop(), {
    root: [join(THEME, "templates"), join(THEME, "layout")],
    partials: join(THEME, "snippets"),
    locales: join(THEME, "locales"),
    assetUrl: (name) => `/cdn/theme/${name}?v=${assetVersion(join(THEME, "assets", name))}`,
  });
  const extension = engine(sim, shop(), {
    root: [join(sim.extensionDir, "blocks")],
    partials: join(sim.extensionDir, "snippets"),
    locales: join(sim.extensionDir, "locales"),
    assetUrl: (name) => extensionAssetUrl(sim, name),
  });

  async function inLayout(context: PageContext, content: string, blocks: ExtensionBlock[]): Promise<string> {
    const embeds = context.layout === "theme" ? placedBlocks(shop(), readBlocks(sim.extensionDir), EMBEDS) : [];
    const rendered = await renderAll(embeds, context);
    const head = [
      assetTags(sim, [...blocks, ...embeds]),
      ...rendered.filter(({ target }) => target !== "body").map(({ html }) => html),
    ];
    const source = readFileSync(join(THEME, "layout", `${context.layout}.liquid`), "utf8");
    return renderText(
      theme,
      source,
      extend(context.objects("theme"), {
        content_for_header: head.join("\n"),
        content_for_layout: content,
        app_embeds_html: rendered
          .filter(({ target }) => target === "body")
          .map(({ html }) => html)
          .join("\n"),
      }),
    );
  }

  async function renderAll(blocks: ExtensionBlock[], context: PageContext) {
    const objects = extend(context.objects("app"), { app: { metafields: appMetafields(sim, shop()) } });
    const results: { target: string; html: string }[] = [];
    for (const [at, block] of blocks.entries()) {
      const html = await renderBlock(extension, block, objects, `${block.handle}-${at + 1}`);
      results.push({ target: block.schema.target, html });
    }
    return results;
  }

  return {
    async page(context) {
      const placedIn = (place: string) =>
        placedBlocks(shop(), readBlocks(sim.extensionDir), place).filter((block) => mayStandIn(block, place));
      const places = [context.template, below(context.template)].map(placedIn);
      const [html, htmlBelow] = await Promise.all(
        places.map(async (blocks) => (await renderAll(blocks, context)).map((block) => block.html).join("\n")),
      );
      const source = readFileSync(join(THEME, "templates", `${context.template}.liquid`), "utf8");
      const content = await renderText(
        theme,
        source,
        extend(context.objects("theme"), { app_blocks_html: html, app_blocks_below_html: htmlBelow }),
      );
      return inLayout(context, content, places.flat());
    },
    async liquidPage(source, context) {
      const content = await renderText(theme, source, context.objects("theme"));
      return inLayout(context, content, []);
    },
  };
}

function engine(
  sim: Simulator,
  shop: SimShop,
  options: { root: string[]; partials: string; locales: string; assetUrl: (name: string) => string },
): Liquid {
  const liquid = new Liquid({
    root: options.root,
    partials: [options.partials],
    extname: ".liquid",
    strictFilters: true,
    relativeReference: false,
    timezoneOffset: shop.timeZone,
  });
  const translations =
    () =>
    (locale: string): Translations =>
      readLocale(options.locales, locale);
  registerFilters(liquid, { now: () => sim.now(), timeZone: shop.timeZone, assetUrl: options.assetUrl, translations });
  registerTags(liquid);
  return liquid;
}

/** Objects are global: snippets see them too, but no variable assigned outside. */
async function renderText(liquid: Liquid, source: string, objects: Props): Promise<string> {
  return String(await liquid.parseAndRender(source, {}, { globals: objects }));
}

function appMetafields(sim: Simulator, shop: SimShop): Props {
  return shop.install ? metafieldsOf(sim, shop, gid("AppInstallation", shop.install.installationId), "app") : {};
}

async function renderBlock(liquid: Liquid, block: ExtensionBlock, objects: Props, id: string): Promise<string> {
  const settings = Object.fromEntries(
    (block.schema.settings ?? []).flatMap((setting) => settingValue(setting, objects)),
  );
  const { available_if: condition } = block.schema;
  if (
    condition &&
    (await renderText(liquid, `{% if ${condition.replace(/^\{\{|\}\}$/g, "")} %}yes{% endif %}`, objects)) !== "yes"
  )
    return "";
  const own = { id: `app-${id}`, type: block.handle, settings, shopify_attributes: "" };
  const scope = extend(objects, { block: own, section: { id: "main" } });
  try {
    const html = await renderText(liquid, block.source, scope);
    const wrap = `<div id="shopify-block-app-${escapeHtml(id)}" class="shopify-block shopify-app-block">`;
    return block.schema.target === "section" ? `${wrap}${html}</div>` : html;
  } catch (error) {
    throw new Error(`extension block ${block.handle}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** A setting's default; product and collection settings may take the page's own. */
function settingValue(setting: BlockSetting, objects: Props): [string, unknown][] {
  if (setting.id === undefined) return [];
  const fromPage = ["product", "collection"].includes(setting.type) && setting.autofill === true;
  return [
    [
      setting.id,
      fromPage ? (objects[setting.type] ?? null) : (setting.default ?? (setting.type === "checkbox" ? false : null)),
    ],
  ];
}

/** @throws Error when the extension has no such asset */
function extensionAssetUrl(sim: Simulator, name: string): string {
  const path = findAsset(sim.extensionDir, name);
  if (!path) throw new Error(`the extension has no asset ${name}`);
  return `/cdn/extension/${name}?v=${assetVersion(path)}`;
}

/** The files a block's schema names, once per page. */
function assetTags(sim: Simulator, blocks: ExtensionBlock[]): string {
  const styles = new Set(blocks.flatMap(({ schema }) => schema.stylesheet ?? []));
  const scripts = new Set(blocks.flatMap(({ schema }) => schema.javascript ?? []));
  return [
    ...[...styles].map((name) => `<link rel="stylesheet" href="${extensionAssetUrl(sim, name)}" media="all">`),
    ...[...scripts].map((name) => `<script src="${extensionAssetUrl(sim, name)}" defer></script>`),
  ].join("\n");
}
