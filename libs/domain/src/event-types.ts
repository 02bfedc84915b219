import type { EventType } from './event-type.js';
import { absenceFamily, consultationFamily, disclosureFamily, termsFamily } from './families/consultation.js';
import { implementationFamily, pilotFamily } from './families/delivery.js';
import { courtFamily, legislationFamily } from './families/law.js';
import { agreementFamily, hostFamily, negotiationFamily } from './families/negotiation.js';
import { figureFamily, forecastFamily, fundingFamily, targetFamily } from './families/numbers.js';
import { policyFamily } from './families/policy.js';
import { operationFamily, recordFamily, sourceFamily } from './families/records.js';
import { answerFamily, claimFamily, objectionFamily, positionFamily } from './families/statements.js';

/** Every type of event, by name, family by family. */
export const eventTypes: ReadonlyMap<string, EventType> = new Map(
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
