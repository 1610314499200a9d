/** What the remote secrets hold: read from the stores or, without access, made up from what the ExternalSecrets name. */
import type { GoString } from '../eso/go/go-string.ts';
import { goString, textOf } from '../eso/go/go-string.ts';
import type { ProviderAnswer, ProviderRequest } from '../eso/provider.ts';
import { parseFields, quoteText, renderFields, unquoteText } from '../model/secret-text.ts';
import type { Candidate, RemoteContent } from './adoption.ts';

/** Stores of different names that lead to the same secret give the same: a request is its place alone. */
export function placeId(request: ProviderRequest): string {
  switch (request.kind) {
    case 'vault-secret':
      return `vault ${request.path}`;
    case 'key-vault-secret':
      return `key vault ${request.name.toLowerCase()}`;
    default:
      return request.kind;
  }
}

/** Whether the remote secret is taken for a map or for one text. The first that uses it decides. */
export function contentOf(answer: ProviderAnswer, isText: boolean): RemoteContent {
  if (answer.kind !== 'present') return { kind: 'unreadable', because: whyNot(answer) };
  if (isText) return { kind: 'text' };
  const parsed = parseFields(textOf(answer.secret.value));
  if (parsed.kind !== 'fields') return { kind: 'unreadable', because: `it holds ${parsed.found} and no fields` };
  return {
    kind: 'fields',
    fields: parsed.fields.map(({ name, raw }) => ({ name, isEmpty: unquoteText(raw) === '' || raw === 'null' })),
  };
}

/** Texts with what is easily damaged on the way: quotes, a line break, markup, letters beyond ASCII. */
export function madeUpAnswer(candidates: readonly Candidate[]): ProviderAnswer {
  const fields = new Set(
    candidates.flatMap(({ use }) => (use.kind === 'fields' ? use.entries.map(({ field }) => field) : [])),
  );
  const text =
    fields.size === 0
      ? 'example "text" <é>\n'
      : renderFields([...fields].map((name) => ({ name, raw: quoteText(`example "${name}" <é>\n`) })));
  return { kind: 'present', secret: { value: goString(text) satisfies GoString, tags: undefined } };
}

function whyNot(answer: Exclude<ProviderAnswer, { kind: 'present' }>): string {
  switch (answer.kind) {
    case 'missing':
    case 'no-data-field':
      return 'the store has no such secret';
    case 'disabled':
      return 'the secret is disabled';
    case 'refused':
      return `the store refuses it (${answer.status})`;
    case 'forbidden-to-us':
      return 'it may not be read with the access that was given';
    case 'unknown':
      return answer.because;
    case 'list':
      return 'the store answered with a list';
  }
}
