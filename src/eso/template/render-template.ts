/** Go's text/template as External Secrets Operator uses it: a text, a map[string]string, and a set of functions. */
import { Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { goString } from '../go/go-string.ts';
import { builtins } from './builtins.ts';
import { Execution } from './execution.ts';
import type { GoValue, TemplateFunctions } from './go-value.ts';
import type { ParsedTemplate } from './parse-template.ts';
import { parseTemplate } from './parse-template.ts';

export type TemplateOptions = {
  /** In every error: the key that the template makes, or the whole text where it makes keys and values. */
  readonly name: string;
  readonly text: GoString;
  readonly data: ReadonlyMap<GoString, GoString>;
  readonly functions: TemplateFunctions;
  /** `{{` and `}}` unless given, and for one that is empty. */
  readonly delimiters?: readonly [left: string, right: string];
  /** Whether a key that a map does not have ends the template, as the operator asks for, or is `<no value>`. `error` unless given. */
  readonly missingKey?: 'error' | 'default';
};

/**
 * @throws GoError with the error of text/template, reason `template`, without what the operator puts before it
 * @throws Unpredictable for what is not evaluated here, and for a template that takes too long or makes too much (16 MiB)
 */
export function renderTemplate(options: TemplateOptions): GoString {
  try {
    return rendered(options);
  } catch (error) {
    // Of the stack or of a text's length: what a template may do to these has bounds of its own, which functions do not all know.
    if (!(error instanceof RangeError)) throw error;
    throw new Unpredictable('template', 'its template makes too much or goes too deep');
  }
}

function rendered(options: TemplateOptions): GoString {
  const parsed = parsedTemplate(options);
  const entries = new Map<GoString, GoValue>();
  for (const [key, value] of options.data) entries.set(key, { kind: 'string', value });
  const execution = new Execution(parsed, options.functions, options.missingKey ?? 'error');
  return execution.run({ kind: 'map', type: 'map[string]string', entries });
}

/** Texts that came before. Many ExternalSecrets share one, and others have one of their own: a tree is kept of what comes again. */
const maximumCached = 1024;
type Known = {
  readonly name: string;
  readonly left: string;
  readonly right: string;
  parsed: ParsedTemplate | undefined;
};
const cached = new WeakMap<TemplateFunctions, Map<GoString, Known>>();

function parsedTemplate({ name, text, functions, delimiters = ['', ''] }: TemplateOptions): ParsedTemplate {
  const [left, right] = delimiters;
  const templates = cached.get(functions) ?? new Map<GoString, Known>();
  cached.set(functions, templates);
  const known = templates.get(text);
  const isSame = known?.name === name && known.left === left && known.right === right;
  if (isSame && known.parsed !== undefined) return known.parsed;
  const parsed = parseTemplate(
    goString(name),
    text,
    [goString(left === '' ? '{{' : left), goString(right === '' ? '}}' : right)],
    (called) => functions.has(called) || builtins.has(called),
  );
  if (isSame) known.parsed = parsed;
  else {
    const oldest = templates.size < maximumCached ? undefined : templates.keys().next().value;
    if (oldest !== undefined) templates.delete(oldest);
    templates.set(text, { name, left, right, parsed: undefined });
  }
  return parsed;
}
