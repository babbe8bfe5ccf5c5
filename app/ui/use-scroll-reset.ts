// Remix' own scroll restoration keeps its notes in sessionStorage, which a browser may deny to an iframe.
import { useLocation } from "@remix-run/react";
import { useEffect } from "react";

/** Shows a new page from its top, or from the place that its address names. */
export function useScrollReset(): void {
  const { pathname, hash } = useLocation();
  useEffect(() => {
    const place = hash ? document.getElementById(hash.slice(1)) : null;
    if (place) place.scrollIntoView();
    else window.scrollTo(0, 0);
  }, [pathname, hash]);
}
