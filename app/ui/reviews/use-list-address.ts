// A list's state lives in the address, so that "back" and a reload show the same page.
import { useNavigate, useSearchParams } from "@remix-run/react";

/** Opens the same list with changed filters; `kept`: the parameters that stay when another one changes. */
export function useListAddress(kept: readonly string[]) {
  const navigate = useNavigate();
  const [searchParams] = useSearchParams();
  const address = (change: Record<string, string | null>): string => {
    const next = new URLSearchParams();
    for (const name of [...kept, "locale"]) {
      const value = searchParams.get(name);
      if (value) next.set(name, value);
    }
    for (const [name, value] of Object.entries(change)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    return `?${next.toString()}`;
  };
  return {
    address,
    open: (change: Record<string, string | null>, options: { replace?: boolean } = {}) =>
      void navigate(address(change), { ...options, preventScrollReset: true }),
  };
}
