// node write-bare.js <from> <to>: what it takes Node to write these files and nothing else. Prints two numbers of milliseconds: what getting
// hold of the texts took, which is no part of it, and the writes.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [from, to] = process.argv.slice(2);
const begun = performance.now();
const files = [];
const folders = [];
for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
  const relative = path.relative(from, path.join(entry.parentPath, entry.name));
  if (entry.isDirectory()) folders.push(relative);
  else files.push([relative, readFileSync(path.join(from, relative), 'utf8')]);
}
const start = performance.now();
mkdirSync(to, { recursive: true });
for (const folder of folders) mkdirSync(`${to}/${folder}`, { recursive: true });
for (const [file, text] of files) writeFileSync(`${to}/${file}`, text);
console.log(start - begun, performance.now() - start);
