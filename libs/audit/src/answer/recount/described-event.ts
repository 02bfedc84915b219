import { precisionOf } from '#domain';
import { formatInstant } from '#domain/stored';
import type { VersionWithRecords } from '#temporal/fold';
import { writtenOrOpen } from './recount.js';

/** What a row tells of its event, but for the title of the policy, which no event gives. */
export function describeEvent(version: VersionWithRecords, policy: string) {
  const { event, body, sources } = version;
  const source = sources.find(({ retractedBy }) => retractedBy === undefined)?.source;
  return {
    policy,
    event: event.key,
    knownFrom: formatInstant(version.knownFrom),
    position: event.position,
    occurred: body.occurred.edtf,
    occurredFrom: writtenOrOpen(version.earliest),
    occurredTo: writtenOrOpen(version.latest),
    occurredPrecision: precisionOf(body.occurred.edtf),
    publishedAt: body.publishedAt.text,
    source: source ? { publisher: source.publisher, title: source.title, url: source.url ?? null } : null,
  };
}
