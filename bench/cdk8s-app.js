// The peer's app: one cdk8s App with the same objects, a chart for each application. Reads them from the JSON file that BENCH_OBJECTS names.
import { readFileSync } from 'node:fs';
import { ApiObject, App, Chart } from 'cdk8s';

const app = new App();
for (const [name, objects] of Object.entries(JSON.parse(readFileSync(process.env.BENCH_OBJECTS, 'utf8')))) {
  const chart = new Chart(app, name, { disableResourceNameHashes: true });
  objects.forEach((object, index) => new ApiObject(chart, `object-${index}`, object));
}
app.synth();
