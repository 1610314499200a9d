/**
 * What Vault does to the spelling of JSON. It answers with Go's encoding/json, which escapes `<`, `>`, `&` and U+2028; and KV v2 reads what it
 * has stored with json.Unmarshal into float64 (path_data.go of v0.25.0), so that of 12345678901234567890 it gives 12345678901234567000.
 */

/** Every text as JSON.stringify would write it, everything else byte for byte. @param raw valid JSON */
export function respell(raw: string): string {
  if (!raw.includes('\\')) return raw;
  let spelled = '';
  for (const { isText, part } of split(raw)) spelled += isText && part.includes('\\') ? requote(part) : part;
  return spelled;
}

/** What of it Vault would give back as something else, in words that quote nothing; undefined where all of it stays. @param raw valid JSON */
export function findChange(raw: string): string | undefined {
  for (const { isText, part } of split(raw)) {
    if (isText) {
      if (!(JSON.parse(part) as string).isWellFormed()) return 'half a surrogate pair';
    } else
      for (const [number] of part.matchAll(/-?\d[\d.eE+-]*/g))
        if (!keepsItsDigits(number)) return 'a number that Vault would give back with other digits';
  }
  return undefined;
}

/** Go writes a float64 as ECMAScript does, apart from -0. */
function keepsItsDigits(number: string): boolean {
  const double = Number(number);
  return number === (Object.is(double, -0) ? '-0' : String(double));
}

function requote(text: string): string {
  return JSON.stringify((JSON.parse(text) as string).toWellFormed());
}

function* split(raw: string): Generator<{ readonly isText: boolean; readonly part: string }> {
  let at = 0;
  for (;;) {
    const opening = raw.indexOf('"', at);
    if (opening === -1) break;
    yield { isText: false, part: raw.slice(at, opening) };
    at = endOfText(raw, opening);
    yield { isText: true, part: raw.slice(opening, at) };
  }
  yield { isText: false, part: raw.slice(at) };
}

function endOfText(raw: string, opening: number): number {
  let at = opening + 1;
  while (raw.charAt(at) !== '"' && at < raw.length) at += raw.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}
