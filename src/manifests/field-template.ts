/**
 * The Go template by which an ExternalSecret turns what it read of a remote secret into a Kubernetes Secret: declared fields and no others, an
 * absent optional field absent, a missing required field an error that names it. The operator reads the remote secret once, and its event
 * repeats the template on an error, so the template never holds a value.
 *
 * Values are written as `!!binary`: any bytes survive the YAML that the operator parses the result as, and its parser has no value to quote
 * in an error.
 */
import type { Secret, Target } from '../model/platform.ts';
import { alwaysRequired, remoteKey } from '../model/platform.ts';

export function renderFieldTemplate(secret: Secret, target: Target): string {
  return [...requiredFields(secret, target), ...keys(arrivals(secret, target))].join('\n') + '\n';
}

type Arrival = { readonly field: string; readonly key: string };

/** A plain text is extracted under its key already. */
function arrivals({ content }: Secret, target: Target): readonly Arrival[] {
  return content.kind === 'fields' ? target.keys : target.keys.map(({ key }) => ({ field: key, key }));
}

function requiredFields(secret: Secret, target: Target): string[] {
  const always = alwaysRequired(secret, target);
  const conditional = conditionallyRequired(secret, target);
  if (always.length === 0 && conditional.size === 0) return [];
  const message = goString(`required in ${remoteKey(secret)}, but missing or empty:`);
  return [
    '{{- $missing := list }}',
    ...(always.length === 0 ? [] : collectMissing(always)),
    ...[...conditional].flatMap(([condition, names]) => [
      `{{- if ${condition} }}`,
      ...collectMissing(names),
      '{{- end }}',
    ]),
    `{{- if $missing }}{{ fail (cat ${message} (join ", " $missing)) }}{{ end }}`,
  ];
}

/** By the condition, in Go's words. */
function conditionallyRequired({ content }: Secret, target: Target): ReadonlyMap<string, readonly string[]> {
  const conditional = new Map<string, string[]>();
  if (content.kind === 'text') return conditional;
  for (const { name, required } of content.fields) {
    if (typeof required !== 'object' || !target.keys.some(({ field }) => field === name)) continue;
    const condition = `has (index . ${goString(required.whenField)}) ${goList(required.is)}`;
    const group = conditional.get(condition);
    if (group === undefined) conditional.set(condition, [name]);
    else group.push(name);
  }
  return conditional;
}

/** `index` gives the empty text for an absent field, where `.FIELD` would end the template. */
function collectMissing(names: readonly string[]): string[] {
  return [
    `{{- range $field := ${goList(names).slice(1, -1)} }}`,
    '{{- if not (index $ $field) }}{{ $missing = append $missing $field }}{{ end }}',
    '{{- end }}',
  ];
}

function keys(arriving: readonly Arrival[]): string[] {
  const renamed = arriving.some(({ field, key }) => field !== key);
  const line = (key: string): string => `{{ ${key} | toJson }}: !!binary {{ $value | b64enc | quote }}`;
  if (!renamed)
    return [
      '{{- range $field, $value := . }}',
      `{{- if has $field ${goList(arriving.map(({ field }) => field))} }}`,
      line('$field'),
      '{{- end }}',
      '{{- end }}',
    ];
  return [
    `{{- $keys := dict ${arriving.flatMap(({ field, key }) => [goString(field), goString(key)]).join(' ')} }}`,
    '{{- range $field, $value := . }}',
    '{{- with get $keys $field }}',
    line('.'),
    '{{- end }}',
    '{{- end }}',
  ];
}

function goList(values: readonly string[]): string {
  return `(list ${values.map(goString).join(' ')})`;
}

const UNESCAPED = /^[-\w./ ,:]*$/;

/** JSON's escapes are all valid in a Go interpreted string. */
function goString(text: string): string {
  return UNESCAPED.test(text) ? `"${text}"` : JSON.stringify(text);
}
