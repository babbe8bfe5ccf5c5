// The photos and videos of a review: looked at one by one, described for those who do not see them.
import { Badge, BlockStack, Button, InlineStack, Modal, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { MediaView } from "../../../reviews/media/show-media.server";

interface MediaCardProps {
  media: MediaView[];
  /** Shoppers see the review: what is approved can go to the gallery. */
  isPublished: boolean;
  busy: boolean;
  onApprove(mediaIds: number[]): void;
  onRemove(mediaId: number): void;
  onDescribe(mediaId: number, alt: string): void;
  onCurate(mediaId: number): void;
}

/** All media of a review. */
export function MediaCard(props: MediaCardProps) {
  const { media, busy, onApprove, onRemove } = props;
  const { t } = useTranslation();
  const [viewed, setViewed] = useState<MediaView | null>(null);
  const [leaving, setLeaving] = useState<MediaView | null>(null);
  const nameOf = useMediaNames(media);
  if (media.length === 0) return null;
  const waiting = media.filter(({ isViewed }) => !isViewed);
  return (
    <BlockStack gap="300">
      <InlineStack gap="300" align="space-between" blockAlign="center">
        <BlockStack gap="050">
          <Text as="h3" variant="headingSm">
            {t("reviews.media.title")}
          </Text>
          {waiting.length > 0 ? (
            <Text as="p" tone="caution">
              {t("reviews.media.waits")}
            </Text>
          ) : null}
        </BlockStack>
        {waiting.length > 1 ? (
          <Button disabled={busy} onClick={() => onApprove(waiting.map(({ mediaId }) => mediaId))}>
            {t("reviews.media.approve_all")}
          </Button>
        ) : null}
      </InlineStack>
      <ul className="kz-media">
        {media.map((item) => (
          <li key={item.mediaId}>
            <Item
              {...props}
              item={item}
              name={nameOf(item)}
              onView={() => setViewed(item)}
              onAskRemove={() => setLeaving(item)}
            />
          </li>
        ))}
      </ul>
      <Viewer item={viewed} name={viewed ? nameOf(viewed) : ""} onClose={() => setViewed(null)} />
      <Modal
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t("reviews.media.remove_title")}
        primaryAction={{
          content: t("reviews.media.remove"),
          destructive: true,
          onAction: () => {
            if (leaving) onRemove(leaving.mediaId);
            setLeaving(null);
          },
        }}
        secondaryActions={[{ content: t("common.cancel"), onAction: () => setLeaving(null) }]}
      >
        <Modal.Section>
          <p>{t("reviews.media.remove_body")}</p>
        </Modal.Section>
      </Modal>
    </BlockStack>
  );
}

function useMediaNames(media: MediaView[]): (item: MediaView) => string {
  const { t } = useTranslation();
  return (item) => {
    const number = media.filter(({ kind }) => kind === item.kind).indexOf(item) + 1;
    return item.alt || t(`reviews.media.${item.kind}`, { number });
  };
}

const isPicture = ({ type }: MediaView["files"][number]) => type.startsWith("image/");

type ItemProps = MediaCardProps & { item: MediaView; name: string; onView(): void; onAskRemove(): void };
function Item({ item, name, busy, isPublished, onApprove, onDescribe, onCurate, onView, onAskRemove }: ItemProps) {
  const { t } = useTranslation();
  const [alt, setAlt] = useState(item.alt);
  const thumb = item.files.filter(isPicture).find(({ width }) => (width ?? 0) >= 320) ?? item.files.findLast(isPicture);
  return (
    <BlockStack gap="200">
      <button type="button" className="kz-media-open" onClick={onView} aria-label={t("reviews.media.large", { name })}>
        {thumb ? <img src={thumb.url} alt="" loading="lazy" /> : <span className="kz-media-film" aria-hidden="true" />}
      </button>
      <InlineStack gap="150" wrap>
        <Badge tone={item.isViewed ? "success" : "attention"}>
          {t(item.isViewed ? "reviews.media.shown" : "reviews.media.hidden")}
        </Badge>
        {item.isCurated ? <Badge tone="info">{t("reviews.media.in_gallery")}</Badge> : null}
      </InlineStack>
      <InlineStack gap="150" wrap>
        {item.isViewed ? null : (
          <Button
            size="slim"
            disabled={busy}
            onClick={() => onApprove([item.mediaId])}
            accessibilityLabel={t("reviews.media.approve_label", { name })}
          >
            {t("reviews.media.approve")}
          </Button>
        )}
        {item.isViewed && isPublished && !item.isCurated ? (
          <Button size="slim" disabled={busy} onClick={() => onCurate(item.mediaId)}>
            {t("reviews.media.to_gallery")}
          </Button>
        ) : null}
        <Button
          size="slim"
          variant="tertiary"
          tone="critical"
          disabled={busy}
          onClick={onAskRemove}
          accessibilityLabel={t("reviews.media.remove_label", { name })}
        >
          {t("reviews.media.remove")}
        </Button>
      </InlineStack>
      <TextField
        label={t("reviews.media.alt")}
        helpText={t("reviews.media.alt_help")}
        value={alt}
        onChange={setAlt}
        maxLength={300}
        autoComplete="off"
        connectedRight={
          <Button disabled={busy || alt === item.alt} onClick={() => onDescribe(item.mediaId, alt)}>
            {t("common.save")}
          </Button>
        }
      />
    </BlockStack>
  );
}

function Viewer({ item, name, onClose }: { item: MediaView | null; name: string; onClose(): void }) {
  const { t } = useTranslation();
  const film = item?.files.find(({ type }) => type.startsWith("video/"));
  const large = item?.files.findLast(isPicture);
  return (
    <Modal
      size="large"
      open={item !== null}
      onClose={onClose}
      title={name || t("reviews.media.view")}
      secondaryActions={[{ content: t("common.close"), onAction: onClose }]}
    >
      <Modal.Section>
        <div className="kz-media-large">
          {film ? (
            <video src={film.url} controls preload="metadata" poster={large?.url} aria-label={name} />
          ) : large ? (
            <img src={large.url} alt={name} />
          ) : null}
        </div>
      </Modal.Section>
    </Modal>
  );
}
