/** A property of a secret, or of a tag, in Key Vault (azure/keyvault getProperty). */
import { GoError } from '../go-error.ts';
import { gjsonGet } from '../gjson/gjson-get.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString, goString } from '../go/go-string.ts';

/** gjson first; the whole path as one literal name after that. Unlike in Vault. */
export function property(value: GoString, path: string, key: string): GoString {
  if (path === '') return value;
  const query = goString(path);
  const found = gjsonGet(value, query);
  if (found !== undefined) return found;
  const literal = path.includes('.') ? gjsonGet(value, asGoString(query.replaceAll('.', '\\.'))) : undefined;
  if (literal !== undefined) return literal;
  throw new GoError(`property ${path} does not exist in key ${key}`, 'property-missing');
}
