// Shopify's tags that liquidjs lacks.
import { Hash, Tag } from "liquidjs";
import type { Context, Emitter, Liquid, TagToken, Template, TopLevelToken } from "liquidjs";
import { escapeHtml } from "../html";

/** A block tag whose content speaks to tools: nothing is printed. */
function skipped(name: string): Parameters<Liquid["registerTag"]>[1] {
  return {
    parse(_token: TagToken, remainTokens: TopLevelToken[]) {
      readUntil(remainTokens, `end${name}`);
    },
    render: () => "",
  };
}

function readUntil(tokens: TopLevelToken[], end: string): TopLevelToken[] {
  const inner: TopLevelToken[] = [];
  for (let token = tokens.shift(); token; token = tokens.shift()) {
    if ((token as Partial<TagToken>).name === end) return inner;
    inner.push(token);
  }
  throw new Error(`tag ${end} is missing`);
}

/** {% style %}: printed as a style element, Liquid inside included. */
class StyleTag extends Tag {
  #templates: Template[];
  constructor(token: TagToken, remainTokens: TopLevelToken[], liquid: Liquid) {
    super(token, remainTokens, liquid);
    this.#templates = liquid.parser.parseTokens(readUntil(remainTokens, "endstyle"));
  }
  override *render(ctx: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const css = (yield this.liquid.renderer.renderTemplates(this.#templates, ctx)) as string;
    emitter.write(`<style data-shopify>${css}</style>`);
  }
}

const FORM_ACTIONS: Record<string, string> = {
  product: "routes.cart_add_url",
  cart: "routes.cart_url",
  customer_login: "routes.account_login_url",
  localization: "localization_url",
};

/** {% form 'product', product, class: 'x' %}: a form that posts where Shopify's does. */
class FormTag extends Tag {
  #templates: Template[];
  #type: string;
  #hash: Hash;
  constructor(token: TagToken, remainTokens: TopLevelToken[], liquid: Liquid) {
    super(token, remainTokens, liquid);
    const match = /^\s*['"](\w+)['"]\s*(?:,\s*(?!\w[\w-]*\s*:)[\w.]+)?(.*)$/s.exec(token.args);
    this.#type = match?.[1] ?? "";
    if (!(this.#type in FORM_ACTIONS)) throw new Error(`form '${this.#type}' is not simulated`);
    this.#hash = new Hash((match?.[2] ?? "").replace(/^\s*,/, ""));
    this.#templates = liquid.parser.parseTokens(readUntil(remainTokens, "endform"));
  }
  override *render(ctx: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const attributes = (yield this.#hash.render(ctx)) as Record<string, unknown>;
    const path = FORM_ACTIONS[this.#type]?.split(".") ?? [];
    const action = String((yield ctx._get(path)) ?? "");
    const text = Object.entries(attributes).map(
      ([name, value]) => ` ${name.replaceAll("_", "-")}="${escapeHtml(String(value ?? ""))}"`,
    );
    emitter.write(`<form method="post" action="${escapeHtml(action)}" accept-charset="UTF-8"${text.join("")}>`);
    emitter.write(
      `<input type="hidden" name="form_type" value="${this.#type}"><input type="hidden" name="utf8" value="✓">`,
    );
    ctx.push({ form: { errors: null, posted_successfully: false } });
    yield this.liquid.renderer.renderTemplates(this.#templates, ctx, emitter);
    ctx.pop();
    emitter.write("</form>");
  }
}

/** {% app_blocks %} and {% app_blocks below %}: our theme's places for the blocks of apps. */
class AppBlocksTag extends Tag {
  #name: string;
  constructor(token: TagToken, remainTokens: TopLevelToken[], liquid: Liquid) {
    super(token, remainTokens, liquid);
    this.#name = token.args.trim() === "below" ? "app_blocks_below_html" : "app_blocks_html";
  }
  override *render(ctx: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    emitter.write(String((yield ctx._get([this.#name])) ?? ""));
  }
}

/** Registers the tags on an engine. */
export function registerTags(engine: Liquid): void {
  for (const name of ["schema", "doc", "javascript", "stylesheet"]) engine.registerTag(name, skipped(name));
  engine.registerTag("style", StyleTag);
  engine.registerTag("form", FormTag);
  engine.registerTag("app_blocks", AppBlocksTag);
}
