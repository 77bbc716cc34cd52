// The `integrity` of a file whose name is its SHA-256; empty where the name is none.
export const integrityOf = (url) => {
  const hash = /([0-9a-f]{64})\.\w+$/.exec(url)?.[1];
  return hash ? `sha256-${btoa(String.fromCharCode(...hash.match(/../g).map((byte) => parseInt(byte, 16))))}` : "";
};
