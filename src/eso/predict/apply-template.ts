/** target.template: which texts are rendered, where they come from and where they go (templating parser, template/v2 Execute). */
import { GoError, Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { goString, textOf } from '../go/go-string.ts';
import { onlyFailure } from '../only-failure.ts';
import { quoted } from '../go-text.ts';
import type { World } from '../prediction.ts';
import type { SecretMap } from '../providers/provider-client.ts';
import type { Template, TemplateFrom, TemplateReference } from '../resources.ts';
import { templateFunctions } from '../template/functions/template-functions.ts';
import { renderTemplate } from '../template/render-template.ts';
import { failedStep } from './failed-step.ts';
import { unmarshalYamlStringMap } from '../yaml/unmarshal-string-map.ts';

/** A Secret that is being made. */
export type Draft = {
  type: string;
  readonly labels: Map<string, string>;
  readonly annotations: Map<string, string>;
  readonly data: SecretMap;
};

type Context = { readonly data: SecretMap; readonly namespace: string; readonly world: World };

/**
 * Later ones win: the data, templateFrom in its order, template.data; then labels and annotations. Every text sees the provider's data alone.
 * @throws GoError with the operator's text, Unpredictable
 */
export function applyTemplate(draft: Draft, template: Template, context: Context): void {
  if (template.type !== undefined && template.type !== '') draft.type = template.type;
  const keepsAll = Object.keys(template.data).length === 0 && template.templateFrom.length === 0;
  if (template.mergePolicy === 'Merge' || keepsAll) for (const [key, value] of context.data) draft.data.set(key, value);
  if (template.engineVersion !== 'v2')
    throw new GoError(`unsupported template engine version: ${template.engineVersion}`, 'template');
  wrapped('error fetching templateFrom data: ', () => {
    for (const item of template.templateFrom) applyTemplateFrom(draft, item, context);
  });
  wrapped('could not execute template: could not execute template: ', () => {
    renderValues(draft, 'Data', texts(template.data), context);
    renderValues(draft, 'Labels', texts(template.metadata.labels), context);
    renderValues(draft, 'Annotations', texts(template.metadata.annotations), context);
  });
}

function texts(templates: Readonly<Record<string, string>>): [string, GoString][] {
  return Object.entries(templates).map(([key, text]) => [key, goString(text)]);
}

function wrapped(before: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw error instanceof GoError ? error.wrap(before, 'template') : error;
  }
}

function applyTemplateFrom(draft: Draft, item: TemplateFrom, context: Context): void {
  const { namespace, world } = context;
  if (item.configMap !== undefined) {
    const { name } = item.configMap;
    const texts = known(world.configMap(namespace, name), 'ConfigMap', name);
    const textAt = (key: string): GoString | undefined => {
      const text = Object.hasOwn(texts, key) ? texts[key] : undefined;
      return text === undefined ? undefined : goString(text);
    };
    applyItems(draft, item, item.configMap, 'configmap', textAt, context);
  }
  if (item.secret !== undefined) {
    const { name } = item.secret;
    const secret = known(world.secret(namespace, name), 'Secret', name);
    applyItems(draft, item, item.secret, 'secret', (key) => secret.data.get(key)?.reveal(), context);
  }
  if (item.literal !== undefined) renderKeysAndValues(draft, item.target, goString(item.literal), context);
}

function known<T>(found: T | 'absent' | 'unknown', kind: 'ConfigMap' | 'Secret', name: string): T {
  if (found === 'unknown') throw new Unpredictable('resource', `${kind} ${name} of templateFrom is not known`);
  if (found === 'absent') throw new GoError(`${kind.toLowerCase()}s ${quoted(name)} not found`, 'template-source');
  return found;
}

function applyItems(
  draft: Draft,
  { target }: TemplateFrom,
  { name, items }: TemplateReference,
  kind: 'configmap' | 'secret',
  textAt: (key: string) => GoString | undefined,
  context: Context,
): void {
  for (const { key, templateAs } of items) {
    const text = textAt(key);
    if (text === undefined) throw new GoError(`error in ${kind} ${name}: missing key ${key}`, 'template-source');
    if (templateAs === 'Values') renderValues(draft, target, [[key, text]], context);
    else renderKeysAndValues(draft, target, text, context);
  }
}

/** Of several that fail, Go's map order decides which one is told. */
function renderValues(
  draft: Draft,
  target: string,
  templates: readonly (readonly [key: string, text: GoString])[],
  context: Context,
): void {
  const rendered: (readonly [string, GoString])[] = [];
  const failures: GoError[] = [];
  for (const [key, text] of templates) {
    try {
      rendered.push([key, render(key, text, context)]);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      failures.push(error);
    }
  }
  const failure = onlyFailure(failures, 'several of its templates fail');
  if (failure !== undefined) throw failure;
  for (const [key, value] of rendered) put(draft, target, goString(key), value, context);
}

/** The rendered text is YAML, an object of scalars. The template's own text is its name, so that errors repeat it. */
function renderKeysAndValues(draft: Draft, target: string, text: GoString, context: Context): void {
  const yaml = render(textOf(text), text, context);
  let entries;
  try {
    entries = unmarshalYamlStringMap(yaml);
  } catch (error) {
    throw error instanceof GoError
      ? error.wrap("could not unmarshal template to 'map[string][]byte': ", 'template')
      : error;
  }
  for (const [key, value] of entries) put(draft, target, key, value, context);
}

/** @throws GoError that names the key twice, as the operator's does */
function render(name: string, text: GoString, { data, world }: Context): GoString {
  const { templateDelimiters: delimiters, version } = world.operator;
  const [left] = delimiters;
  // Without an action a template is its text.
  if (!text.includes(goString(left === '' ? '{{' : left))) return text;
  const options = { name, text, data, functions: templateFunctions(version), delimiters };
  try {
    return renderTemplate(options);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    const step = failedStep(options);
    throw error.wrap(
      `unable to execute template at key ${name}: unable to ${step} template at key ${name}: `,
      'template',
    );
  }
}

/** From 2.0 on the case of a target does not matter. One of another name is rendered for nothing below that. */
function put(draft: Draft, target: string, key: GoString, value: GoString, { world }: Context): void {
  const isExact = world.operator.version.major < 2;
  switch (isExact ? target : target.charAt(0).toUpperCase() + target.slice(1).toLowerCase()) {
    case 'Data':
      draft.data.set(key, value);
      return;
    case 'Labels':
      draft.labels.set(textOf(key), textOf(value));
      return;
    case 'Annotations':
      draft.annotations.set(textOf(key), textOf(value));
      return;
    default:
      if (!isExact) throw new Unpredictable('operator', `its templateFrom has the target ${target}`);
  }
}
