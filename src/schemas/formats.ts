/**
 * The formats that are checked. The API server validates `date-time` and `byte` in custom resources (apiextensions-apiserver,
 * pkg/apiserver/validation/formats.go) and ignores `int32` and `int64`, but a number outside the range passes it and then cannot be read by
 * the controller, whose whole list fails with it: it is refused here.
 */
export type Format = { readonly type: 'number' | 'string'; readonly validate: (value: never) => boolean };

export const formats = {
  int32: { type: 'number', validate: (value: number) => value >= -(2 ** 31) && value < 2 ** 31 },
  // A double cannot hold 2^63 - 1: it is read as 2^63. The range is therefore open at its end.
  int64: { type: 'number', validate: (value: number) => value >= -(2 ** 63) && value < 2 ** 63 },
  'date-time': { type: 'string', validate: isDateTime },
  /** As in custom resources (kube-openapi, govalidator.IsBase64): no line breaks, not empty. */
  byte: {
    type: 'string',
    validate: (text: string) => text !== '' && isBase64(text),
  },
  /** As Go's encoding/json reads `[]byte` in built-in kinds: line breaks are skipped, empty is allowed. */
  'go-byte': { type: 'string', validate: (text: string) => isBase64(text.replace(/[\r\n]/g, '')) },
} as const satisfies Record<string, Format>;

/** Kubernetes' quantities (`500m`, `128Mi`), as controller-gen writes their pattern into CRDs. */
export const QUANTITY_PATTERN =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$';

export type FormatName = keyof typeof formats;

/** What the API server validates in custom resources besides: not checked here, and counted as dropped. */
const VALIDATED_ELSEWHERE = new Set(
  (
    'bsonobjectid uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 isbn isbn10 isbn13 creditcard ssn hexcolor rgbcolor date ' +
    'duration k8sshortname k8slongname'
  ).split(' '),
);

/** `checked`: kept. `dropped`: the API server validates it, this project does not. `ignored`: nobody validates it. */
export function classifyFormat(
  format: string,
): { kind: 'checked'; name: FormatName } | { kind: 'dropped' | 'ignored' } {
  if (format === 'datetime') return { kind: 'checked', name: 'date-time' };
  if (Object.hasOwn(formats, format)) return { kind: 'checked', name: format as FormatName };
  return { kind: VALIDATED_ELSEWHERE.has(format.replaceAll('-', '')) ? 'dropped' : 'ignored' };
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** RFC 3339 as kube-openapi reads it (strfmt.IsDateTime), and the calendar: the 30th of February does not exist. */
function isDateTime(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|[+-]\d\d:\d\d)$/i.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= days && hour <= 23 && minute <= 59 && second <= 59;
}
