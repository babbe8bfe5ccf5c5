/** The shape of what will stand here. */
export function Loading() {
  return (
    <s-stack gap="base">
      <s-skeleton-paragraph></s-skeleton-paragraph>
      <s-skeleton-paragraph></s-skeleton-paragraph>
      <s-skeleton-paragraph></s-skeleton-paragraph>
    </s-stack>
  );
}
