/** A rewrite's transform: the template makes a new key of each (esutils RewriteTransform). */
import { GoError } from '../go-error.ts';
import { asGoString, goString, textOf } from '../go/go-string.ts';
import { quote } from '../go/quote.ts';
import type { World } from '../prediction.ts';
import type { RenderKey } from '../rewrite.ts';
import { templateFunctions } from '../template/functions/template-functions.ts';
import { renderTemplate } from '../template/render-template.ts';
import { failedStep } from './failed-step.ts';

const value = asGoString('value');

/** What the template asks for and is not there is `<no value>`; the operator's own delimiters do not count here. */
export function renderKey({ operator }: World): RenderKey {
  const functions = templateFunctions(operator.version);
  return (template, key) => {
    const options = { name: 'transform', text: goString(template), data: new Map([[value, key]]), functions } as const;
    try {
      return renderTemplate({ ...options, missingKey: 'default' });
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      const before =
        failedStep(options) === 'parse'
          ? 'failed to parse template: '
          : `failed to execute template for key ${textOf(quote(key))}: `;
      throw error.wrap(before, 'rewrite');
    }
  };
}
