import type { FoundMember } from "./member";
import { signed, text } from "./texts";

/** The last steps with their reasons. */
export function History({ lines }: { lines: FoundMember["history"] }) {
  if (lines.length === 0) return <s-text color="subdued">{text("history.empty")}</s-text>;
  return (
    <s-unordered-list>
      {lines.map((line) => (
        <s-list-item key={line.id}>
          {text("history.line", {
            count: Math.abs(line.points),
            points: signed(line.points),
            reason: line.text,
            date: line.on,
          })}
        </s-list-item>
      ))}
    </s-unordered-list>
  );
}
