/** sprig's semverCompare: github.com/Masterminds/semver 3.4.0. (semver itself gives a structure, which is not followed here.) */
import type { GoString } from '../../go/go-string.ts';
import type { TemplateFunction } from '../go-value.ts';
import { bool, failed, goFunction, shown } from './go-function.ts';

type Version = {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
};

const suffix = String.raw`(-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?`;
const version = new RegExp(String.raw`^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?${suffix}$`);

function parseVersion(text: string): Version {
  const [whole, major = '0', minor = '0', patch = '0', , prerelease = ''] = version.exec(text) ?? [];
  if (whole === undefined) throw failed('invalid semantic version');
  for (const segment of [major, minor, patch])
    if (BigInt(segment) >= 2n ** 64n)
      throw failed(
        'error parsing version segment: strconv.ParseUint: parsing "',
        shown(segment as GoString),
        '": value out of range',
      );
  if (prerelease.split('.').some((part) => /^0[0-9]+$/.test(part))) throw failed('version segment starts with 0');
  return { major: BigInt(major), minor: BigInt(minor), patch: BigInt(patch), prerelease };
}

/** Of a constraint the parts that are not given, or are `x` or `*`, count for any: `dirty` from the first of them on. */
type Constraint = {
  readonly operator: string;
  readonly version: Version;
  readonly dirty: 'no' | 'major' | 'minor' | 'patch';
};

const segment = String.raw`[0-9|xX*]+`;
const bound = String.raw`v?(?:${segment})(?:\.${segment})?(?:\.${segment})?(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?`;
const operators = String.raw`=||!=|>|<|>=|=>|<=|=<|~|~>|\^`;
const space = String.raw`[\t\n\f\r ]`;
const list = new RegExp(
  `^(?:${space}*(?:${operators})${space}*${bound}${space}*)(?:(?:${space}+|,${space}*)(?:${operators})${space}*${bound}${space}*)*$`,
);
const each = new RegExp(`(?:${operators})${space}*${bound}`, 'g');
const range = new RegExp(`${space}*(${bound})${space}+-${space}+(${bound})${space}*`, 'g');
const one = new RegExp(
  String.raw`^(${operators})${space}*v?(${segment})(?:\.(${segment}))?(?:\.(${segment}))?${suffix}$`,
);

function parseConstraints(text: GoString): Constraint[][] {
  return text
    .replace(range, '>= $1, <= $2 ')
    .split('||')
    .map((alternative) => {
      if (!list.test(alternative)) throw failed('improper constraint: ', shown(alternative as GoString));
      return (alternative.match(each) ?? [alternative]).map(parseConstraint);
    });
}

function parseConstraint(text: string): Constraint {
  const [whole, operator = '', major = '', minor, patch, prerelease = ''] = one.exec(text) ?? [];
  if (whole === undefined) throw failed('improper constraint: ', shown(text as GoString));
  const isAny = (part: string | undefined): boolean => part === undefined || ['x', 'X', '*'].includes(part);
  const dirty = isAny(major) ? 'major' : isAny(minor) ? 'minor' : isAny(patch) ? 'patch' : 'no';
  const parts = [major, minor, patch].slice(0, ['major', 'minor', 'patch', 'no'].indexOf(dirty));
  try {
    const version = parseVersion([...parts, '0', '0', '0'].slice(0, 3).join('.') + prerelease);
    return { operator, version, dirty };
  } catch {
    throw failed('constraint parser error');
  }
}

function compareNumbers(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compare(a: Version, b: Version): number {
  return (
    compareNumbers(a.major, b.major) ||
    compareNumbers(a.minor, b.minor) ||
    compareNumbers(a.patch, b.patch) ||
    comparePrereleases(a.prerelease, b.prerelease)
  );
}

/** A release is above its prereleases; numbers are below names. */
function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '') return 1;
  if (b === '') return -1;
  const [as, bs] = [a.split('.'), b.split('.')];
  for (let at = 0; at < Math.max(as.length, bs.length); at++) {
    const [one = '', other = ''] = [as[at], bs[at]];
    if (one === other) continue;
    if (one === '' || other === '') return one === '' ? -1 : 1;
    const [isNumber, isOtherNumber] = [/^[0-9]+$/.test(one), /^[0-9]+$/.test(other)];
    if (isNumber && isOtherNumber) return BigInt(one) > BigInt(other) ? 1 : -1;
    if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
    return one > other ? 1 : -1;
  }
  return 0;
}

function satisfies(found: Version, { operator, version: wanted, dirty }: Constraint): boolean {
  const order = compare(found, wanted);
  const sameMajor = found.major === wanted.major;
  const sameMinor = found.minor === wanted.minor;
  switch (operator) {
    case '!=':
      if (dirty === 'no') return order !== 0;
      if (!sameMajor) return true;
      if (dirty === 'minor') return false;
      if (!sameMinor) return true;
      if (dirty === 'patch') return comparePrereleases(found.prerelease, wanted.prerelease) !== 0;
      return found.patch !== wanted.patch || order !== 0;
    case '>':
      if (dirty === 'no' || (sameMajor && dirty === 'major')) return order === 1;
      if (!sameMajor) return found.major > wanted.major;
      return dirty === 'patch' && found.minor > wanted.minor;
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      if (dirty === 'no') return order <= 0;
      return found.major < wanted.major || (sameMajor && (found.minor <= wanted.minor || dirty === 'minor'));
    case '^':
      return isCompatible(found, wanted, dirty, order);
    default:
      return dirty === 'no' && !operator.startsWith('~') ? order === 0 : isNear(found, wanted, dirty, order);
  }
}

/** `~1.2`: the same minor version, or the same major one where no minor is given. */
function isNear(found: Version, wanted: Version, dirty: Constraint['dirty'], order: number): boolean {
  if (order < 0) return false;
  const isZero = wanted.major === 0n && wanted.minor === 0n && wanted.patch === 0n;
  if (isZero && dirty !== 'minor' && dirty !== 'patch') return true;
  return found.major === wanted.major && (found.minor === wanted.minor || dirty === 'minor');
}

/** `^1.2`: the same left-most part that is not zero. */
function isCompatible(found: Version, wanted: Version, dirty: Constraint['dirty'], order: number): boolean {
  if (order < 0 || (found.major !== wanted.major && (wanted.major > 0n || dirty === 'minor'))) return false;
  if (wanted.major > 0n || dirty === 'minor') return true;
  if (found.major > 0n) return false;
  if (wanted.minor > 0n || dirty === 'patch') return found.minor === wanted.minor;
  return found.minor === 0n && found.patch === wanted.patch;
}

const semverCompare = goFunction(['string', 'string'], (constraint, text) => {
  const alternatives = parseConstraints(constraint);
  const found = parseVersion(text);
  return bool(
    alternatives.some((constraints) => {
      const allowsPrereleases = constraints.some(({ version }) => version.prerelease !== '');
      return (found.prerelease === '' || allowsPrereleases) && constraints.every((wanted) => satisfies(found, wanted));
    }),
  );
});

export const semverFunctions: readonly [string, TemplateFunction][] = [['semverCompare', semverCompare]];
