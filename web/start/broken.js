// @ts-check
// What is said if the program has come to its end, or has not come: the page that stands stays, and is loaded anew when the
// reader wants it.
import { start as english } from "../../words/en.json";
import { start as chinese } from "../../words/zh.json";

let isBroken = false;

/** Says that the program has failed, once. */
export const broken = () => {
  if (isBroken) return;
  isBroken = true;
  const words = document.documentElement.lang.startsWith("zh") ? chinese : english;
  const box = document.createElement("p");
  const says = document.createElement("span");
  const button = document.createElement("button");
  box.className = "notice broken";
  box.setAttribute("role", "alert");
  says.textContent = words.broken;
  button.type = "button";
  button.textContent = words.reload;
  button.addEventListener("click", () => location.reload());
  box.append(says, button);
  // Nothing comes any more.
  document.querySelector("main .skeleton")?.remove();
  document.body.append(box);
};

/**
 * Whether the program has come to its end.
 *
 * @param {unknown} error
 */
export const hasEnded = (error) => error instanceof WebAssembly.RuntimeError;

const look = (/** @type {unknown} */ error) => hasEnded(error) && broken();
addEventListener("error", ({ error }) => look(error));
addEventListener("unhandledrejection", ({ reason }) => look(reason));
