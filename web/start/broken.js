// @ts-check
// Shows a notice if a program has crashed, or if the viewer could not be started on a page that needs it (a
// shell). The page's content stays, and a button reloads the page.
import { start as english } from "../../words/en.json";
import { start as chinese } from "../../words/zh.json";

let isShown = false;

/** Shows the notice, once. */
export const showBroken = () => {
  if (isShown) return;
  isShown = true;
  const words = document.documentElement.lang.startsWith("zh") ? chinese : english;
  const box = document.createElement("p");
  const message = document.createElement("span");
  const button = document.createElement("button");
  box.className = "notice broken";
  box.setAttribute("role", "alert");
  message.textContent = words.broken;
  button.type = "button";
  button.textContent = words.reload;
  button.addEventListener("click", () => location.reload());
  box.append(message, button);
  // Nothing will replace the skeleton any more.
  document.querySelector("main .skeleton")?.remove();
  document.body.append(box);
};

/**
 * Whether an error means that a WebAssembly program has crashed.
 *
 * @param {unknown} error
 */
export const isCrash = (error) => error instanceof WebAssembly.RuntimeError;

const showBrokenIfCrash = (/** @type {unknown} */ error) => isCrash(error) && showBroken();
addEventListener("error", ({ error }) => showBrokenIfCrash(error));
addEventListener("unhandledrejection", ({ reason }) => showBrokenIfCrash(reason));
