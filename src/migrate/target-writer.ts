/** Writes one secret to the target, and reads back what is there then. */
import type { RemoteSecret } from '../eso/remote-secret.ts';
import type { Secret } from '../model/platform.ts';
import type { SecretValue } from '../model/secret-value.ts';
import type { MetadataChange, Version, WriteOutcome } from '../stores/contract.ts';
import { differencesOf, receivedOtherwise } from './compare-content.ts';
import type { Applied, Migration } from './migration.ts';

type Outcome = Applied['outcome'];

/** Writes to one name at the target; says what came of it, or gives the version that was written. */
export class TargetWriter {
  readonly #secret: Secret;
  /** What the operator reads at the source. */
  readonly #seen: RemoteSecret;
  readonly #migration: Migration;

  constructor(secret: Secret, seen: RemoteSecret, migration: Migration) {
    [this.#secret, this.#seen, this.#migration] = [secret, seen, migration];
  }

  get #client(): Migration['to']['client'] {
    return this.#migration.to.client;
  }

  async write(
    name: string,
    { value, metadata }: { readonly value: SecretValue; readonly metadata: MetadataChange },
    expected: Version | 'absent',
  ): Promise<Version | Outcome> {
    const written: WriteOutcome = await this.#client.write(name, value, { expected, metadata });
    switch (written.kind) {
      case 'written':
        return written.version;
      case 'forbidden':
        return { kind: 'refused', because: 'forbidden' };
      case 'refused':
        return { kind: 'refused', because: written.because };
      case 'conflict':
      case 'deleted': {
        const found = await this.verify(name, value, undefined);
        return found.kind === 'written' ? { kind: 'already' } : { kind: 'changed meanwhile', side: 'target' };
      }
    }
  }

  async recover(name: string): Promise<Version | Outcome> {
    const recovered = await this.#client.recover(name);
    switch (recovered.kind) {
      case 'recovered':
        return recovered.version;
      case 'present':
        return { kind: 'changed meanwhile', side: 'target' };
      case 'missing':
        return { kind: 'refused', because: 'purged' };
      case 'forbidden':
        return { kind: 'refused', because: 'forbidden' };
      case 'refused':
        return { kind: 'refused', because: recovered.because };
    }
  }

  /** Adds the tags that go along, where it came from among them, and leaves the others. Where that may not be done, it is the same all the same. */
  async note(name: string, expected: Version, { tags = {} }: MetadataChange): Promise<Outcome> {
    const found = await this.#client.read(name);
    if (found.kind !== 'present' || found.version !== expected) return { kind: 'changed meanwhile', side: 'target' };
    // What says where it came from is first in them, and so not cut off.
    const { maxTags } = this.#migration.to.capabilities;
    const all = Object.entries({ ...tags, ...found.metadata.tags, ...tags }).slice(0, maxTags);
    await this.#client.writeMetadata(name, { tags: Object.fromEntries(all) }, { expected });
    return { kind: 'already' };
  }

  /**
   * Reads the target: the fields must be what was written, and every application must receive what it receives from the source.
   * @param version that was written; undefined: whichever is there
   */
  async verify(name: string, value: SecretValue, version: Version | undefined): Promise<Outcome> {
    const { from, to } = this.#migration;
    const found = await this.#client.read(name);
    if (found.kind !== 'present') return { kind: 'changed meanwhile', side: 'target' };
    const targetSecret = { ...this.#secret, store: to.store };
    // Of these bytes it is known what every application receives: they were held against the source before they were written.
    const isSame =
      value.equals(found.value) ||
      (differencesOf(targetSecret, value, found.value).length === 0 &&
        receivedOtherwise({ ...this.#secret, store: from.store }, this.#seen, targetSecret, found.value).length === 0);
    if (!isSame) return version === found.version ? { kind: 'differs' } : { kind: 'changed meanwhile', side: 'target' };
    // Somebody else wrote the same.
    return version === undefined || version === found.version
      ? { kind: 'written', version: found.version }
      : { kind: 'already' };
  }

  /** Where nothing can come between the comparison and the write, nobody has to know. */
  get #isAtomic(): boolean {
    return this.#migration.to.capabilities.guard === 'atomic';
  }

  /** What is there before a write. */
  async versionsBefore(name: string, expected: Version | 'absent'): Promise<readonly Version[]> {
    return this.#isAtomic || expected === 'absent' ? [] : this.#versions(name);
  }

  /**
   * Reads the target back; and where the store does not guard against it, looks meanwhile whether others wrote between the last look and our write.
   * @param known versions that were there before, or are ours
   */
  async verifyAlone(name: string, value: SecretValue, ours: Version, known: ReadonlySet<Version>): Promise<Outcome> {
    const [verified, versions] = await Promise.all([
      this.verify(name, value, ours),
      this.#isAtomic ? [] : this.#versions(name),
    ]);
    if (verified.kind !== 'written') return verified;
    for (const version of versions) {
      if (version === ours || known.has(version)) continue;
      const found = await this.#client.read(name, { version });
      const isSame =
        found.kind === 'present' &&
        differencesOf({ ...this.#secret, store: this.#migration.to.store }, value, found.value).length === 0;
      if (!isSame) return { kind: 'changed meanwhile', side: 'target', overtaken: version };
    }
    return verified;
  }

  /** None where they may not be listed. */
  async #versions(name: string): Promise<readonly Version[]> {
    const listed = await this.#client.versions(name);
    return listed.kind === 'present' ? listed.versions.map(({ version }) => version) : [];
  }
}
