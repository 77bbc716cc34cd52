/** A headline as `finews-open` carries it. */
export interface FinewsHeadline {
  title: string;
  /** The address of the story. */
  url: string;
  /** When it was published: RFC 3339, on the site's clock. */
  time: string;
  /** The name of its category; empty where it has none. */
  category: string;
  /** The beginning of its words; empty without the attribute `summary`. */
  summary: string;
}

/** What `finews-load` carries. */
export interface FinewsLoad {
  /** The name of the list, or of the site. */
  title: string;
  /** How many headlines are shown. */
  count: number;
}

/** What `finews-error` carries. */
export interface FinewsError {
  reason: "offline" | "refused" | "gone" | "damaged" | "newer" | "unknown" | "program";
  /** The same in an English sentence, for a developer. */
  message: string;
}

/** The newest headlines of a finews site. Each property is the attribute of its name. */
export interface FinewsHeadlinesElement extends HTMLElement {
  /** The key of a category, as it stands in its address. */
  category: string;
  /** A security's id, such as `106.BABA`. */
  quote: string;
  /** A tag. */
  tag: string;
  /** How many headlines, 1 to 50. */
  limit: number;
  theme: "" | "auto" | "light" | "dark";
  /** Whether rows show the beginning of their words. */
  summary: boolean;
  /** Seconds between two looks for news, 5 or more; 0 for none; the site's habit where undefined. */
  refresh: number | undefined;
  /** Where links open. */
  target: string;
  /** The address of the site, where it is not the script's own. */
  src: string;
}

export interface FinewsHeadlinesEventMap {
  /** Headlines are shown, for the first time or others than before. */
  "finews-load": CustomEvent<FinewsLoad>;
  /** They cannot be had. */
  "finews-error": CustomEvent<FinewsError>;
  /** A headline is clicked. `preventDefault()` keeps the browser from following it. */
  "finews-open": CustomEvent<FinewsHeadline>;
}

declare global {
  interface HTMLElementTagNameMap {
    "finews-headlines": FinewsHeadlinesElement;
  }
  interface HTMLElementEventMap extends FinewsHeadlinesEventMap {}
}
