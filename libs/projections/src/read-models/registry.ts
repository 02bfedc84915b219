import { actors } from './actors.js';
import { anomalies } from './anomalies/anomalies.js';
import { claims } from './claims/claims.js';
import { figures } from './figures/figures.js';
import { negotiations } from './negotiations.js';
import { policies } from '../core/policies.js';
import { policyFacts } from '../core/policy-facts.js';
import { positions } from './positions.js';
import { promises } from './analysis/promises.js';
import type { Projection } from '../rows/projection.js';
import { sources } from './sources.js';
import { turns } from './analysis/turns.js';
import { timeline } from '../core/timeline.js';

/** Every read model. */
export const projections: readonly Projection[] = [
  policies,
  policyFacts,
  timeline,
  figures,
  positions,
  negotiations,
  claims,
  sources,
  actors,
  anomalies,
  promises,
  turns,
];

/** Changes whenever a read model's version does: part of what identifies an answer. */
export const READ_MODELS_VERSION = projections.map(({ name, version }) => `${name}.${version}`).join(' ');
