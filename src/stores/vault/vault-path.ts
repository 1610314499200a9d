/** A path as Vault's router takes it: each segment encoded, the slashes as they are. `..` never gets here: checkVaultPath refuses it. */
export function encodePath(path: string): string {
  // As nearly all are.
  if (/^[\w./-]*$/.test(path)) return path;
  return path.split('/').map(encodeURIComponent).join('/');
}
