const LINE_WIDTH = 110;

/** JSON as the formatter of this repository leaves it: lists of plain values on one line where they fit. */
export function printedJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  const short = text.replace(
    /^( *)(.*)\[\n((?: *[^[\]{}\n]+\n)+) *\](,?)$/gm,
    (whole, indent, key, items, comma) => {
      const line = `${indent}${key}[${joined(String(items))}]${comma}`;
      return line.length <= LINE_WIDTH ? line : whole;
    },
  );
  return `${short}\n`;
}

function joined(items: string): string {
  return items
    .trim()
    .split('\n')
    .map((item) => item.trim())
    .join(' ');
}
