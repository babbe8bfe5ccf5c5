// The two pickers: chosen in a dialog of the shell.
import type { ShopifyGlobal } from "@shopify/app-bridge-types";
import { call } from "./rpc";

/** How many may be chosen: true means any number. */
function limit(multiple: boolean | number | undefined): number {
  return multiple === true ? Number.MAX_SAFE_INTEGER : typeof multiple === "number" ? multiple : 1;
}

/** shopify.resourcePicker: undefined when the person cancels. */
export const resourcePicker: ShopifyGlobal["resourcePicker"] = async (options) => {
  const selected = await call("resourcePicker", {
    type: options.type,
    action: options.action ?? "add",
    query: options.query ?? options.filter?.query ?? "",
    multiple: limit(options.multiple),
    selectedIds: (options.selectionIds ?? []).map(({ id }) => id),
    variants: options.filter?.variants ?? true,
  });
  if (!selected) return undefined;
  type Payload = Awaited<ReturnType<typeof resourcePicker<typeof options.type>>>;
  return Object.assign(selected, { selection: selected }) as unknown as Payload;
};

/** shopify.picker: rows the app brings along. */
export const picker: ShopifyGlobal["picker"] = (options) => {
  const rows = options.items.map((item) => ({
    id: item.id,
    heading: item.heading,
    detail: (item.data ?? []).filter((part) => part !== undefined).join(" · "),
    image: item.thumbnail?.url ?? null,
    disabled: item.disabled ?? false,
    selected: item.selected ?? false,
    value: item.id,
  }));
  const chosen = call("picker", { heading: options.heading, multiple: limit(options.multiple), rows });
  return Promise.resolve({ selected: chosen.then((ids) => ids ?? undefined) });
};
