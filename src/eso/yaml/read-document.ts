/** The first document of a YAML text, as go.yaml.in/yaml/v2 parses it. */
import { GoError } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { findBadCharacter } from './check-characters.ts';
import { NotFlat, readFlatMapping } from './flat-mapping.ts';
import { readOtherDocument } from './other-document.ts';
import type { YamlNode } from './yaml-node.ts';
import { notFollowed, nullNode, yamlError } from './yaml-node.ts';

const mark = '\xef\xbb\xbf';

/** @throws GoError with the text of sigs.k8s.io/yaml; Unpredictable for what is not followed */
export function readDocument(text: GoString): YamlNode {
  if (/^(\xff\xfe|\xfe\xff)/.test(text)) throw notFollowed();
  const whole = text.startsWith(mark) ? asGoString(text.slice(mark.length)) : text;
  const bad = findBadCharacter(whole);
  if (bad === undefined) return readLines(whole);
  // Characters are looked at before what they belong to, and ahead of it; an error that comes long before may be the first.
  if (isSound(asGoString(whole.slice(0, bad.at)))) throw yamlError(bad.problem);
  throw notFollowed();
}

function isSound(text: GoString): boolean {
  if (/^(---|\.\.\.)/m.test(text)) return false;
  try {
    readLines(text);
    return true;
  } catch (error) {
    if (error instanceof GoError) return error.text.reveal().endsWith('found unexpected end of stream');
    throw error;
  }
}

function readLines(text: GoString): YamlNode {
  const lines = asGoString(text.replaceAll('\r\n', '\n'));
  // Other line breaks, and byte order marks at the beginning of a line.
  if (/\r|\xc2\x85|\xe2\x80[\xa8\xa9]|\n\xef\xbb\xbf/.test(lines)) throw notFollowed();
  try {
    const entries = readFlatMapping(lines);
    return entries.length === 0 ? nullNode : { kind: 'map', pairs: entries };
  } catch (error) {
    if (!(error instanceof NotFlat)) throw error;
    return readOtherDocument(lines);
  }
}
