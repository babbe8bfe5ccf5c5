// What products' options and variants are called: in the shop's language for the Admin API and orders, in
// the reader's for the storefront.
import type { SimProduct, SimVariant } from "./state";

/** "Unscented" or 無香料. */
export function variantTitle(variant: SimVariant, locale: "en" | "ja"): string {
  return locale === "ja" ? (variant.titleJa ?? variant.title) : variant.title;
}

/** "Scent" or 香り; null when the product has no options. */
export function optionName(product: SimProduct, locale: "en" | "ja"): string | null {
  return locale === "ja" ? (product.optionNameJa ?? product.optionName) : product.optionName;
}
