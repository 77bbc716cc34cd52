// @ts-check
import { search as english } from "../../words/en.json";
import { search as chinese } from "../../words/zh.json";

/** The words of search in the site's language. */
export const words = () => (document.documentElement.lang.startsWith("zh") ? chinese : english);
