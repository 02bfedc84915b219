import grpc from '@grpc/grpc-js';
import features from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js';
import gossip from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_grpc_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import together from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_grpc_pb.js';
import { Faults } from './faults.js';
import { type Node, featuresHandlers, gossipHandlers, streamsHandlers } from './services.js';
import { StoreData } from './store-data.js';
import { togetherHandlers } from './together-service.js';

const HOST = '127.0.0.1';

interface DoubleOptions {
  /** 24.6.0, the last free release, unless said otherwise. From 25.1 on, appends to several streams are taken. */
  readonly version?: string;
  /** How many nodes stand on the same data; the first leads. */
  readonly nodes?: number;
}

/** A double of a KurrentDB server, or of a cluster: its gRPC services on the client's own stubs, and its faults. */
export class KurrentDouble {
  readonly data = new StoreData();
  readonly faults = new Faults();
  readonly #nodes: RunningNode[] = [];
  #leader = 0;

  private constructor(readonly version: string) {}

  static async open({ version = '24.6.0', nodes = 1 }: DoubleOptions = {}): Promise<KurrentDouble> {
    const double = new KurrentDouble(version);
    for (let index = 0; index < nodes; index += 1) double.#nodes.push(new RunningNode(double.#node(index)));
    await double.start();
    return double;
  }

  /** A connection string, as an operator sets it. */
  get url(): string {
    return `kurrentdb://${this.#nodes.map(({ port }) => `${HOST}:${port}`).join(',')}?tls=false`;
  }

  /** Starts all nodes that do not run, on the ports that they had. */
  async start(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.start()));
  }

  /** Ends all nodes at once, as a killed process does; the data stay. */
  kill(): void {
    for (const node of this.#nodes) node.kill();
  }

  /** Ends every connection; the nodes go on. */
  cut(): void {
    for (const node of this.#nodes) node.cut();
  }

  /** Ends subscriptions without an error, as servers do at times. */
  endSubscriptions(): void {
    for (const { node } of this.#nodes) for (const { end } of [...node.subscriptions]) end();
  }

  /** Has those subscriptions that are open say nothing more. */
  stallSubscriptions(): void {
    for (const { node } of this.#nodes) for (const subscription of node.subscriptions) subscription.isStalled = true;
  }

  /** How many subscriptions are open, and speak. */
  get subscriptions(): number {
    return this.#nodes.flatMap(({ node }) => [...node.subscriptions]).filter(({ isStalled }) => !isStalled).length;
  }

  /** Makes the next node the leader. */
  changeLeader(): void {
    this.#leader = (this.#leader + 1) % this.#nodes.length;
  }

  close(): void {
    this.faults.heal();
    this.kill();
  }

  #node(index: number): Node {
    const members = () => this.#nodes.map(({ port }, each) => ({ host: HOST, port, isLeader: each === this.#leader }));
    return {
      data: this.data,
      faults: this.faults,
      version: this.version,
      appendsTogether: !this.version.startsWith('24.'),
      cut: () => this.cut(),
      isLeader: () => index === this.#leader,
      leader: () => ({ host: HOST, port: this.#nodes[this.#leader]?.port ?? 0 }),
      members,
      subscriptions: new Set(),
    };
  }
}

class RunningNode {
  port = 0;
  #server: grpc.Server | undefined;

  constructor(readonly node: Node) {}

  async start(): Promise<void> {
    if (this.#server) return;
    const server = new grpc.Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    server.addService(streams.StreamsService, streamsHandlers(this.node));
    server.addService(features.ServerFeaturesService, featuresHandlers(this.node));
    server.addService(gossip.GossipService, gossipHandlers(this.node));
    if (this.node.appendsTogether) server.addService(together.StreamsServiceService, togetherHandlers(this.node));
    this.port = await new Promise<number>((resolve, reject) =>
      server.bindAsync(`${HOST}:${this.port}`, grpc.ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
    this.#server = server;
  }

  kill(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
    this.node.subscriptions.clear();
  }

  cut(): void {
    this.#server?.drain(`${HOST}:${this.port}`, 0);
  }
}
