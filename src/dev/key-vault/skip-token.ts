/**
 * `$skiptoken`: the next item's key, in the form of recorded traffic: base64url of `{"NextMarker":…,"TargetLocation":0}`, and in the marker, which
 * is one of Azure's table storage, `<length>!secret/<NAME IN UPPER CASE>!000028!9999-12-31T23:59:59.9999999Z!` [rec].
 */
const endOfTime = '000028!9999-12-31T23:59:59.9999999Z!';
const start = 'secret/';

/** @param key `NAME`, or a version of one */
export function renderSkipToken(key: string): string {
  const id = `${start}${key}`;
  const marker = Buffer.from(`${`${id.length}`.padStart(6, '0')}!${id}!${endOfTime}`).toString('base64');
  const shown = marker.replaceAll('=', '-');
  const json = JSON.stringify({ NextMarker: `2!${shown.length}!${shown}`, TargetLocation: 0 });
  return Buffer.from(json).toString('base64url');
}

/** @returns undefined for what renderSkipToken does not write */
export function parseSkipToken(token: string): string | undefined {
  const json = Buffer.from(token, 'base64url').toString('latin1');
  const shown = /"NextMarker":"2!\d+!([\w+/-]+)"/.exec(json)?.[1] ?? '';
  const marker = Buffer.from(shown.replaceAll('-', '='), 'base64').toString('latin1');
  const key = /^\d{6}!secret\/([^!]+)!/.exec(marker)?.[1];
  return key !== undefined && renderSkipToken(key) === token ? key : undefined;
}
