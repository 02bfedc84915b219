import { actors } from './actors/actors.js';
import { anomalies } from './anomalies/anomalies.js';
import { claims } from './claims/claims.js';
import { figures } from './figures/figures.js';
import { negotiations } from './negotiations/negotiations.js';
import { policies } from './policies/policies.js';
import { policyFacts } from './policy-facts/policy-facts.js';
import { positions } from './positions/positions.js';
import type { Projection } from './projection.js';
import { sources } from './sources/sources.js';
import { timeline } from './timeline/timeline.js';

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
];

/** Changes whenever a read model's version does: part of what identifies an answer. */
export const READ_MODELS_VERSION = projections.map(({ name, version }) => `${name}.${version}`).join(' ');
