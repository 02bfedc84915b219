import grpc from '@grpc/grpc-js';
import type { ServerReadableStream, sendUnaryData } from '@grpc/grpc-js';
import anyMessages from 'google-protobuf/google/protobuf/any_pb.js';
import statuses from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
import errors from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/errors_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js';
import type * as Streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_pb.js';
import type { Append, Appended, Expected } from './store-data.js';
import type { Node } from './services.js';

/** The second version of the Streams service, as far as appends to several streams go. */
export const togetherHandlers = (node: Node): grpc.UntypedServiceImplementation => ({
  appendSession: (
    call: ServerReadableStream<Streams.AppendRequest, Streams.AppendSessionResponse>,
    answer: sendUnaryData<Streams.AppendSessionResponse>,
  ) => void appendSession(node, call, answer),
});

async function appendSession(
  node: Node,
  call: ServerReadableStream<Streams.AppendRequest, Streams.AppendSessionResponse>,
  answer: sendUnaryData<Streams.AppendSessionResponse>,
): Promise<void> {
  const appends: Append[] = [];
  for await (const request of call as AsyncIterable<Streams.AppendRequest>) appends.push(appendOf(request));
  await node.faults.before('append');
  if (new Set(appends.map(({ stream }) => stream)).size < appends.length)
    return answer({ code: grpc.status.ABORTED, details: 'A stream came twice in one session.' });
  const outcomes = node.data.appendTogether(appends);
  const how = await node.faults.afterAppend();
  if (how === 'cut') return node.cut();
  const refused = outcomes.find(({ outcome }) => outcome !== 'appended');
  if (refused) return answer(refusal(refused, appends));
  const answered = new streams.AppendSessionResponse();
  appends.forEach(({ stream }, index) => {
    const outcome = outcomes[index];
    if (outcome?.outcome !== 'appended') return;
    const one = new streams.AppendResponse();
    one.setStream(stream);
    one.setStreamRevision(outcome.revision.toString());
    answered.addOutput(one);
    answered.setPosition(outcome.commit.toString());
  });
  answer(null, answered);
}

const EXPECTED: ReadonlyMap<string, Expected> = new Map([
  ['-1', 'no_stream'],
  ['-2', 'any'],
  ['-4', 'stream_exists'],
] as const);

const appendOf = (request: Streams.AppendRequest): Append => ({
  stream: request.getStream(),
  expected: EXPECTED.get(request.getExpectedRevision() ?? '-2') ?? BigInt(request.getExpectedRevision() ?? 0),
  events: request.getRecordsList().map((record) => ({
    id: record.getRecordId() ?? crypto.randomUUID(),
    type: record.getSchema()?.getName() ?? '',
    contentType: 'application/octet-stream',
    data: record.getData_asU8(),
    metadata: Buffer.from(JSON.stringify(propertiesOf(record))),
  })),
});

function propertiesOf(record: Streams.AppendRecord): Record<string, string> {
  const properties: Record<string, string> = {};
  record.getPropertiesMap().forEach((value, property) => {
    properties[property] = value.getStringValue();
  });
  return properties;
}

function refusal(refused: Appended, appends: readonly Append[]): Partial<grpc.StatusObject> {
  if (refused.outcome !== 'conflict')
    return { code: grpc.status.FAILED_PRECONDITION, details: `The stream is deleted for ever.` };
  const expected = appends.find(({ stream }) => stream === refused.stream)?.expected ?? 'any';
  const details = new errors.StreamRevisionConflictErrorDetails();
  details.setStream(refused.stream);
  details.setExpectedRevision([...EXPECTED].find(([, one]) => one === expected)?.[0] ?? String(expected));
  details.setActualRevision(String(refused.actual ?? -1n));
  const any = new anyMessages.Any();
  any.pack(details.serializeBinary(), 'kurrentdb.protocol.v2.streams.errors.StreamRevisionConflictErrorDetails');
  const status = new statuses.Status();
  status.setCode(9);
  status.setDetails(any);
  const metadata = new grpc.Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(status.serializeBinary()));
  return { code: grpc.status.FAILED_PRECONDITION, details: 'Append failed due to a revision conflict.', metadata };
}
