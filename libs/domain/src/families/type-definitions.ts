import type { TypeDefinition } from '../schema/event-type.js';
import { absenceFamily, consultationFamily, disclosureFamily, termsFamily } from './consultation.js';
import { implementationFamily, pilotFamily } from './delivery.js';
import { courtFamily, legislationFamily } from './law.js';
import { agreementFamily, hostFamily, negotiationFamily } from './negotiation.js';
import { figureFamily, forecastFamily, fundingFamily, targetFamily } from './numbers.js';
import { policyFamily } from './policy.js';
import { operationFamily, recordFamily, sourceFamily } from './records.js';
import { answerFamily, claimFamily, objectionFamily, positionFamily } from './statements.js';

/** What defines every type of event, by name, family by family. */
export const typeDefinitions: ReadonlyMap<string, TypeDefinition> = new Map(
  [
    policyFamily,
    consultationFamily,
    termsFamily,
    disclosureFamily,
    absenceFamily,
    negotiationFamily,
    agreementFamily,
    hostFamily,
    positionFamily,
    objectionFamily,
    answerFamily,
    claimFamily,
    figureFamily,
    forecastFamily,
    targetFamily,
    fundingFamily,
    pilotFamily,
    implementationFamily,
    legislationFamily,
    courtFamily,
    sourceFamily,
    recordFamily,
    operationFamily,
  ]
    .flat()
    .map((type) => [type.name, type]),
);
