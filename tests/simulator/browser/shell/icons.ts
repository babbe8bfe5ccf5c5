// Line icons of our own, 20 × 20, drawn with the text's colour.
import { Html } from "../html";

const PATHS = {
  orders: "M4 4h12v13l-2-1.5L12 17l-2-1.5L8 17l-2-1.5L4 17zM7 8h6M7 11h6",
  customers: "M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17c.5-3.5 3-5 6-5s5.500 1.500 6 5",
  products: "M3.500 6.500 10 3l6.500 3.500v7L10 17l-6.500-3.500zM3.500 6.500 10 10l6.500-3.500M10 10v7",
  store:
    "M3 8l1.500-4.500h11L17 8M4 9v7.500h12V9M3 8a2.300 2.300 0 0 0 4.700 0 2.300 2.300 0 0 0 4.600 0A2.300 2.300 0 0 0 17 8M8 16.500V12h4v4.500",
  control: "M4 6h7M15 6h1M13 4v4M4 14h1M9 14h7M7 12v4",
  mailbox: "M3 5h14v10H3zM3 6l7 5 7-5",
  knot: "M6 4c5 1 5 11 10 12M14 4C9 5 9 15 4 16M6 10h8",
  menu: "M3 5.500h14M3 10h14M3 14.500h14",
  close: "M5 5l10 10M15 5L5 15",
  search: "M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM13 13l4 4",
  back: "M12 4l-6 6 6 6",
  outside: "M8 5H4v11h11v-4M11 4h5v5M16 4l-7 7",
} as const;

export type Icon = keyof typeof PATHS;

/** One icon; decorative, so hidden from readers. */
export function icon(name: Icon): Html {
  return new Html(
    `<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false"><path d="${PATHS[name]}" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`,
  );
}
