import { GoError } from '../go-error.ts';
import { goString } from '../go/go-string.ts';
import { builtins } from '../template/builtins.ts';
import { parseTemplate } from '../template/parse-template.ts';
import type { TemplateOptions } from '../template/render-template.ts';

/** Of a template that fails: at which of Go's two steps. Its own error does not tell, and the operator says other words before each. */
export function failedStep({ name, text, functions, delimiters = ['', ''] }: TemplateOptions): 'parse' | 'execute' {
  const [left, right] = delimiters;
  try {
    parseTemplate(
      goString(name),
      text,
      [goString(left === '' ? '{{' : left), goString(right === '' ? '}}' : right)],
      (called) => functions.has(called) || builtins.has(called),
    );
    return 'execute';
  } catch (error) {
    if (error instanceof GoError) return 'parse';
    throw error;
  }
}
