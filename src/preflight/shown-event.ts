/** An event as it is printed: what comes from a value is redacted, but for what the manifests say themselves. */
import type { OperatorText } from '../eso/operator-text.ts';
import type { ExternalSecret } from '../eso/resources.ts';

/**
 * The templates of npm run synth end with `fail` and the names of the fields that are missing: texts of the template, and no values. To the
 * template's evaluation they are values like any other, so here it is made sure that the template can say nothing else.
 */
export function showEvent(message: OperatorText, { spec }: ExternalSecret): string {
  if (message.parts.every((part) => typeof part === 'string')) return message.toString();
  const known = new Set(
    (spec.target.template?.templateFrom ?? []).flatMap(({ literal = '' }) => failureTexts(literal)),
  );
  return message.parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const [, before = '', names = ''] = /^(.*:) (.*)$/s.exec(part.reveal()) ?? [];
      return [before, ...names.split(', ')].every((text) => known.has(text)) ? part.reveal() : String(part);
    })
    .join('');
}

const fieldList = String.raw`list((?: "[A-Za-z0-9_.-]+")+)`;
/** The lines before the `fail`, as src/manifests/field-template.ts writes them: they collect names, and nothing of the fields' values. */
const collecting = [
  /^\{\{- \$missing := list \}\}$/,
  new RegExp(String.raw`^\{\{- range \$field := ${fieldList} \}\}$`),
  /^\{\{- if not \(index \$ \$field\) \}\}\{\{ \$missing = append \$missing \$field \}\}\{\{ end \}\}$/,
  /^\{\{- if has \(index \. "[^"\\]+"\) \(list(?: "[^"\\]*")+\) \}\}$/,
  /^\{\{- end \}\}$/,
];
const failing = /^\{\{- if \$missing \}\}\{\{ fail \(cat "([^"\\]+)" \(join ", " \$missing\)\) \}\}\{\{ end \}\}$/;

/** The texts that a failure of this template is made of; none where it could be made of others. */
function failureTexts(template: string): readonly string[] {
  const texts: string[] = [];
  for (const line of template.split('\n')) {
    const before = failing.exec(line)?.[1];
    if (before !== undefined) return [...texts, before];
    if (!collecting.some((form) => form.test(line))) return [];
    const names = collecting[1]?.exec(line)?.[1] ?? '';
    texts.push(...[...names.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name));
  }
  return [];
}
