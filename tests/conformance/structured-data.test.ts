// Our structured data against the vocabulary itself: every type and property is one of schema.org's, stands where the
// vocabulary lets it stand, and holds what it lets it hold. The vocabulary is in the folder named by KIZUNA_SHARED.
import fs from "node:fs";
import path from "node:path";

import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";

import { faceOil, publishReviews, shownReview, valueOf } from "../storefront/sample-reviews";
import { openStorefront } from "../storefront/storefront-pages";

const data = path.join(process.env.KIZUNA_SHARED ?? path.join(import.meta.dirname, "../../../shared"), "data");
const file = path.join(data, "robustness/schema-org/schemaorg-current-https-30.0.jsonld");
const isHere = fs.existsSync(file);
const SKIPPED = isHere ? "" : " (skipped: it is not in KIZUNA_SHARED)";

interface Ref {
  "@id": string;
}
interface Term {
  "@id": string;
  "rdfs:subClassOf"?: Ref | Ref[];
  "schema:domainIncludes"?: Ref | Ref[];
  "schema:rangeIncludes"?: Ref | Ref[];
  "schema:supersededBy"?: unknown;
}
type Node = Record<string, unknown>;

const idsOf = (refs: Ref | Ref[] | undefined) => [refs ?? []].flat().map((ref) => ref["@id"]);

class Vocabulary {
  private readonly terms: Map<string, Term>;
  constructor(text: string) {
    const { "@graph": graph } = JSON.parse(text) as { "@graph": Term[] };
    this.terms = new Map(graph.map((term) => [term["@id"], term]));
  }

  /** The type and everything it is a kind of. */
  private kindsOf(type: string): string[] {
    const term = this.terms.get(type);
    return term ? [type, ...idsOf(term["rdfs:subClassOf"]).flatMap((each) => this.kindsOf(each))] : [];
  }

  /** What is wrong with a node, "place: why". */
  problems(node: Node, place = ""): string[] {
    const type = `schema:${String(node["@type"])}`;
    const kinds = this.kindsOf(type);
    if (kinds.length === 0) return [`${place}: no type ${type}`];
    return Object.entries(node).flatMap(([name, value]) => {
      if (name.startsWith("@")) return [];
      const at = `${place}.${name}`;
      const term = this.terms.get(`schema:${name}`);
      if (!term) return [`${at}: no such property`];
      if (term["schema:supersededBy"]) return [`${at}: superseded`];
      if (!idsOf(term["schema:domainIncludes"]).some((domain) => kinds.includes(domain)))
        return [`${at}: not of ${type}`];
      const range = idsOf(term["schema:rangeIncludes"]);
      return [value].flat().flatMap((each: unknown) => this.valueProblems(each, range, at));
    });
  }

  private valueProblems(value: unknown, range: string[], at: string): string[] {
    if (typeof value === "object" && value !== null) {
      const node = value as Node;
      const fits = this.kindsOf(`schema:${String(node["@type"])}`).some((kind) => range.includes(kind));
      return [...(fits ? [] : [`${at}: holds no ${range.join(" or ")}`]), ...this.problems(node, at)];
    }
    const fits = range.some((kind) => fitsScalar(kind, value));
    return fits ? [] : [`${at}: ${JSON.stringify(value)} is no ${range.join(" or ")}`];
  }
}

function fitsScalar(kind: string, value: unknown): boolean {
  switch (kind) {
    case "schema:Text":
      return typeof value === "string" && value !== "";
    case "schema:Number":
    case "schema:Integer":
      return typeof value === "number" || (typeof value === "string" && /^\d+(\.\d+)?$/.test(value));
    case "schema:Date":
      return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
    default:
      return false;
  }
}

/** developers.google.com/search/docs/appearance/structured-data/review-snippet: what a rating and an author may be. */
function googleProblems(node: Node): string[] {
  const rating = node["aggregateRating"] as Node;
  const reviews = node["review"] as Node[];
  const within = (each: Node) =>
    Number(each["ratingValue"]) >= Number(each["worstRating"]) &&
    Number(each["ratingValue"]) <= Number(each["bestRating"]);
  const ofReviews = reviews.flatMap((review, index) => {
    const author = review["author"] as Node;
    return [
      ...(within(review["reviewRating"] as Node) ? [] : [`review ${index}: rating`]),
      ...(author["@type"] === "Person" && String(author["name"]).length < 100 ? [] : [`review ${index}: author`]),
      ...("itemReviewed" in review ? [`review ${index}: nested in its product, it names none`] : []),
    ];
  });
  return [
    ...(within(rating) ? [] : ["average"]),
    ...(Number.isInteger(rating["reviewCount"]) && Number(rating["reviewCount"]) > 0 ? [] : ["count"]),
    ...ofReviews,
  ];
}

describe.skipIf(!isHere)(`structured data and the vocabulary of schema.org${SKIPPED}`, () => {
  const vocabulary = isHere ? new Vocabulary(fs.readFileSync(file, "utf8")) : null;

  it("is made of its types and properties, and keeps Google's limits", async () => {
    const front = await openStorefront({
      product: ["review-stars"],
      "product.below": ["reviews"],
      embeds: ["review-data"],
    });
    const reviews = [
      shownReview({ incentivised: true, edited: true, reply: { text: "ありがとうございます", on: "2026-11-04" } }),
      shownReview({ id: "102", title: "", body: "", name: "", rating: 1 }),
      shownReview({ id: "103", name: "a".repeat(60), body: "長い言葉".repeat(1_000) }),
    ];
    publishReviews(front, faceOil(front), valueOf(reviews));
    const page = new JSDOM(await front.read("/products/camellia-face-oil")).window.document;
    await front.pages.stop();
    const nodes = [...page.querySelectorAll('script[type="application/ld+json"]')].map(
      (script) => JSON.parse(script.textContent ?? "") as Node,
    );
    const ours = nodes.find((node) => "aggregateRating" in node) ?? {};
    expect(ours["@context"]).toBe("https://schema.org");
    expect((ours["review"] as Node[]).length).toBe(3);
    expect(vocabulary?.problems(ours)).toEqual([]);
    expect(googleProblems(ours)).toEqual([]);
  });

  it("would be found wrong", () => {
    const person = { "@type": "Person", name: "A" };
    const review = { "@type": "Review", author: person, reviewRating: { "@type": "Rating", ratingValue: "5" } };
    const product = (more: Node) => vocabulary?.problems({ "@type": "Product", name: "Oil", ...more });
    expect(product({ review })).toEqual([]);
    expect(product({ stars: 5 })).toEqual([".stars: no such property"]);
    expect(product({ author: person })).toEqual([".author: not of schema:Product"]);
    expect(product({ review: person })).toEqual([".review: holds no schema:Review"]);
    expect(product({ review: { ...review, datePublished: "yesterday" } })?.[0]).toContain(".review.datePublished");
    expect(vocabulary?.problems({ "@type": "Thingummy" })).toEqual([": no type schema:Thingummy"]);
  });
});
