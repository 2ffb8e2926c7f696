/** Which rows of a board a few typed letters mean: every word is in what the row says, or in its pinyin initials. */

import { initialOf } from "../commands/initials";

export type Sift = (said: readonly string[]) => boolean;

/** Everything passes while nothing is typed. */
export function siftOf(text: string): Sift {
  const words = plain(text)
    .split(" ")
    .filter((word) => word !== "");
  if (words.length === 0) return () => true;
  return (said) => {
    const all = plain(said.join(" "));
    const short = [...all].map(initialOf).join("");
    return words.every((word) => all.includes(word) || short.includes(word));
  };
}

/** 阿-07 and 阿07 are written alike; case and width make no difference. */
function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/[-–—]/g, "").replace(/\s+/g, " ").trim();
}
