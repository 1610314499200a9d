/**
 * The functions that External Secrets Operator gives its templates: sprig's for texts without `env` and `expandenv`, and its own. Source: its
 * release 0.20.4 (pkg/template/v2) with its fork of sprig, 3.3.0; version 2 embeds a sprig of its own.
 */
import type { TemplateFunction, TemplateFunctions } from '../go-value.ts';
import { dateFunctions } from './date-functions.ts';
import { defaultFunctions } from './default-functions.ts';
import { dictFunctions } from './dict-functions.ts';
import { encodingFunctions, laterEncodingFunctions } from './encoding-functions.ts';
import { jsonFunctions } from './json-functions.ts';
import { listFunctions } from './list-functions.ts';
import { mathFunctions } from './math-functions.ts';
import { pathFunctions } from './path-functions.ts';
import { regexFunctions } from './regex-functions.ts';
import { semverFunctions } from './semver-functions.ts';
import { stringFunctions } from './string-functions.ts';
import { laterUntellableFunctions, untellableFunctions } from './untellable-functions.ts';
import { urlFunctions } from './url-functions.ts';
import { yamlFunctions } from './yaml-functions.ts';

const common: readonly [string, TemplateFunction][] = [
  ...untellableFunctions,
  ...dateFunctions,
  ...defaultFunctions,
  ...dictFunctions,
  ...encodingFunctions,
  ...jsonFunctions,
  ...listFunctions,
  ...mathFunctions,
  ...pathFunctions,
  ...regexFunctions,
  ...semverFunctions,
  ...stringFunctions,
  ...urlFunctions,
  ...yamlFunctions,
];

const removedInVersion2 = new Set(['getHostByName', 'getSecretKey']);

const beforeVersion2: TemplateFunctions = new Map(common);
const sinceVersion2: TemplateFunctions = new Map([
  ...common.filter(([name]) => !removedInVersion2.has(name)),
  ...laterEncodingFunctions,
  ...laterUntellableFunctions,
]);

export function templateFunctions(version: {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}): TemplateFunctions {
  return version.major < 2 ? beforeVersion2 : sinceVersion2;
}
