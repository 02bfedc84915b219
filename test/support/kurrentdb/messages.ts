import anyMessages from 'google-protobuf/google/protobuf/any_pb.js';
import emptyMessages from 'google-protobuf/google/protobuf/empty_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import type * as SharedTypes from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import statuses from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type * as Streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { Append, Appended, Expected, Held, Proposed } from './store-data.js';

type Refused = Exclude<Appended, { outcome: 'appended' }>;

export const streamName = (identifier: SharedTypes.StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

export function identifierOf(stream: string): SharedTypes.StreamIdentifier {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream).toString('base64'));
  return identifier;
}

export function uuidText(uuid: SharedTypes.UUID | undefined): string {
  if (!uuid?.hasStructured()) return uuid?.getString() ?? '';
  const half = (bits: string | undefined): string =>
    BigInt.asUintN(64, BigInt(bits ?? 0))
      .toString(16)
      .padStart(16, '0');
  const structured = uuid.getStructured();
  const hex = half(structured?.getMostSignificantBits()) + half(structured?.getLeastSignificantBits());
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function uuidOf(id: string, isStructured: boolean): SharedTypes.UUID {
  const uuid = new shared.UUID();
  if (!isStructured) {
    uuid.setString(id);
    return uuid;
  }
  const hex = id.replaceAll('-', '');
  const half = (text: string): string => BigInt.asIntN(64, BigInt(`0x${text}`)).toString();
  const structured = new shared.UUID.Structured();
  structured.setMostSignificantBits(half(hex.slice(0, 16)));
  structured.setLeastSignificantBits(half(hex.slice(16)));
  uuid.setStructured(structured);
  return uuid;
}

interface ProposedMessage {
  getId(): SharedTypes.UUID | undefined;
  getMetadataMap(): { get(name: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
}

export const proposedOf = (message: ProposedMessage): Proposed => ({
  id: uuidText(message.getId()),
  type: message.getMetadataMap().get('type') ?? '',
  contentType: message.getMetadataMap().get('content-type') ?? '',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});

export function batchExpected(options: Streams.BatchAppendReq.Options): Expected {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasStreamPosition() ? BigInt(options.getStreamPosition()) : 'any';
}

export function appendExpected(options: Streams.AppendReq.Options): Expected {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasRevision() ? BigInt(options.getRevision()) : 'any';
}

/** The answer to one append of a batch. */
export function batchAnswer(
  correlation: SharedTypes.UUID | undefined,
  append: Append,
  outcome: Appended,
): Streams.BatchAppendResp {
  const answer = new streams.BatchAppendResp();
  answer.setCorrelationId(correlation);
  answer.setStreamIdentifier(identifierOf(append.stream));
  if (outcome.outcome !== 'appended') return answer.setError(refusalStatus(outcome, append.expected));
  const success = new streams.BatchAppendResp.Success();
  success.setCurrentRevision(outcome.revision.toString());
  const at = new shared.AllStreamPosition();
  at.setCommitPosition(outcome.commit.toString());
  at.setPreparePosition(outcome.prepare.toString());
  success.setPosition(at);
  return answer.setSuccess(success);
}

function refusalStatus(refused: Refused, expected: Expected): InstanceType<typeof statuses.Status> {
  const status = new statuses.Status();
  const details = new anyMessages.Any();
  if (refused.outcome === 'tombstoned') {
    const deleted = new shared.StreamDeleted();
    deleted.setStreamIdentifier(identifierOf(refused.stream));
    details.pack(deleted.serializeBinary(), 'event_store.client.StreamDeleted');
    status.setMessage('Stream deleted');
  } else {
    details.pack(wrongVersion(refused, expected).serializeBinary(), 'event_store.client.WrongExpectedVersion');
    status.setMessage('Wrong expected version');
  }
  status.setCode(9);
  return status.setDetails(details);
}

function wrongVersion(
  { actual }: Extract<Refused, { outcome: 'conflict' }>,
  expected: Expected,
): SharedTypes.WrongExpectedVersion {
  const wrong = new shared.WrongExpectedVersion();
  const empty = new emptyMessages.Empty();
  if (actual === null) wrong.setCurrentNoStream(empty);
  else wrong.setCurrentStreamRevision(actual.toString());
  if (expected === 'any') wrong.setExpectedAny(empty);
  else if (expected === 'stream_exists') wrong.setExpectedStreamExists(empty);
  else if (expected === 'no_stream') wrong.setExpectedNoStream(empty);
  else wrong.setExpectedStreamPosition(expected.toString());
  return wrong;
}

/** The answer to an append that came alone. */
export function appendAnswer(outcome: Exclude<Appended, { outcome: 'tombstoned' }>): Streams.AppendResp {
  const answer = new streams.AppendResp();
  if (outcome.outcome === 'conflict') {
    const wrong = new streams.AppendResp.WrongExpectedVersion();
    if (outcome.actual === null) wrong.setCurrentNoStream(new shared.Empty());
    else wrong.setCurrentRevision(outcome.actual.toString());
    return answer.setWrongExpectedVersion(wrong);
  }
  const success = new streams.AppendResp.Success();
  success.setCurrentRevision(outcome.revision.toString());
  const at = new streams.AppendResp.Position();
  at.setCommitPosition(outcome.commit.toString());
  at.setPreparePosition(outcome.prepare.toString());
  success.setPosition(at);
  return answer.setSuccess(success);
}

/** An event as reads and subscriptions answer it. */
export function encodeReadEvent(held: Held, structuredIds: boolean): Streams.ReadResp {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(uuidOf(held.id, structuredIds));
  recorded.setStreamIdentifier(identifierOf(held.stream));
  recorded.setStreamRevision(held.revision.toString());
  recorded.setCommitPosition(held.commit.toString());
  recorded.setPreparePosition(held.prepare.toString());
  recorded.getMetadataMap().set('type', held.type);
  recorded.getMetadataMap().set('content-type', held.contentType);
  recorded.getMetadataMap().set('created', held.createdTicks.toString());
  recorded.setData(held.data);
  recorded.setCustomMetadata(held.metadata);
  const event = new streams.ReadResp.ReadEvent();
  event.setEvent(recorded);
  event.setCommitPosition(held.commit.toString());
  return new streams.ReadResp().setEvent(event);
}

export function notFoundAnswer(stream: string): Streams.ReadResp {
  const missing = new streams.ReadResp.StreamNotFound();
  missing.setStreamIdentifier(identifierOf(stream));
  return new streams.ReadResp().setStreamNotFound(missing);
}

export function confirmationAnswer(): Streams.ReadResp {
  const confirmation = new streams.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(crypto.randomUUID());
  return new streams.ReadResp().setConfirmation(confirmation);
}

export const caughtUpAnswer = (): Streams.ReadResp =>
  new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());

export function checkpointAnswer({ commit, prepare }: Pick<Held, 'commit' | 'prepare'>): Streams.ReadResp {
  const checkpoint = new streams.ReadResp.Checkpoint();
  checkpoint.setCommitPosition(commit.toString());
  checkpoint.setPreparePosition(prepare.toString());
  return new streams.ReadResp().setCheckpoint(checkpoint);
}
