// What browsers have and TypeScript's own declarations have not yet: github.com/tc39/proposal-json-parse-with-source.
interface JSON {
  parse(text: string, reviver: (name: string, value: unknown, context: { source: string }) => unknown): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}
