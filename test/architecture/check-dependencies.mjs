// Prints every import that goes against the rules, as JSON. A process of its own: dependency-cruiser needs the real
// module loader of Node, which Jest replaces.
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { options } from './dependency-rules.mjs';

const { enhancedResolveOptions, ...cruiseOptions } = options;
const { output } = await cruise(['libs', 'apps'], cruiseOptions, enhancedResolveOptions, {
  tsConfig: extractTSConfig('tsconfig.json'),
});
const violations = output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
process.stdout.write(JSON.stringify({ violations, checked: output.modules.length }));
