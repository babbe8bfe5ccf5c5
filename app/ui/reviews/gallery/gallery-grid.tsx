// Pictures in an order: moved with buttons, or with the arrow keys on a picture that has the focus.
import { Badge, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { ChevronLeftIcon, ChevronRightIcon } from "@shopify/polaris-icons";
import { Link } from "@remix-run/react";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { GalleryItem } from "../../../reviews/display/curate-media.server";
import { Stars } from "../stars";

/** A picture's name: what it shows, as its author or staff put it. */
export function useMediaName(): (item: GalleryItem) => string {
  const { t } = useTranslation();
  return ({ alt, kind, product }) =>
    alt || t(kind === "video" ? "reviews.gallery.video_of" : "reviews.gallery.photo_of", { product: product.title });
}

interface ShownGridProps {
  items: GalleryItem[];
  busy: boolean;
  onMove(id: string, by: -1 | 1): void;
  onRemove(id: string): void;
}

/** What is in the gallery, in its order. */
export function ShownGrid({ items, busy, onMove, onRemove }: ShownGridProps) {
  const { t } = useTranslation();
  const nameOf = useMediaName();
  const onKeyDown = (event: KeyboardEvent, id: string) => {
    if (event.target !== event.currentTarget) return;
    const by = event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 1;
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    onMove(id, by);
  };
  return (
    <ol className="kz-gallery">
      {items.map((item, index) => {
        const name = nameOf(item);
        return (
          <li key={item.id}>
            <div
              className="kz-gallery-item"
              tabIndex={0}
              role="group"
              aria-label={t("reviews.gallery.position", { name, place: index + 1, total: items.length })}
              onKeyDown={(event) => onKeyDown(event, item.id)}
            >
              <Picture item={item} />
              <InlineStack align="space-between" blockAlign="center" wrap={false}>
                <InlineStack gap="100" wrap={false}>
                  <Button
                    variant="tertiary"
                    icon={ChevronLeftIcon}
                    disabled={index === 0}
                    onClick={() => onMove(item.id, -1)}
                    accessibilityLabel={t("reviews.gallery.earlier", { name })}
                  />
                  <Button
                    variant="tertiary"
                    icon={ChevronRightIcon}
                    disabled={index === items.length - 1}
                    onClick={() => onMove(item.id, 1)}
                    accessibilityLabel={t("reviews.gallery.later", { name })}
                  />
                </InlineStack>
                <Button
                  variant="tertiary"
                  disabled={busy}
                  onClick={() => onRemove(item.id)}
                  accessibilityLabel={t("reviews.gallery.remove_label", { name })}
                >
                  {t("reviews.gallery.remove")}
                </Button>
              </InlineStack>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** What could be in it. */
export function CandidateGrid({
  items,
  busy,
  onAdd,
}: {
  items: GalleryItem[];
  busy: boolean;
  onAdd(id: string): void;
}) {
  const { t } = useTranslation();
  const nameOf = useMediaName();
  return (
    <ul className="kz-gallery">
      {items.map((item) => (
        <li key={item.id}>
          <div className="kz-gallery-item">
            <Picture item={item} />
            <InlineStack align="end">
              <Button
                disabled={busy}
                onClick={() => onAdd(item.id)}
                accessibilityLabel={t("reviews.gallery.add_label", { name: nameOf(item) })}
              >
                {t("reviews.gallery.add")}
              </Button>
            </InlineStack>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Picture({ item }: { item: GalleryItem }) {
  const { t } = useTranslation();
  const nameOf = useMediaName();
  return (
    <BlockStack gap="150">
      <div className="kz-gallery-picture">
        {item.thumb ? <img src={item.thumb} alt={nameOf(item)} loading="lazy" /> : null}
        {item.kind === "video" ? (
          <span className="kz-gallery-mark">
            <Badge>{t("reviews.gallery.video")}</Badge>
          </span>
        ) : null}
      </div>
      <Labels>
        <Stars rating={item.rating} />
        {item.incentivised ? <Badge tone="attention">{t("reviews.incentivised")}</Badge> : null}
      </Labels>
      <Text as="span" variant="bodySm">
        <Link className="kz-gallery-link" to={`/app/reviews/${item.reviewId}`}>
          {item.product.title || t("reviews.gallery.open_review")}
        </Link>
      </Text>
    </BlockStack>
  );
}

function Labels({ children }: { children: ReactNode }) {
  return <div className="kz-gallery-labels">{children}</div>;
}

/** The row as a theme shows it. */
export function GalleryPreview({ items }: { items: GalleryItem[] }) {
  const nameOf = useMediaName();
  return (
    <div className="kz-gallery-strip" aria-hidden="true">
      {items.map((item) =>
        item.thumb ? <img key={item.id} src={item.thumb} alt={nameOf(item)} loading="lazy" /> : null,
      )}
    </div>
  );
}
