// The members of a shop: search first, one line a person, a few at once.
import {
  Badge,
  BlockStack,
  Card,
  IndexTable,
  InlineGrid,
  InlineStack,
  Link,
  Select,
  Text,
  TextField,
  EmptySearchResult,
  Icon,
} from "@shopify/polaris";
import { SearchIcon } from "@shopify/polaris-icons";
import { memo, useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Tier } from "../loyalty/program-parts";
import { useTierTexts } from "./tiers/tier-texts";
import { TimeText } from "./time-text";
import { useFormat } from "./use-format";

export const MEMBER_SORTS = ["last_order", "balance", "name", "newest"] as const;
export type MemberSort = (typeof MEMBER_SORTS)[number];
/** The filter for members who hold no tier; never the id of one. */
export const NO_TIER = "-";

export interface ListedMember {
  [key: string]: unknown;
  id: string;
  name: string;
  email: string | null;
  customerGid: string | null;
  available: number;
  pending: number;
  debt: number;
  ordersCount: number;
  tierId: string | null;
  lastOrderAt: Date | string | null;
}

interface Selection {
  selectedResources: string[];
  allResourcesSelected: boolean;
  handleSelectionChange: NonNullable<React.ComponentProps<typeof IndexTable>["onSelectionChange"]>;
}

type NamedTier = Pick<Tier, "id" | "name">;

interface MemberTableProps {
  members: ListedMember[];
  search: string;
  sort: MemberSort;
  /** The filter: a tier's id, NO_TIER, or null for everybody. */
  tier: string | null;
  /** Empty where the shop has no tiers: then nothing is said of them. */
  tiers: NamedTier[];
  loading: boolean;
  selection: Selection;
  onSearch(search: string): void;
  onSort(sort: MemberSort): void;
  onTier(tier: string | null): void;
  onAdjust(): void;
  onNext: (() => void) | null;
  onPrevious: (() => void) | null;
}

/** Search, sort and table. */
export function MemberTable(props: MemberTableProps) {
  const { t } = useTranslation();
  const { selection, onNext, onPrevious } = props;
  const hasTiers = props.tiers.length > 0;
  const resourceName = { singular: t("members.resource", { count: 1 }), plural: t("members.resource", { count: 2 }) };
  return (
    <Card padding="0">
      <MemberTools {...props} />
      <IndexTable
        resourceName={resourceName}
        itemCount={props.members.length}
        selectedItemsCount={selection.allResourcesSelected ? "All" : selection.selectedResources.length}
        onSelectionChange={selection.handleSelectionChange}
        loading={props.loading}
        promotedBulkActions={[{ content: t("members.adjust"), onAction: props.onAdjust }]}
        headings={[
          { title: t("members.column.member") },
          { title: t("members.column.available"), alignment: "end" },
          ...(hasTiers ? [{ title: t("members.column.tier") }] : []),
          { title: t("members.column.pending"), alignment: "end" },
          { title: t("members.column.orders"), alignment: "end" },
          { title: t("members.column.last_order") },
        ]}
        emptyState={
          <EmptySearchResult
            title={t("members.nobody.title")}
            description={t("members.nobody.body")}
            withIllustration={false}
          />
        }
        pagination={{
          hasNext: onNext !== null,
          hasPrevious: onPrevious !== null,
          onNext: onNext ?? undefined,
          onPrevious: onPrevious ?? undefined,
        }}
      >
        {props.members.map((member, index) => (
          <MemberTableRow
            key={member.id}
            member={member}
            tiers={props.tiers}
            index={index}
            selected={selection.selectedResources.includes(member.id)}
          />
        ))}
      </IndexTable>
    </Card>
  );
}

const TYPING_MS = 300;

function MemberTools({ search, sort, tier, tiers, onSearch, onSort, onTier }: MemberTableProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(search);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  const run = (value: string) => {
    timer.current = undefined;
    onSearch(value.trim());
  };
  const type = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => run(value), TYPING_MS);
  };
  // Who leaves the field is about to press something: a search that began later would call them back.
  const hurry = () => {
    if (timer.current === undefined) return;
    clearTimeout(timer.current);
    run(text);
  };
  const options = MEMBER_SORTS.map((value) => ({ value, label: t(`members.sort.${value}`) }));
  return (
    <div className="kz-tools">
      <InlineGrid columns={{ xs: 1, sm: tiers.length > 0 ? 3 : ["twoThirds", "oneThird"] }} gap="300">
        <TextField
          label={t("members.search")}
          labelHidden
          placeholder={t("members.search")}
          prefix={<Icon source={SearchIcon} />}
          type="search"
          value={text}
          onChange={type}
          onBlur={hurry}
          clearButton
          onClearButtonClick={() => type("")}
          autoComplete="off"
        />
        {tiers.length > 0 ? <TierFilter tier={tier} tiers={tiers} onTier={onTier} /> : null}
        <Select
          label={t("members.sort.label")}
          labelInline
          options={options}
          value={tier === null ? sort : "newest"}
          disabled={tier !== null}
          onChange={(next: MemberSort) => onSort(next)}
        />
      </InlineGrid>
    </div>
  );
}

function TierFilter({ tier, tiers, onTier }: Pick<MemberTableProps, "tier" | "tiers" | "onTier">) {
  const { t } = useTranslation();
  const texts = useTierTexts();
  return (
    <Select
      label={t("members.tier.label")}
      labelInline
      options={[
        { value: "", label: t("members.tier.all") },
        ...tiers.map((each) => ({ value: each.id, label: texts.name(each) })),
        { value: NO_TIER, label: t("members.tier.none") },
      ]}
      value={tier ?? ""}
      onChange={(next) => onTier(next || null)}
    />
  );
}

interface MemberRowProps {
  member: ListedMember;
  tiers: NamedTier[];
  index: number;
  selected: boolean;
}

// A table that only starts to load, or gets another selection, renders no line anew.
const MemberTableRow = memo(function MemberTableRow({ member, tiers, index, selected }: MemberRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <IndexTable.Row id={member.id} position={index} selected={selected}>
      <IndexTable.Cell>
        <BlockStack gap="050">
          <InlineStack gap="200" blockAlign="center">
            <Link url={`/app/members/${member.id}`} dataPrimaryLink removeUnderline monochrome>
              <Text as="span" fontWeight="semibold">
                <span className="kz-name">{member.name || member.email || t("members.no_name")}</span>
              </Text>
            </Link>
            {member.customerGid === null ? <Badge>{t("members.guest")}</Badge> : null}
            {member.debt > 0 ? (
              <Badge tone="warning">{t("members.owes", { points: format.number(member.debt) })}</Badge>
            ) : null}
          </InlineStack>
          <Text as="span" variant="bodySm" tone="subdued">
            <span className="kz-truncate">{member.name ? member.email : ""}</span>
          </Text>
        </BlockStack>
      </IndexTable.Cell>
      <NumberCell strong>{format.number(member.available)}</NumberCell>
      {tiers.length > 0 ? <TierCell tier={tiers.find(({ id }) => id === member.tierId)} /> : null}
      <NumberCell>{member.pending === 0 ? "" : format.number(member.pending)}</NumberCell>
      <NumberCell>{format.number(member.ordersCount)}</NumberCell>
      <IndexTable.Cell>
        {member.lastOrderAt ? <TimeText at={member.lastOrderAt} show="date" /> : t("members.never_ordered")}
      </IndexTable.Cell>
    </IndexTable.Row>
  );
});

function TierCell({ tier }: { tier: NamedTier | undefined }) {
  const texts = useTierTexts();
  return <IndexTable.Cell>{tier ? texts.name(tier) : ""}</IndexTable.Cell>;
}

function NumberCell({ strong = false, children }: { strong?: boolean; children: ReactNode }) {
  return (
    <IndexTable.Cell>
      <Text as="span" alignment="end" numeric {...(strong ? { fontWeight: "semibold" as const } : {})}>
        {children}
      </Text>
    </IndexTable.Cell>
  );
}
