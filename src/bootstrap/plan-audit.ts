/** Two audit devices, of which the existing ones count. A device cannot be changed, only disabled: that is never done here. */
import { neededAuditDevices } from './desired-vault.ts';
import { mark, refuse } from './planned-item.ts';
import type { PlannedItem } from './planned-item.ts';
import type { AuditFacts } from './vault-state.ts';
import { paths } from './vault-state.ts';

export function planAuditDevices(
  wanted: readonly string[],
  devices: ReadonlyMap<string, AuditFacts>,
): readonly PlannedItem[] {
  const raw = [...devices].filter(([, { isRaw }]) => isRaw).map(([path]) => refuseRaw(path));
  const names = new Set(devices.keys());
  const left = new Map(devices);
  const items = wanted.map((filePath): PlannedItem | undefined => {
    const found = [...left].find(([, device]) => device.type === 'file' && device.filePath === filePath);
    if (found !== undefined) {
      left.delete(found[0]);
      return found[1].isRaw ? undefined : keep(found[0], found[1]);
    }
    if (names.size >= neededAuditDevices) return undefined;
    const name = freeName(filePath === 'stdout' ? 'stdout' : 'file', names);
    names.add(`${name}/`);
    return create(name, filePath);
  });
  const others = [...left].filter(([, { isRaw }]) => !isRaw).map(([path, device]) => keep(path, device));
  return [...raw, ...items.filter((item) => item !== undefined), ...others];
}

function create(name: string, filePath: string): PlannedItem {
  const path = `${paths.auditDevices}/${name}`;
  return {
    thing: 'audit device',
    name: `${name}/`,
    about: `writes to ${filePath}`,
    action: 'create',
    // Twice, and the second time Vault would say that it is there.
    write: { path, fields: { type: 'file', description: mark, options: { file_path: filePath } }, repeatable: false },
    needs: { path, capabilities: ['update', 'sudo'] },
  };
}

function keep(name: string, { description, type, filePath }: AuditFacts): PlannedItem {
  const about = filePath === undefined ? `of the type ${type}` : `writes to ${filePath}`;
  const owner = description === mark ? 'lockstep' : 'others';
  return { thing: 'audit device', name, about, action: 'unchanged', owner };
}

function refuseRaw(name: string): PlannedItem {
  return refuse(
    { thing: 'audit device', name },
    'has log_raw: it writes every value that is read, as it is',
    `Disable it (vault audit disable ${name.replace(/\/$/, '')}), delete what it wrote, and rotate what was read meanwhile.`,
    'V004',
  );
}

/** `file`, or `file-2` where that is taken. */
function freeName(base: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}-${count}`;
    if (!taken.has(`${name}/`)) return name;
  }
}
