/**
 * Whether loaded data has the shape that its type promises. Type stripping runs config/ without checking its types, so the shapes
 * are checked again when it is loaded; every problem is collected, none throws.
 */
import { suggest } from './names.ts';
import type { Problem, ProblemCode } from './problem.ts';

/** Where a check stands: the parts of its path, spelled out only when there is a problem to tell. Appends to `problems`, which all places of one run share. */
export type Place = {
  readonly where: string;
  readonly problems: Problem[];
  readonly key: string | number;
  /** Undefined at the top, whose own key is not part of the path. */
  readonly parent?: Place;
};

/** @param key where `value` stands in what `at` stands for; a leaf makes no place of its own unless it has a problem to tell */
export type Shape = (value: unknown, at: Place, key: string | number) => void;

const UNKNOWN_PROPERTY: ProblemCode = 'C001';
const WRONG_SHAPE: ProblemCode = 'C002';

function below(at: Place, key: string | number): Place {
  return { where: at.where, problems: at.problems, key, parent: at };
}

/** `secrets['registry-credentials'].targets[0].name`: as one would write it in TypeScript. */
export function pathOf(...keys: readonly (string | number)[]): string {
  const steps = keys.map((key) =>
    typeof key === 'number' ? `[${key}]` : /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `['${key}']`,
  );
  return steps.join('').replace(/^\./, '');
}

function addProblem(at: Place, key: string | number, code: ProblemCode, message: string, hint: string): void {
  const keys: (string | number)[] = [key];
  for (let place = at; place.parent !== undefined; place = place.parent) keys.unshift(place.key);
  at.problems.push({ code, where: at.where, path: pathOf(...keys), message, hint });
}

function wrongShape(at: Place, key: string | number, expected: string, value: unknown): void {
  const got =
    value === undefined ? 'nothing' : value === null ? 'null' : Array.isArray(value) ? 'a list' : article(typeof value);
  addProblem(at, key, WRONG_SHAPE, `is ${got} where ${expected} is needed`, `Make it ${expected}.`);
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

export const text: Shape = (value, at, key) => {
  if (typeof value !== 'string') wrongShape(at, key, 'a text', value);
  else if (value === '') addProblem(at, key, WRONG_SHAPE, 'is empty', 'Give it a value or remove it.');
};

export const textOrEmpty: Shape = (value, at, key) => {
  if (typeof value !== 'string') wrongShape(at, key, 'a text', value);
};

export const flag: Shape = (value, at, key) => {
  if (typeof value !== 'boolean') wrongShape(at, key, 'true or false', value);
};

export const positiveNumber: Shape = (value, at, key) => {
  if (typeof value !== 'number' || !Number.isInteger(value) || value <= 0)
    wrongShape(at, key, 'a whole number above 0', value);
};

export const anything: Shape = () => undefined;

export function oneOf(values: readonly string[], what: string): Shape {
  return (value, at, key) => {
    if (typeof value === 'string' && values.includes(value)) return;
    if (typeof value !== 'string') {
      wrongShape(at, key, what, value);
      return;
    }
    const nearest = suggest(value, values);
    addProblem(
      at,
      key,
      WRONG_SHAPE,
      `"${value}" is not ${what}`,
      `Use one of ${values.join(', ')}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    );
  };
}

export function list(item: Shape): Shape {
  return (value, at, key) => {
    if (!Array.isArray(value)) {
      wrongShape(at, key, 'a list', value);
      return;
    }
    const place = below(at, key);
    value.forEach((element, index) => item(element, place, index));
  };
}

/** @param item is told the entry's key as its own */
export function mapOf(item: (value: unknown, at: Place, key: string) => void): Shape {
  return (value, at, key) => {
    if (!isObject(value)) {
      wrongShape(at, key, 'an object', value);
      return;
    }
    const place = below(at, key);
    for (const name of Object.keys(value)) if (value[name] !== undefined) item(value[name], place, name);
  };
}

/** An object with these properties and, unless it is open, no others. */
export function object(required: Record<string, Shape>, optional: Record<string, Shape> = {}, open = false): Shape {
  const requiredEntries = Object.entries(required);
  const optionalShapes = new Map(Object.entries(optional));
  const names = [...Object.keys(required), ...optionalShapes.keys()];
  const known = new Set(names);
  return (value, at, key) => {
    if (!isObject(value)) {
      wrongShape(at, key, 'an object', value);
      return;
    }
    const place = below(at, key);
    for (const [name, shape] of requiredEntries) {
      const element = value[name];
      if (element === undefined) addProblem(at, key, WRONG_SHAPE, `has no ${name}`, `Add ${name}.`);
      else shape(element, place, name);
    }
    for (const name of Object.keys(value)) {
      const element = value[name];
      if (element !== undefined) optionalShapes.get(name)?.(element, place, name);
      if (!open && !known.has(name)) {
        const nearest = suggest(name, names);
        addProblem(
          place,
          name,
          UNKNOWN_PROPERTY,
          'is not known',
          nearest === undefined ? `Remove it; known here are ${names.join(', ')}.` : `Did you mean ${nearest}?`,
        );
      }
    }
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
