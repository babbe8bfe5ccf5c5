// @ts-check
// One review as a card, made from the model that Liquid rendered.

/** What this browser remembers: its votes, and the name it votes by, made with the first. @param {string} name @param {string} [value] */
export const kept = (name, value) => {
  try {
    if (value !== undefined) localStorage.setItem(`kizuna-${name}`, value);
    return localStorage.getItem(`kizuna-${name}`);
  } catch {
    return value ?? null;
  }
};
/** A card like those Liquid rendered, its texts as text nodes only. @param {HTMLElement} host @param {any} review @returns {HTMLElement} */
export function fill(host, review) {
  const { locale, anonymous = "", products = "", photo = "", film = "" } = host.dataset;
  const model = /** @type {HTMLTemplateElement} */ (host.querySelector("template[data-model]"));
  const card = /** @type {HTMLElement} */ (model.content.firstElementChild?.cloneNode(true));
  const part = (/** @type {string} */ name) => /** @type {any} */ (card.querySelector(`[data-part="${name}"]`));
  card.dataset.review = review.id;
  const stars = /** @type {HTMLElement} */ (card.querySelector(".kizuna-stars"));
  stars.style.setProperty("--kizuna-rating", review.rating);
  stars.ariaLabel = (stars.ariaLabel ?? "").replace(/(^|\D)0(?=\D|$)/, `$1${review.rating}`);
  /** @type {Record<string, string>} */
  const texts = {
    ...review,
    name: review.name || anonymous,
    reply: review.reply?.text ?? "",
    product: review.product?.handle ? review.product.title : "",
  };
  for (const name of ["title", "name", "body", "pros", "cons", "reply", "product"]) {
    part(name).textContent = texts[name];
    if (!texts[name]) (name === "body" || name === "title" ? part(name) : part(name).parentElement).remove();
  }
  if (texts.product) part("product").href = products + encodeURIComponent(review.product.handle);
  part("report").href += review.id;
  part("on").dateTime = review.on;
  part("on").textContent = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(
    new Date(review.on),
  );
  for (const label of card.querySelectorAll("[data-label]"))
    if (!{ ...review, unverified: !review.verified }[label.getAttribute("data-label") ?? ""]) label.remove();
  const answers = review.answers.flatMap(
    (/** @type {any} */ { q, o }) =>
      host.querySelector(`option[value="${CSS.escape(`${q}:${o}`)}"]`)?.getAttribute("data-text") ?? [],
  );
  part("answers").replaceChildren(
    ...answers.map((/** @type {string} */ text) => Object.assign(document.createElement("li"), { textContent: text })),
  );
  part("helped").textContent = review.helpful + review.helpfulAnon;
  card.querySelector("[data-do=full]")?.remove();
  const [thumb] = part("media").children;
  part("media").replaceChildren(
    ...review.media.map((/** @type {any} */ media) => {
      const link = thumb.cloneNode(true);
      const isFilm = media.kind === "video";
      link.href = isFilm ? media.film : media.large;
      link.classList.toggle("kizuna-thumb--film", isFilm);
      Object.assign(link.dataset, { large: media.large, film: media.film, width: media.width, height: media.height });
      Object.assign(link.firstElementChild, {
        src: media.thumb,
        alt: media.alt || (isFilm ? film : photo).replace("%n", texts.name ?? ""),
      });
      return link;
    }),
  );
  mark(card);
  return card;
}

/** Shows what this browser voted. @param {Element} card */
export function mark(card) {
  const own = kept(`vote-${card.getAttribute("data-review")}`);
  for (const name of ["yes", "no"])
    card.querySelector(`[data-do=${name}]`)?.setAttribute("aria-pressed", String(own === name));
}
