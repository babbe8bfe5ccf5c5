import { useEffect, useRef, type RefObject } from "react";

/** For a row of links that scrolls sideways on a phone: the one that is open is brought into sight. */
export function useCurrentInSight(current: string): RefObject<HTMLElement> {
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    const link = row.current?.querySelector<HTMLElement>("[aria-current=page]");
    if (row.current && link) row.current.scrollLeft = link.offsetLeft - row.current.offsetLeft;
  }, [current]);
  return row;
}
