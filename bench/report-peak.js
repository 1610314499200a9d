// Preloaded into a measured process: writes its greatest resident set, in KiB, to the file that BENCH_PEAK_FILE names.
import { writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.BENCH_PEAK_FILE, String(process.resourceUsage().maxRSS)));
