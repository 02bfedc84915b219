import grpc from '@grpc/grpc-js';
import type {
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
} from '@grpc/grpc-js';
import features from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
import gossip from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js';
import type * as Gossip from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type * as Shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import type * as Features from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
import type * as Streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { Faults } from './faults.js';
import {
  appendAnswer,
  appendExpected,
  batchAnswer,
  batchExpected,
  caughtUpAnswer,
  checkpointAnswer,
} from './messages.js';
import { confirmationAnswer, encodeReadEvent, notFoundAnswer, proposedOf, streamName } from './messages.js';
import { Follower, allQuery, readAll, readStream } from './reading.js';
import type { Append, Proposed, StoreData } from './store-data.js';

/** A subscription as a test can do to it what servers do. */
export interface OpenSubscription {
  /** Ends it without an error. */
  readonly end: () => void;
  /** It stays open and says nothing more. */
  isStalled: boolean;
}

/** What the services of a node stand on. */
export interface Node {
  readonly data: StoreData;
  readonly faults: Faults;
  readonly version: string;
  readonly appendsTogether: boolean;
  /** Ends every connection to the node. */
  cut(): void;
  isLeader(): boolean;
  leader(): { readonly host: string; readonly port: number };
  members(): readonly { readonly host: string; readonly port: number; readonly isLeader: boolean }[];
  /** Subscriptions that are open. */
  readonly subscriptions: Set<OpenSubscription>;
}

/** What a node that does not lead answers to who insists on the leader. */
export function notLeader(node: Node): { code: number; details: string; metadata: grpc.Metadata } {
  const { host, port } = node.leader();
  const metadata = new grpc.Metadata();
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', host);
  metadata.set('leader-endpoint-port', String(port));
  return { code: grpc.status.NOT_FOUND, details: `Leader info available at ${host}:${port}.`, metadata };
}

function tombstonedError(stream: string): { code: number; details: string; metadata: grpc.Metadata } {
  const metadata = new grpc.Metadata();
  metadata.set('exception', 'stream-deleted');
  metadata.set('stream-name', stream);
  return { code: grpc.status.FAILED_PRECONDITION, details: `Event stream '${stream}' is deleted.`, metadata };
}

const insistsOnLeader = ({ metadata }: { readonly metadata: grpc.Metadata }): boolean =>
  metadata.get('requires-leader').includes('true');

/** The Streams service on the client's own generated definition. */
export const streamsHandlers = (node: Node): grpc.UntypedServiceImplementation => ({
  read: (call: ServerWritableStream<Streams.ReadReq, Streams.ReadResp>) => void read(node, call),
  batchAppend: (call: ServerDuplexStream<Streams.BatchAppendReq, Streams.BatchAppendResp>) => batchAppend(node, call),
  append: (
    call: ServerReadableStream<Streams.AppendReq, Streams.AppendResp>,
    answer: sendUnaryData<Streams.AppendResp>,
  ) => void append(node, call, answer),
  delete: (call: ServerUnaryCall<Streams.DeleteReq, Streams.DeleteResp>, answer: sendUnaryData<Streams.DeleteResp>) => {
    node.data.delete(streamName(call.request.getOptions()?.getStreamIdentifier()));
    answer(null, new streams.DeleteResp());
  },
  tombstone: (
    call: ServerUnaryCall<Streams.TombstoneReq, Streams.TombstoneResp>,
    answer: sendUnaryData<Streams.TombstoneResp>,
  ) => {
    node.data.tombstone(streamName(call.request.getOptions()?.getStreamIdentifier()));
    answer(null, new streams.TombstoneResp());
  },
});

async function read(node: Node, call: ServerWritableStream<Streams.ReadReq, Streams.ReadResp>): Promise<void> {
  const options = call.request.getOptions();
  if (!options) throw new Error('A read came without options.');
  if (options.hasSubscription()) return subscribe(node, call, options);
  await node.faults.before('read');
  const stream = streamName(options.getStream()?.getStreamIdentifier());
  if (options.hasStream() && node.data.isTombstoned(stream)) {
    call.emit('error', tombstonedError(stream));
    return;
  }
  const found = options.hasAll() ? readAll(node.data, options) : readStream(node.data, stream, options);
  const structured = options.getUuidOption()?.hasStructured() ?? false;
  if (!found) await write(call, notFoundAnswer(stream));
  for (const held of found ?? []) await write(call, encodeReadEvent(held, structured));
  call.end();
}

const MINUS_ONE = 2n ** 64n - 1n;

async function subscribe(
  node: Node,
  call: ServerWritableStream<Streams.ReadReq, Streams.ReadResp>,
  options: Streams.ReadReq.Options,
): Promise<void> {
  await node.faults.before('subscribe');
  const structured = options.getUuidOption()?.hasStructured() ?? false;
  const follower = new Follower(node.data, allQuery(options));
  let [isOpen, isCaughtUp] = [true, false];
  let wake = (): void => undefined;
  const own: OpenSubscription = { end: () => call.end(), isStalled: false };
  node.subscriptions.add(own);
  const unwatch = node.data.watch(() => wake());
  const close = (): void => {
    isOpen = false;
    node.subscriptions.delete(own);
    unwatch();
    wake();
  };
  call.on('cancelled', close);
  call.on('close', close);
  call.on('finish', close);
  await write(call, confirmationAnswer());
  while (isOpen) {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const next = own.isStalled ? undefined : follower.next();
    if (next) {
      await write(call, 'event' in next ? encodeReadEvent(next.event, structured) : checkpointAnswer(next.checkpoint));
      continue;
    }
    // As seen of a server without events: it has passed the place -1.
    if (!isCaughtUp && node.data.all.length === 0)
      await write(call, checkpointAnswer({ commit: MINUS_ONE, prepare: MINUS_ONE }));
    if (!isCaughtUp && !own.isStalled) await write(call, caughtUpAnswer());
    isCaughtUp ||= !own.isStalled;
    await woken;
  }
}

/** Writes with the reader's pace; nothing more where the reader is gone. */
async function write<Message>(call: ServerWritableStream<unknown, Message>, message: Message): Promise<void> {
  if (call.cancelled || call.destroyed || call.writableEnded) return;
  if (call.write(message)) return;
  const events = ['drain', 'close', 'cancelled', 'finish'];
  let goOn = (): void => undefined;
  const woken = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  for (const event of events) call.on(event, goOn);
  await woken;
  for (const event of events) call.removeListener(event, goOn);
}

interface Batch {
  readonly options: Streams.BatchAppendReq.Options;
  readonly events: Proposed[];
}

function batchAppend(node: Node, call: ServerDuplexStream<Streams.BatchAppendReq, Streams.BatchAppendResp>): void {
  if (insistsOnLeader(call) && !node.isLeader()) {
    call.emit('error', notLeader(node));
    return;
  }
  const batches = new Map<string, Batch>();
  // As a server does: appends of one connection are dealt with in their order.
  let turn: Promise<void> = Promise.resolve();
  call.on('data', (request: Streams.BatchAppendReq) => {
    const correlation = JSON.stringify(request.getCorrelationId()?.toObject());
    const options = request.getOptions() ?? batches.get(correlation)?.options;
    if (!options) return;
    const batch = batches.get(correlation) ?? { options, events: [] };
    batch.events.push(...request.getProposedMessagesList().map(proposedOf));
    batches.set(correlation, batch);
    if (!request.getIsFinal()) return;
    batches.delete(correlation);
    const one = {
      stream: streamName(options.getStreamIdentifier()),
      expected: batchExpected(options),
      events: batch.events,
    };
    const earlier = turn;
    turn = (async () => {
      await node.faults.before('append');
      await earlier;
      if (insistsOnLeader(call) && !node.isLeader()) {
        call.emit('error', notLeader(node));
        return;
      }
      const outcome = node.data.append(one);
      void answerLater(node, () => call.write(batchAnswer(request.getCorrelationId(), one, outcome)));
    })();
  });
  call.on('error', () => undefined);
  call.on('end', () => call.end());
}

/** Others are not held up by an answer that comes late. */
async function answerLater(node: Node, answer: () => void): Promise<void> {
  if ((await node.faults.afterAppend()) === 'cut') node.cut();
  else answer();
}

async function append(
  node: Node,
  call: ServerReadableStream<Streams.AppendReq, Streams.AppendResp>,
  answer: sendUnaryData<Streams.AppendResp>,
): Promise<void> {
  let options: Streams.AppendReq.Options | undefined;
  const events: Proposed[] = [];
  for await (const request of call as AsyncIterable<Streams.AppendReq>) {
    options ??= request.getOptions();
    const message = request.getProposedMessage();
    if (message) events.push(proposedOf(message));
  }
  if (!options) return answer({ code: grpc.status.INVALID_ARGUMENT, details: 'An append came without options.' });
  await node.faults.before('append');
  if (insistsOnLeader(call) && !node.isLeader()) return answer(notLeader(node));
  const one: Append = { stream: streamName(options.getStreamIdentifier()), expected: appendExpected(options), events };
  const outcome = node.data.append(one);
  await answerLater(node, () => {
    if (outcome.outcome === 'tombstoned') answer(tombstonedError(one.stream));
    else answer(null, appendAnswer(outcome));
  });
}

/** ServerFeatures: what the client asks before it chooses how to append. */
export const featuresHandlers = (node: Node): grpc.UntypedServiceImplementation => ({
  getSupportedMethods: (
    _call: ServerUnaryCall<Shared.Empty, Features.SupportedMethods>,
    answer: sendUnaryData<Features.SupportedMethods>,
  ) => void node.faults.before('features').then(() => answer(null, supportedMethods(node))),
});

function supportedMethods(node: Node): Features.SupportedMethods {
  const supported = new features.SupportedMethods();
  supported.setEventStoreServerVersion(node.version);
  const methods = [
    ['event_store.client.streams.streams', 'read', 'position', 'events'],
    ['event_store.client.streams.streams', 'append'],
    ['event_store.client.streams.streams', 'batchappend', 'deadline_duration'],
    ...(node.appendsTogether ? [['kurrentdb.protocol.v2.streams.StreamsService', 'AppendSession']] : []),
  ];
  for (const [service, method, ...named] of methods) {
    const one = new features.SupportedMethod();
    one.setServiceName(service ?? '');
    one.setMethodName(method ?? '');
    one.setFeaturesList(named);
    supported.addMethods(one);
  }
  return supported;
}

/** Gossip: who is in the cluster, and who leads it. */
export const gossipHandlers = (node: Node): grpc.UntypedServiceImplementation => ({
  read: (_call: ServerUnaryCall<Shared.Empty, Gossip.ClusterInfo>, answer: sendUnaryData<Gossip.ClusterInfo>) =>
    void node.faults.before('gossip').then(() => answer(null, clusterInfo(node))),
});

function clusterInfo(node: Node): Gossip.ClusterInfo {
  const cluster = new gossip.ClusterInfo();
  for (const { host, port, isLeader } of node.members()) {
    const member = new gossip.MemberInfo();
    const id = new shared.UUID();
    id.setString(crypto.randomUUID());
    const at = new gossip.EndPoint();
    at.setAddress(host);
    at.setPort(port);
    member.setInstanceId(id);
    member.setTimeStamp('0');
    member.setIsAlive(true);
    member.setState(isLeader ? gossip.MemberInfo.VNodeState.LEADER : gossip.MemberInfo.VNodeState.FOLLOWER);
    member.setHttpEndPoint(at);
    cluster.addMembers(member);
  }
  return cluster;
}
