// @ts-check
// The setting of the key “/”, which puts the cursor into the field (web/start/search.js). Readers can switch it off, because
// speech may be heard as a key (https://www.w3.org/WAI/WCAG22/Understanding/character-key-shortcuts.html).

const NAME = "finews-slash";

/** Whether the reader has switched the key off. */
export const isSlashOff = () => {
  try {
    return localStorage.getItem(NAME) === "off";
  } catch {
    return false;
  }
};

/** @param {boolean} isOn */
export const turnSlash = (isOn) => {
  try {
    if (isOn) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, "off");
  } catch {
    // Without storage, the key stays on.
  }
};
