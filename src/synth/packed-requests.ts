/**
 * Requests as they go to another thread: a few long texts in place of thousands of small objects, each of which would be copied by itself.
 */
import type { WriteRequest } from './write-application.ts';

export type PackedRequests = {
  /** One for each request. `files`: how many of the paths and texts are its own. */
  readonly requests: readonly { readonly name: string | undefined; readonly files: number }[];
  readonly paths: string;
  readonly pathLengths: Int32Array;
  readonly texts: string;
  readonly textLengths: Int32Array;
};

export function packRequests(requests: readonly WriteRequest[]): PackedRequests {
  const files = requests.flatMap((request) => request.files);
  return {
    requests: requests.map(({ name, files: { length } }) => ({ name, files: length })),
    paths: files.map(({ path }) => path).join(''),
    pathLengths: Int32Array.from(files, ({ path }) => path.length),
    texts: files.map(({ text }) => text).join(''),
    textLengths: Int32Array.from(files, ({ text }) => text.length),
  };
}

export function unpackRequests(packed: PackedRequests): WriteRequest[] {
  const paths = split(packed.paths, packed.pathLengths);
  const texts = split(packed.texts, packed.textLengths);
  let next = 0;
  return packed.requests.map(({ name, files }) => {
    const from = next;
    next += files;
    return {
      name,
      files: paths.slice(from, next).map((path, index) => ({ path, text: texts[from + index] ?? '' })),
    };
  });
}

function split(all: string, lengths: Int32Array): string[] {
  let at = 0;
  return Array.from(lengths, (length) => {
    const from = at;
    at += length;
    return all.slice(from, at);
  });
}
