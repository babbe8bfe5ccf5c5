// Which discounts an order was given, as webhook bodies and the Admin API both show them: one per code,
// one per discount the merchant gave on a line. Their order is their index.
import type { Minor, SimLine, SimOrder } from "./state";

export interface DiscountApplication {
  index: number;
  /** Null: the merchant gave it on a line. */
  code: string | null;
  /** The line of a merchant's discount. */
  lineId: string | null;
  target: "line_item" | "shipping_line";
  selection: "all" | "entitled" | "explicit";
  method: "across" | "each" | "one";
  value: { basisPoints: number } | { minor: Minor };
}

/** All of an order's discounts. */
export function applicationsOf(order: SimOrder): DiscountApplication[] {
  const codes = order.discountCodes.map((used): Omit<DiscountApplication, "index"> => ({
    code: used.code,
    lineId: null,
    target: used.type === "shipping" ? "shipping_line" : "line_item",
    selection: used.selection ?? "all",
    method: used.method ?? "across",
    value: valueOf(used),
  }));
  const manual = order.lines.flatMap((line) =>
    line.discounts
      .filter(({ code }) => code === null)
      .map(({ amountMinor }): Omit<DiscountApplication, "index"> => ({
        code: null,
        lineId: line.id,
        target: "line_item",
        selection: "explicit",
        method: "one",
        value: { minor: amountMinor },
      })),
  );
  return [...codes, ...manual].map((application, index) => ({ ...application, index }));
}

/** Histories know only what a code took. */
function valueOf({ type, value, amountMinor }: SimOrder["discountCodes"][number]): DiscountApplication["value"] {
  if (value === undefined) return { minor: amountMinor };
  return type === "fixed_amount" ? { minor: value } : { basisPoints: value };
}

/** The application a line's discount belongs to. @throws Error when the order knows of none */
export function applicationOf(
  applications: readonly DiscountApplication[],
  line: SimLine,
  discount: SimLine["discounts"][number],
): DiscountApplication {
  const found = applications.find(({ code, lineId }) =>
    discount.code === null ? lineId === line.id : code === discount.code,
  );
  if (!found) throw new Error(`line ${line.id} was discounted by ${discount.code ?? "nobody"}`);
  return found;
}
