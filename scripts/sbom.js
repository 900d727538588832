// Prints what Sayeh is made of, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): every package of
// package-lock.json and every network of models/manifest.json, each with its digest and licence. The same tree gives
// the same bytes: no time, no random serial number.
//   npm run --silent sbom > sbom.cdx.json
import { readFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
const lock = read('package-lock.json');
const models = read('models/manifest.json');

const ALGORITHMS = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };

/** npm writes digests as Subresource Integrity does: `sha512-<base64>`, several apart by spaces. */
function hashes(integrity = '') {
  return integrity
    .split(/\s+/)
    .filter(Boolean)
    .map((one) => {
      const [algorithm, digest] = one.split('-');
      return { alg: ALGORITHMS[algorithm], content: Buffer.from(digest, 'base64').toString('hex') };
    });
}

/** https://github.com/package-url/purl-spec, type npm. */
const purl = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** One identifier is a licence; anything longer is an expression (SPDX). */
function licences(licence) {
  if (!licence) return {};
  return { licenses: /[\s()]/.test(licence) ? [{ expression: licence }] : [{ license: { id: licence } }] };
}

/** Where npm keeps it says its name: `node_modules/a/node_modules/@b/c`. */
const nameOf = (place) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
const scopeOf = ({ dev, optional, peer }) => (dev ? 'excluded' : optional || peer ? 'optional' : 'required');
const RANK = ['required', 'optional', 'excluded'];

const packages = new Map();
const refs = new Map();
for (const [place, entry] of Object.entries(lock.packages)) {
  if (place === '') continue;
  const name = nameOf(place);
  const ref = purl(name, entry.version);
  refs.set(place, ref);
  const known = packages.get(ref);
  const scope = scopeOf(entry);
  if (known) {
    // The same version in two places: it is needed as much as where it is needed most.
    if (RANK.indexOf(scope) < RANK.indexOf(known.scope)) known.scope = scope;
    continue;
  }
  const [group, short] = name.startsWith('@') ? name.split('/') : [undefined, name];
  packages.set(ref, {
    type: 'library',
    'bom-ref': ref,
    ...(group && { group }),
    name: short,
    version: entry.version,
    scope,
    hashes: hashes(entry.integrity),
    ...licences(entry.license),
    purl: ref,
  });
}

const networks = Object.entries(models).map(([name, { sha256, licence, source, package: from }]) => ({
  type: 'machine-learning-model',
  'bom-ref': `model:${name}`,
  name,
  description: source,
  scope: 'required',
  hashes: [{ alg: 'SHA-256', content: sha256 }],
  ...licences(licence),
  ...(from && { properties: [{ name: 'sayeh:package', value: from }] }),
}));

/** The place that a package's dependency is found at, looked for as Node does; undefined where it is not installed. */
function resolve(place, name) {
  for (let at = place; ; ) {
    const candidate = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (refs.has(candidate)) return refs.get(candidate);
    if (at === '') return undefined;
    at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')));
    if (!at.startsWith('node_modules')) at = '';
  }
}

const root = lock.packages[''];
const rootRef = purl(root.name, root.version);
const dependsOn = new Map();
for (const [place, entry] of Object.entries(lock.packages)) {
  const named = { ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies };
  if (place === '') Object.assign(named, entry.devDependencies);
  const found = Object.keys(named)
    .map((name) => resolve(place, name))
    .filter(Boolean);
  const ref = place === '' ? rootRef : refs.get(place);
  const before = dependsOn.get(ref) ?? [];
  dependsOn.set(ref, [...new Set([...before, ...found])]);
}
dependsOn.get(rootRef).push(...networks.map((network) => network['bom-ref']));

const byRef = (a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1);
const bom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    component: {
      type: 'application',
      'bom-ref': rootRef,
      name: root.name,
      version: root.version,
      ...licences(root.license),
      purl: rootRef,
    },
  },
  components: [...packages.values(), ...networks].sort(byRef),
  dependencies: [...dependsOn]
    .map(([ref, on]) => ({ ref, dependsOn: on.sort() }))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1)),
};
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
