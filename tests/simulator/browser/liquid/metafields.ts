// Metafields as Liquid sees them: owner.metafields[namespace][key].
import { Drop } from "liquidjs";
import type { Simulator } from "../../simulator";
import type { SimMetafield, SimShop } from "../../state";

/** One metafield: `.value` is typed, printing it prints the stored text. */
export class MetafieldDrop extends Drop {
  constructor(
    readonly type: string,
    readonly value: unknown,
    private readonly text: string,
  ) {
    super();
  }
  override valueOf(): unknown {
    return this.text;
  }
  override toString(): string {
    return this.text;
  }
}

type Metafields = Record<string, Record<string, MetafieldDrop>>;

/**
 * All metafields of one owner. App-owned namespaces are left out for the theme; in the app's blocks the
 * fault switch says under which of the two spellings they resolve.
 */
export function metafieldsOf(sim: Simulator, shop: SimShop, ownerGid: string, reader: "theme" | "app"): Metafields {
  const own = `app--${shop.install?.appId ?? sim.appId}--`;
  const result: Metafields = {};
  const put = (namespace: string, field: SimMetafield) => {
    (result[namespace] ??= {})[field.key] = new MetafieldDrop(field.type, valueOf(field), field.value);
  };
  for (const field of shop.metafields) {
    if (field.ownerGid !== ownerGid) continue;
    if (!field.namespace.startsWith("app--")) put(field.namespace, field);
    else if (reader === "app" && field.namespace.startsWith(own)) {
      const spelling = sim.faults.metafieldNamespace;
      if (spelling !== "shorthand") put(field.namespace, field);
      if (spelling !== "resolved") put(`$app:${field.namespace.slice(own.length)}`, field);
    }
  }
  return result;
}

function valueOf({ type, value }: SimMetafield): unknown {
  if (type === "rating") {
    const { value: rating, scale_min, scale_max } = JSON.parse(value) as Record<string, string>;
    return { rating, scale_min, scale_max };
  }
  if (type.startsWith("list.") || ["json", "money", "dimension", "volume", "weight"].includes(type)) {
    return JSON.parse(value) as unknown;
  }
  if (type === "number_integer" || type === "number_decimal") return Number(value);
  if (type === "boolean") return value === "true";
  return value;
}
