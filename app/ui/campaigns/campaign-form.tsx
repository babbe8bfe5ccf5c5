// The editor of one campaign.
import { Banner, BlockStack, List } from "@shopify/polaris";
import { useCallback, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { textIn, type Campaign, type Tier } from "../../loyalty/program-parts";
import { DraftSaveBar } from "../draft-save-bar";
import { useShopFacts } from "../shop-facts";
import { useDraft, type DraftAnswer } from "../use-draft";
import { useFieldErrorText } from "../use-field-error-text";
import { useFormat } from "../use-format";
import { AudienceCard, BasicsCard, CapsCard, EffectCard, PrecedenceCard, ProductsCard } from "./campaign-cards";
import {
  draftFromCampaign,
  newCampaignDraft,
  readCampaign,
  type CampaignDraft,
  type CampaignField,
} from "./campaign-draft";
import { overlapsOf, type PlannedCampaign } from "./campaign-plan";

interface CampaignFormProps {
  /** null: a new one. */
  campaign: Campaign | null;
  newId: string;
  others: PlannedCampaign[];
  tiers: Tier[];
  saving: boolean;
  answer: DraftAnswer<CampaignField> | null;
  /** What the campaign as typed would cost; null while it cannot be read. */
  cost(campaign: Campaign | null): ReactNode;
  onSave(campaign: Campaign): void;
  onSaved(): void;
}

/** The form; it owns the draft, its parent owns the requests. */
export function CampaignForm(props: CampaignFormProps) {
  const { campaign, newId, others, tiers, saving, answer, onSave, onSaved } = props;
  const { currency, timeZone } = useShopFacts();
  const context = useMemo(() => ({ currency, timeZone }), [currency, timeZone]);
  const read = useCallback((draft: CampaignDraft) => readCampaign(draft, context), [context]);
  const [initial] = useState(() => (campaign ? draftFromCampaign(campaign, context) : newCampaignDraft(newId)));
  const form = useDraft<CampaignDraft, Campaign, CampaignField>({ initial, read, answer, onSave, onSaved });
  const fields = { draft: form.draft, errorText: useFieldErrorText(form.errors), change: form.change };
  return (
    <BlockStack gap="400">
      <DraftSaveBar
        id="campaign-save-bar"
        open={form.open}
        saving={saving}
        onSave={form.save}
        onDiscard={form.discard}
      />
      <BasicsCard {...fields} />
      <EffectCard {...fields} />
      {form.value ? <Overlaps campaign={form.value} others={others} /> : null}
      <AudienceCard {...fields} tiers={tiers} />
      <ProductsCard {...fields} />
      <PrecedenceCard {...fields} />
      <CapsCard {...fields} />
      {props.cost(form.value)}
    </BlockStack>
  );
}

function Overlaps({ campaign, others }: { campaign: Campaign; others: PlannedCampaign[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const overlaps = campaign.enabled ? overlapsOf(campaign, others) : [];
  if (overlaps.length === 0) return null;
  const between = format.locale === "ja" ? "" : " ";
  return (
    <Banner tone="warning" title={t("campaigns.overlap.title", { count: overlaps.length })}>
      <List>
        {overlaps.map(({ campaign: other, from, until, outcome, isPartial }) => (
          <List.Item key={other.id}>
            {t(`campaigns.overlap.${outcome}`, { name: textIn(other.name, format.locale) || t("campaigns.unnamed") })}
            {between}
            <span suppressHydrationWarning>
              {t("campaigns.overlap.when", { from: format.dateTime(from), until: format.dateTime(until) })}
            </span>
            {isPartial ? `${between}${t("campaigns.overlap.maybe")}` : null}
          </List.Item>
        ))}
      </List>
    </Banner>
  );
}
