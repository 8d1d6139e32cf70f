// @ts-check
/**
 * A WebM file of one video track, as far as a film needs it: a header, clusters that begin with a key frame, and cues, by which
 * players seek. WebM is the part of Matroska (RFC 9559) that browsers play; its elements are those of EBML (RFC 8794): an
 * identifier, a length, and a content.
 */

/** @typedef {{data: Uint8Array, ms: number, isKey: boolean}} Chunk an encoded frame, and when it is shown */

/** Identifiers (RFC 9559, section 5). */
const ID = {
  header: 0x1a45dfa3, version: 0x4286, readVersion: 0x42f7, maxIdLength: 0x42f2, maxSizeLength: 0x42f3, docType: 0x4282,
  docTypeVersion: 0x4287, docTypeReadVersion: 0x4285,
  segment: 0x18538067, info: 0x1549a966, timestampScale: 0x2ad7b1, duration: 0x4489, muxingApp: 0x4d80, writingApp: 0x5741,
  tracks: 0x1654ae6b, track: 0xae, trackNumber: 0xd7, trackUid: 0x73c5, trackType: 0x83, codec: 0x86, video: 0xe0,
  pixelWidth: 0xb0, pixelHeight: 0xba,
  cues: 0x1c53bb6b, cuePoint: 0xbb, cueTime: 0xb3, cuePositions: 0xb7, cueTrack: 0xf7, cueCluster: 0xf1,
  cluster: 0x1f43b675, timestamp: 0xe7, simpleBlock: 0xa3,
};
const VIDEO = 1;
const KEY_FRAME = 0x80;
/** Timestamps count milliseconds, each of so many nanoseconds. */
const SCALE = 1_000_000;

/** A whole number in as many bytes as are wanted, most significant first. @param {number} value @param {number} length */
function bytesOf(value, length) {
  return Uint8Array.from({ length }, (_, i) => Math.floor(value / 2 ** (8 * (length - 1 - i))) % 256);
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** @param {number} id @param {...Uint8Array} content */
function element(id, ...content) {
  const size = content.reduce((sum, part) => sum + part.length, 0);
  const length = bytesOf(size, 8);
  // The first byte says that the length has seven more.
  length[0] = 1;
  return joined([bytesOf(id, Math.ceil(Math.log2(id + 1) / 8)), length, ...content]);
}

/** @param {number} id @param {number} value */
const whole = (id, value) => element(id, bytesOf(value, 8));
/** @param {number} id @param {string} words */
const text = (id, words) => element(id, new TextEncoder().encode(words));
/** @param {number} id @param {number} value */
function real(id, value) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return element(id, new Uint8Array(view.buffer));
}

/** Frames from a key frame to the next one. @param {Chunk[]} chunks @returns {Chunk[][]} */
function groupsOf(chunks) {
  /** @type {Chunk[][]} */
  const groups = [];
  for (const chunk of chunks) {
    if (chunk.isKey || groups.length === 0) groups.push([]);
    groups[groups.length - 1].push(chunk);
  }
  return groups;
}

/** @param {Chunk[]} group */
function clusterOf(group) {
  const from = group[0].ms;
  const blocks = group.map(({ data, ms, isKey }) => element(ID.simpleBlock, Uint8Array.of(0x81, ...bytesOf(ms - from, 2), isKey ? KEY_FRAME : 0), data));
  return element(ID.cluster, whole(ID.timestamp, from), ...blocks);
}

/**
 * @param {Chunk[]} chunks the first one a key frame, and a key frame at least every 32 seconds
 * @param {{codec: "V_VP8"|"V_VP9", width: number, height: number, ms: number}} track `ms`: length of the film
 * @returns {Uint8Array} the file
 */
export function webmOf(chunks, { codec, width, height, ms }) {
  const header = element(
    ID.header, whole(ID.version, 1), whole(ID.readVersion, 1), whole(ID.maxIdLength, 4), whole(ID.maxSizeLength, 8),
    text(ID.docType, "webm"), whole(ID.docTypeVersion, 2), whole(ID.docTypeReadVersion, 2),
  );
  const info = element(ID.info, whole(ID.timestampScale, SCALE), real(ID.duration, ms), text(ID.muxingApp, "gan1d"), text(ID.writingApp, "gan1d"));
  const video = element(ID.video, whole(ID.pixelWidth, width), whole(ID.pixelHeight, height));
  const tracks = element(ID.tracks, element(ID.track, whole(ID.trackNumber, 1), whole(ID.trackUid, 1), whole(ID.trackType, VIDEO), text(ID.codec, codec), video));
  const groups = groupsOf(chunks);
  const clusters = groups.map(clusterOf);
  const cuesFor = (/** @type {number[]} */ places) =>
    element(ID.cues, ...groups.map(([{ ms: at }], i) => element(ID.cuePoint, whole(ID.cueTime, at), element(ID.cuePositions, whole(ID.cueTrack, 1), whole(ID.cueCluster, places[i])))));
  // The cues have the same size whatever the places are, which are counted from the beginning of the segment.
  let place = info.length + tracks.length + cuesFor(groups.map(() => 0)).length;
  const places = clusters.map(({ length }) => (place += length) - length);
  return joined([header, element(ID.segment, info, tracks, cuesFor(places), ...clusters)]);
}
