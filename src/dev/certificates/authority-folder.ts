/** An authority that stays: ca.pem, which clients are told to trust, and ca.key beside it. */
import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SecretValue } from '../../model/secret-value.ts';
import { createAuthority } from './authority.ts';
import type { Certified } from './authority.ts';

/** Renewed while a server's certificate, which ends with the authority at the latest, can still be valid for a while. */
const renewBeforeMs = 60 * 24 * 3_600_000;

/**
 * Two processes that call this at once get one authority: whoever comes first with a file has made it, and the certificate follows from the
 * key. What is trusted once stays trusted when it is renewed, for the key and the name stay.
 * @throws Error where the files are no authority, or cannot be read or written
 */
export async function loadOrCreateAuthority(folder: string, nowMs: number = Date.now()): Promise<Certified> {
  const [keyPath, certificatePath] = [join(folder, 'ca.key'), join(folder, 'ca.pem')];
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const newKey = (): string => createAuthority(nowMs).key.reveal();
  const key = new SecretValue((await read(keyPath)) ?? (await createOrRead(keyPath, newKey, 0o600)));
  const certify = (): string => {
    try {
      return createAuthority(nowMs, key).certificate;
    } catch {
      // OpenSSL's message is not repeated: it is about a private key.
      throw new Error(`${keyPath} holds no private key of an authority: delete it and ca.pem to have them made anew`);
    }
  };
  const certificate = (await read(certificatePath)) ?? (await createOrRead(certificatePath, certify, 0o644));
  const expiresMs = checkPair(certificate, key, folder);
  if (expiresMs - nowMs > renewBeforeMs) return { certificate, key };
  const renewed = certify();
  await replace(certificatePath, renewed);
  return { certificate: renewed, key };
}

/** @returns when the certificate expires */
function checkPair(certificate: string, key: SecretValue, folder: string): number {
  const problem = new Error(
    `ca.pem and ca.key in ${folder} do not belong together: delete both to have them made anew, and trust the new ca.pem`,
  );
  try {
    const parsed = new X509Certificate(certificate);
    if (parsed.checkPrivateKey(createPrivateKey(key.reveal()))) return Date.parse(parsed.validTo);
  } catch {
    throw problem;
  }
  throw problem;
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A link fails where its name is taken, and shows the whole file where it is not: no other process sees half of it. */
async function createOrRead(path: string, content: () => string, mode: number): Promise<string> {
  const text = content();
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, text, { mode, flag: 'wx' });
  try {
    await link(temporary, path);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return await readFile(path, 'utf8');
  } finally {
    await rm(temporary, { force: true });
  }
}

async function replace(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, content, { mode: 0o644, flag: 'wx' });
  await rename(temporary, path);
}
