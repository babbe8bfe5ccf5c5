// While the next page is on its way: its shape, so that nothing jumps when it arrives.
import { useLocation, useNavigation } from "@remix-run/react";
import { BlockStack, Card, SkeletonBodyText, SkeletonDisplayText, SkeletonPage } from "@shopify/polaris";
import { useEffect, useState, type ReactNode } from "react";

const PATIENCE_MS = 250;

/** Shows the page, or a skeleton once another page has been awaited for a moment. */
export function PendingPage({ children }: { children: ReactNode }) {
  const navigation = useNavigation();
  const { pathname } = useLocation();
  const target = navigation.state === "loading" ? navigation.location.pathname : null;
  const elsewhere = target !== null && target !== pathname;
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    setPatient(true);
    if (!elsewhere) return;
    const timer = setTimeout(() => setPatient(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [elsewhere, target]);
  return elsewhere && !patient ? <Skeleton target={target} /> : children;
}

/** Pages that are a list from edge to edge. */
const LISTS = ["/app/members", "/app/rewards/redemptions", "/app/reviews", "/app/reviews/requests"];
const SHELF_PLACES = 8;

function Skeleton({ target }: { target: string }) {
  if (target === "/app/rewards") return <ShelfSkeleton />;
  const rows = LISTS.includes(target) ? 10 : 3;
  return (
    <SkeletonPage fullWidth={LISTS.includes(target)}>
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="400">
            <SkeletonDisplayText size="small" />
            <SkeletonBodyText lines={rows} />
          </BlockStack>
        </Card>
        <Card>
          <SkeletonBodyText lines={rows} />
        </Card>
      </BlockStack>
    </SkeletonPage>
  );
}

function ShelfSkeleton() {
  return (
    <SkeletonPage fullWidth primaryAction>
      <div className="kz-gutter">
        <div className="kz-shelf">
          {Array.from({ length: SHELF_PLACES }, (_, place) => (
            <div key={place} className="kz-reward">
              <div className="kz-reward-picture" />
              <div className="kz-reward-body">
                <SkeletonBodyText lines={3} />
              </div>
            </div>
          ))}
        </div>
      </div>
    </SkeletonPage>
  );
}
