// The peer of `bench -- migrate` that checks nothing: undici, as many at once as Lockstep, one read from Vault and one write to Key Vault each.
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';

const { vault, token, keyVault, bearer, ca, names, atOnce } = JSON.parse(readFileSync(0, 'utf8'));
const source = new Pool(vault, { connections: atOnce });
const lookup = (_host, options, done) =>
  options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
const target = new Pool(keyVault, { connections: atOnce, connect: { ca, lookup } });

let next = 0;
async function work() {
  while (next < names.length) {
    const name = names[next++];
    const read = await source.request({
      method: 'GET',
      path: `/v1/secret/data/${name.path}`,
      headers: { 'x-vault-token': token },
    });
    const { data } = JSON.parse(await read.body.text());
    const written = await target.request({
      method: 'PUT',
      path: `/secrets/${name.name}?api-version=7.4`,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify({ value: JSON.stringify(data.data) }),
    });
    await written.body.text();
    if (written.statusCode !== 200) throw new Error(`a write was answered with ${written.statusCode}`);
  }
}
await Promise.all(Array.from({ length: atOnce }, work));
await Promise.all([source.close(), target.close()]);
