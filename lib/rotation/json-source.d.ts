/** Source text access of JSON (ECMA-262, in Node since 21), which the compiler's library does not know yet. */
interface JSON {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  /** An object that `stringify` writes as exactly this JSON text of a primitive. */
  rawJSON(source: string): object;
}
