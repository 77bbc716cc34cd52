/** The detail of `finews-open`: a headline. */
export interface FinewsHeadline {
  title: string;
  /** The story's address. */
  url: string;
  /** When it was published: RFC 3339, on the site's clock. */
  time: string;
  /** The name of its category; empty if it has none. */
  category: string;
  /** Its summary; empty without the attribute `summary`. */
  summary: string;
}

/** The detail of `finews-load`. */
export interface FinewsLoad {
  /** The name of the list, or of the site. */
  title: string;
  /** The number of headlines shown. */
  count: number;
}

/** The detail of `finews-error`. */
export interface FinewsError {
  reason: "offline" | "refused" | "gone" | "damaged" | "newer" | "unknown" | "program";
  /** For developers: the reason as an English sentence; with the reason `program`, the text of the error. */
  message: string;
}

/** Shows the newest headlines of a finews site. Each property corresponds to the attribute of the same name. */
export interface FinewsHeadlinesElement extends HTMLElement {
  /** The key of a category, as in its address. */
  category: string;
  /** A security's id, such as `106.BABA`. */
  quote: string;
  /** A tag. */
  tag: string;
  /** The number of headlines, 1 to 50. */
  limit: number;
  theme: "" | "auto" | "light" | "dark";
  /** Whether rows show summaries. */
  summary: boolean;
  /** Seconds between checks for news, at least 5; 0 for none; the site's setting if undefined. */
  refresh: number | undefined;
  /** Where links open. */
  target: string;
  /** The site's address, if it is not the folder of the script. */
  src: string;
}

export interface FinewsHeadlinesEventMap {
  /** Headlines are shown for the first time, or have changed. */
  "finews-load": CustomEvent<FinewsLoad>;
  /** Headlines cannot be loaded. */
  "finews-error": CustomEvent<FinewsError>;
  /** A headline was clicked. `preventDefault()` keeps the browser from following the link. */
  "finews-open": CustomEvent<FinewsHeadline>;
}

declare global {
  interface HTMLElementTagNameMap {
    "finews-headlines": FinewsHeadlinesElement;
  }
  interface HTMLElementEventMap extends FinewsHeadlinesEventMap {}
}
