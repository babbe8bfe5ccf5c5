// Plain words for reviews, each like none of the others: no rule looks at such a review first.
export const REVIEW_WORDS: readonly string[] = [
  "The leaves open slowly and the second cup is the better one.",
  "It arrived on a rainy morning and has stood on my desk ever since.",
  "A quiet colour, a little heavier than I thought, and easy to clean.",
  "My mother uses it daily; the handle is warm and never slips.",
  "The box was small, the ribbon blue, and the smell of wood stayed for a week.",
  "Good for two people, too little for a party, just right for us.",
  "I wash it by hand and it looks as it did in spring.",
  "The picture shows it darker; in daylight it is nearly grey.",
  "It fits the shelf by a finger's breadth, which I had measured twice.",
  "We gave one to a neighbour, who asked where it came from.",
  "After three months the edge is as even as on the first day.",
];
