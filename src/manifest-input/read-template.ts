/** `target.template` of an ExternalSecret. Source: as read-external-secret.ts. */
import type { Template, TemplateFrom, TemplateReference } from '../eso/resources.ts';
import { checkObjectName, checkSecretKeyName } from './api-texts.ts';
import type { ObjectReader } from './object-reader.ts';
import type { OperatorApi } from './operator-api.ts';

export function readTemplate(template: ObjectReader, api: OperatorApi): Template {
  const type = template.text('type');
  const metadata = template.object('metadata');
  const result: Template = {
    ...(type === undefined ? {} : { type }),
    engineVersion: template.text('engineVersion', { oneOf: ['v2'] }) ?? 'v2',
    mergePolicy: (template.text('mergePolicy', { oneOf: ['Replace', 'Merge'] }) ??
      'Replace') as Template['mergePolicy'],
    metadata: {
      labels: metadata?.textMap('labels') ?? {},
      annotations: metadata?.textMap('annotations') ?? {},
      finalizers: (api.atLeast(0, 20) ? metadata?.texts('finalizers') : undefined) ?? [],
    },
    data: template.textMap('data'),
    templateFrom: template.objects('templateFrom').map((item) => readTemplateFrom(item, api)),
  };
  metadata?.end();
  template.end();
  return result;
}

function readTemplateFrom(item: ObjectReader, api: OperatorApi): TemplateFrom {
  const target = item.text('target', api.atLeast(1, 0) ? {} : { oneOf: ['Data', 'Annotations', 'Labels'] }) ?? 'Data';
  const literal = item.text('literal');
  const configMap = readTemplateReference(item.object('configMap'));
  const secret = readTemplateReference(item.object('secret'));
  if (api.atLeast(2, 0)) item.ignore('valuesDecodingStrategy');
  item.end();
  return {
    target,
    ...(literal === undefined ? {} : { literal }),
    ...(configMap === undefined ? {} : { configMap }),
    ...(secret === undefined ? {} : { secret }),
  };
}

function readTemplateReference(reference: ObjectReader | undefined): TemplateReference | undefined {
  if (reference === undefined) return undefined;
  const name = reference.text('name', { required: true, check: checkObjectName }) ?? '';
  if (!reference.has('items')) reference.missing('items');
  const items = reference.objects('items').map((item) => {
    const key = item.text('key', { required: true, check: checkSecretKeyName }) ?? '';
    const templateAs = item.text('templateAs', { oneOf: ['Values', 'KeysAndValues'] }) ?? 'Values';
    item.end();
    return { key, templateAs: templateAs as 'Values' | 'KeysAndValues' };
  });
  reference.end();
  return { name, items };
}
