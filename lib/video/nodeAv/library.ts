const importLibrary = () => import('node-av/lib');
const importConstants = () => import('node-av/constants');

export type Av = Awaited<ReturnType<typeof importLibrary>>;
export type AvConstants = Awaited<ReturnType<typeof importConstants>>;
export type CodecContext = InstanceType<Av['CodecContext']>;
export type FormatContext = InstanceType<Av['FormatContext']>;
export type Frame = InstanceType<Av['Frame']>;
export type Packet = InstanceType<Av['Packet']>;
export type SoftwareScaleContext = InstanceType<Av['SoftwareScaleContext']>;
export type Stream = InstanceType<Av['Stream']>;

/** The low-level half of node-av only; the other half returns no frames on Node 20. */
export interface NodeAv {
  av: Av;
  constants: AvConstants;
}

let loading: Promise<NodeAv> | undefined;

/** Loads node-av once. Rejects if it is not installed or its binary cannot be loaded. */
export function loadNodeAv(): Promise<NodeAv> {
  loading ??= load();
  return loading;
}

async function load(): Promise<NodeAv> {
  const [av, constants] = await Promise.all([importLibrary(), importConstants()]);
  av.Log.setLevel(constants.AV_LOG_QUIET);
  return { av, constants };
}
