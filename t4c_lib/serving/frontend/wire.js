// Kernel messages as bytes, in the format v1.kernel.websocket.jupyter.org: a count of places, the places (64-bit,
// little-endian), then channel, header, parent header, metadata, content and any buffers, one after the other.
export const PROTOCOL = 'v1.kernel.websocket.jupyter.org';

const asBytes = new TextEncoder();
const asText = new TextDecoder();
const JSON_PARTS = ['header', 'parent_header', 'metadata', 'content'];

function bytesOf(buffer) {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}

// In front stands the frame's number on its line, likewise in 64 bits; the places count from after it.
export function pack(message, buffers, number) {
  const texts = [message.channel, ...JSON_PARTS.map((name) => JSON.stringify(message[name]))];
  const parts = [...texts.map((text) => asBytes.encode(text)), ...buffers.map(bytesOf)];
  const head = 8 * (parts.length + 2);
  const frame = new Uint8Array(parts.reduce((length, part) => length + part.length, 8 + head));
  new DataView(frame.buffer).setBigUint64(0, BigInt(number), true);
  const packed = frame.subarray(8);
  const view = new DataView(frame.buffer, 8);
  let place = head;
  view.setBigUint64(0, BigInt(parts.length + 1), true);
  parts.forEach((part, index) => {
    view.setBigUint64(8 * (index + 1), BigInt(place), true);
    packed.set(part, place);
    place += part.length;
  });
  view.setBigUint64(8 * (parts.length + 1), BigInt(place), true);
  return frame;
}

export function unpack(bytes) {
  const view = new DataView(bytes);
  const places = Array.from({ length: Number(view.getBigUint64(0, true)) }, (_, index) =>
    Number(view.getBigUint64(8 * (index + 1), true)));
  const parts = places.slice(1).map((end, index) => new DataView(bytes, places[index], end - places[index]));
  const message = { channel: asText.decode(parts[0]), buffers: parts.slice(1 + JSON_PARTS.length) };
  JSON_PARTS.forEach((name, index) => { message[name] = JSON.parse(asText.decode(parts[index + 1])); });
  return message;
}
