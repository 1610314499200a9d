/** json.Marshal. */
import { Buffer } from 'node:buffer';
import { GoError } from '../go-error.ts';
import type { GoValue } from '../template/go-value.ts';
import { formatFloat, formatFloat32 } from './format-float.ts';
import type { GoString } from './go-string.ts';
import { asGoString, goString } from './go-string.ts';
import { quoteJson } from './json-text.ts';
import { isJsonNumber } from './json-number.ts';

type MapValue = Extract<GoValue, { kind: 'map' }>;
/** What is still to be written: a text as it is, a value, or the end of a map that is being written. */
type Step = string | GoValue | { readonly kind: 'end'; readonly map: MapValue };

/**
 * Without spaces; keys sorted by their bytes. `<`, `>` and `&` are escaped unless `escapeHtml` is false (Encoder.SetEscapeHTML).
 * @throws GoError for what has no JSON: NaN, infinities, a map within itself
 */
export function marshal(value: GoValue, { escapeHtml = true }: { readonly escapeHtml?: boolean } = {}): GoString {
  const written: string[] = [];
  const open = new Set<ReadonlyMap<GoString, GoValue>>();
  const steps: Step[] = [value];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if (typeof step === 'string') written.push(step);
    else
      switch (step.kind) {
        case 'nil':
          written.push('null');
          break;
        case 'bool':
        case 'int':
          written.push(String(step.value));
          break;
        case 'float':
          written.push(marshalFloat(step.value, step.type === 'float32' ? formatFloat32 : formatFloat));
          break;
        case 'string':
          written.push(isJsonNumber(step) ? step.value || '0' : quoteJson(step.value, escapeHtml));
          break;
        case 'slice':
          if (isBytes(step)) written.push(`"${base64(step.items)}"`);
          else {
            steps.push(']');
            for (const [index, item] of [...step.items.entries()].toReversed())
              steps.push(item, index === 0 ? '' : ',');
            written.push('[');
          }
          break;
        case 'map': {
          if (open.has(step.entries))
            throw new GoError(`json: unsupported value: encountered a cycle via ${step.type}`);
          open.add(step.entries);
          steps.push({ kind: 'end', map: step });
          const entries = [...step.entries].toSorted(([a], [b]) => (a < b ? 1 : -1));
          for (const [index, [name, item]] of entries.entries())
            steps.push(item, `${index === entries.length - 1 ? '' : ','}${quoteJson(name, escapeHtml)}:`);
          written.push('{');
          break;
        }
        case 'end':
          open.delete(step.map.entries);
          written.push('}');
      }
  }
  return asGoString(written.join(''));
}

function isBytes({ type }: { readonly type: string }): boolean {
  return type === '[]uint8' || type === '[]byte';
}

function base64(items: readonly GoValue[]): string {
  return Buffer.from(items.map((item) => (item.kind === 'int' ? Number(item.value) : 0))).toString('base64');
}

/** As ES6 writes numbers: exponents below 1e-6 and from 1e21 on, and not padded to two digits. */
function marshalFloat(
  value: number,
  format: (value: number, format: 'e' | 'f' | 'g', precision: number) => GoString,
): string {
  if (!Number.isFinite(value)) throw new GoError(`json: unsupported value: ${formatFloat(value, 'g', -1)}`);
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-6 && size < 1e21)) return format(value, 'f', -1);
  return goString(format(value, 'e', -1).replace('e-0', 'e-'));
}
