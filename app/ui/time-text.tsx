// A moment in the shop's zone. Browser and server may carry different releases of the date tables,
// so a difference in the text alone is not a hydration error.
import { useFormat } from "./use-format";

/** A date, or a date with its time, in the reader's language. */
export function TimeText({ at, show = "dateTime" }: { at: Date | string; show?: "date" | "dateTime" }) {
  const format = useFormat();
  return (
    <time dateTime={new Date(at).toISOString()} suppressHydrationWarning>
      {format[show](at)}
    </time>
  );
}
