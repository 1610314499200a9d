/** ESO's own toYaml and fromYaml. Neither fails: an error is no text, or the value of `Error`. */
import { GoError } from '../../go-error.ts';
import { goString } from '../../go/go-string.ts';
import { marshal } from '../../go/marshal.ts';
import { yamlOfJson } from '../../yaml/to-yaml.ts';
import { unmarshalYamlMap } from '../../yaml/unmarshal-yaml-map.ts';
import type { GoValue, TemplateFunction } from '../go-value.ts';
import { goFunction, map, string, text } from './go-function.ts';
import { withNulls } from './json-functions.ts';

function toYaml(value: GoValue): GoValue {
  try {
    return string(yamlOfJson(marshal(withNulls(value))));
  } catch (error) {
    if (error instanceof GoError) return text('');
    throw error;
  }
}

export const yamlFunctions: readonly [string, TemplateFunction][] = [
  ['toYaml', goFunction(['interface {}'], toYaml)],
  [
    'fromYaml',
    goFunction(['string'], (yaml) => {
      try {
        return map(unmarshalYamlMap(yaml));
      } catch (error) {
        if (error instanceof GoError) return map(new Map([[goString('Error'), text(error.text.reveal())]]));
        throw error;
      }
    }),
  ],
];
