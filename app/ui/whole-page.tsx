// A page that is shown while it is still being read moves: each further row changes the width of a table's columns.
import type { LinksFunction } from "@remix-run/node";

const END = "whole-page";

/** Exported by a route as its `links`: nothing of the document is painted before its <WholePage /> has been read. */
export const shownWhole: LinksFunction = () => {
  const link = { rel: "expect", href: `#${END}`, blocking: "render" };
  return [link];
};

/** Stands behind what has to appear in one piece. */
export function WholePage() {
  return <span id={END} hidden />;
}
