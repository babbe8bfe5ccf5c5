import type { FoundMember } from "./member";
import { points, text } from "./texts";

/** What can be used always stands here, the other buckets when there is something in them. */
const OTHERS = ["pending", "reserved", "debt", "redeemed", "expired", "revoked"] as const;

/** The balance by bucket. */
export function Buckets({ balances }: { balances: FoundMember["balances"] }) {
  const filled = OTHERS.filter((bucket) => balances[bucket] !== 0);
  return (
    <s-stack gap="small-300">
      <s-heading>{points(balances.available)}</s-heading>
      {filled.map((bucket) => (
        <s-text key={bucket} color="subdued">
          {text("bucket.line", { bucket: text(`bucket.${bucket}`), points: points(balances[bucket]) })}
        </s-text>
      ))}
    </s-stack>
  );
}
