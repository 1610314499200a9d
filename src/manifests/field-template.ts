/**
 * The Go template by which an ExternalSecret turns one extracted remote secret into a Kubernetes Secret: declared fields and no others, an
 * absent optional field absent, a missing required field an error that names it. The operator reads the remote secret once, and its event
 * repeats the template on an error, so the template never holds a value.
 *
 * Values are written as `!!binary`: any bytes survive the YAML that the operator parses the result as, and its parser has no value to quote
 * in an error.
 */
import type { Field, Secret, Target } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';

export function renderFieldTemplate(secret: Secret, target: Target): string {
  const fields = secret.content.kind === 'fields' ? secret.content.fields : [];
  const arriving = new Set(target.keys.map(({ field }) => field));
  return (
    [
      ...requiredFields(
        secret,
        fields.filter(({ name }) => arriving.has(name)),
      ),
      ...keys(target),
    ].join('\n') + '\n'
  );
}

function requiredFields(secret: Secret, fields: readonly Field[]): string[] {
  const always = fields.filter(({ required }) => required === true).map(({ name }) => name);
  const conditional = new Map<string, { readonly condition: string; readonly fields: string[] }>();
  for (const { name, required } of fields) {
    if (typeof required !== 'object') continue;
    const condition = `has (index . ${goString(required.whenField)}) ${goList(required.is)}`;
    const group = conditional.get(condition);
    if (group === undefined) conditional.set(condition, { condition, fields: [name] });
    else group.fields.push(name);
  }
  if (always.length === 0 && conditional.size === 0) return [];
  const message = goString(`required in ${remoteKey(secret)}, but missing or empty:`);
  return [
    '{{- $missing := list }}',
    ...(always.length === 0 ? [] : collectMissing(always)),
    ...[...conditional.values()].flatMap(({ condition, fields: names }) => [
      `{{- if ${condition} }}`,
      ...collectMissing(names),
      '{{- end }}',
    ]),
    `{{- if $missing }}{{ fail (cat ${message} (join ", " $missing)) }}{{ end }}`,
  ];
}

/** `index` gives the empty text for an absent field, where `.FIELD` would end the template. */
function collectMissing(names: readonly string[]): string[] {
  return [
    `{{- range $field := ${goList(names).slice(1, -1)} }}`,
    '{{- if not (index $ $field) }}{{ $missing = append $missing $field }}{{ end }}',
    '{{- end }}',
  ];
}

function keys(target: Target): string[] {
  const renamed = target.keys.some(({ field, key }) => field !== key);
  const line = (key: string): string => `{{ ${key} | toJson }}: !!binary {{ $value | b64enc | quote }}`;
  if (!renamed)
    return [
      '{{- range $field, $value := . }}',
      `{{- if has $field ${goList(target.keys.map(({ field }) => field))} }}`,
      line('$field'),
      '{{- end }}',
      '{{- end }}',
    ];
  return [
    `{{- $keys := dict ${target.keys.flatMap(({ field, key }) => [goString(field), goString(key)]).join(' ')} }}`,
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
