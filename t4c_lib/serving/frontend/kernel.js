// The page's line to its kernel. Only what widgets need: comm messages out, comm messages and outputs in.
import { uuid } from '@jupyter-widgets/base';

import { PROTOCOL, pack, unpack } from './wire.js';

const WIDGETS = 'jupyter.widget';
const OUTPUTS = new Set(['stream', 'display_data', 'execute_result', 'error', 'clear_output']);
const LONGEST_PAUSE = 5000; // between two attempts to get through again, in milliseconds

export class Kernel {
  #url;
  #socket = null;
  #session = uuid();
  #unsent = [];
  #open = new Map(); // what was asked and is not done yet: its callbacks, by message
  #waiting = []; // who wants to know when nothing is open any more
  #order = Promise.resolve();
  #pause = 250;
  comms = new Map();
  outputs = new Map(); // who takes what a message's work prints or shows, by message

  // `told` has four functions: opened(comm, message), found(), lost() and ended().
  constructor(url, told) {
    this.#url = `${url}?session_id=${this.#session}`;
    this.told = told;
  }

  connect() {
    const socket = new WebSocket(this.#url, PROTOCOL);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#socket = socket;
      this.#pause = 250;
      for (const message of this.#unsent.splice(0)) socket.send(message);
      this.told.found();
    };
    socket.onmessage = (event) => {
      // One after the other: a widget must be there before what is said to it.
      this.#order = this.#order.then(() => this.#take(unpack(event.data))).catch(console.error);
    };
    socket.onclose = () => {
      this.#socket = null;
      this.told.lost();
      setTimeout(() => this.connect(), this.#pause);
      this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    };
  }

  send(type, content, { callbacks = {}, metadata = {}, buffers = [] } = {}) {
    const id = uuid();
    const header = { msg_id: id, msg_type: type, session: this.#session, username: '', version: '5.3', date: new Date().toISOString() };
    this.#open.set(id, callbacks ?? {});
    const message = pack({ channel: 'shell', header, parent_header: {}, metadata, content }, buffers);
    if (this.#socket) this.#socket.send(message);
    else this.#unsent.push(message);
    return id;
  }

  // Resolves when the kernel has done whatever it was asked.
  idle() {
    return this.#open.size ? new Promise((resolve) => this.#waiting.push(resolve)) : this.#order;
  }

  async #take(message) {
    const type = message.header.msg_type;
    const { content } = message;
    const parent = message.parent_header?.msg_id;
    if (type === 'status' && content.execution_state === 'dead') return this.told.ended();
    if (type === 'comm_open' && content.target_name === WIDGETS) {
      await this.told.opened(new Comm(this, content.target_name, content.comm_id), message);
    } else if (type === 'comm_msg') {
      await this.comms.get(content.comm_id)?.heard?.(message);
    } else if (type === 'comm_close') {
      const comm = this.comms.get(content.comm_id);
      this.comms.delete(content.comm_id);
      await comm?.closed?.(message);
    }
    if (OUTPUTS.has(type)) this.outputs.get(parent)?.take(type, content);
    const callbacks = this.#open.get(parent);
    if (!callbacks) return undefined;
    if (message.channel === 'shell') callbacks.shell?.reply?.(message);
    else callbacks.iopub?.[type]?.(message);
    if (type === 'status' && content.execution_state === 'idle') {
      this.#open.delete(parent);
      if (!this.#open.size) for (const resolve of this.#waiting.splice(0)) resolve();
    }
    return undefined;
  }
}

// One widget's share of the line, in the shape that ipywidgets' models expect of a comm.
export class Comm {
  constructor(kernel, targetName, id) {
    this.kernel = kernel;
    this.target_name = targetName;
    this.comm_id = id;
    kernel.comms.set(id, this);
  }

  open(data, callbacks, metadata, buffers) {
    const content = { comm_id: this.comm_id, target_name: this.target_name, data };
    return this.kernel.send('comm_open', content, { callbacks, metadata, buffers });
  }

  send(data, callbacks, metadata, buffers) {
    return this.kernel.send('comm_msg', { comm_id: this.comm_id, data }, { callbacks, metadata, buffers });
  }

  close(data, callbacks, metadata, buffers) {
    this.kernel.comms.delete(this.comm_id);
    return this.kernel.send('comm_close', { comm_id: this.comm_id, data }, { callbacks, metadata, buffers });
  }

  on_msg(callback) { this.heard = callback; }

  on_close(callback) { this.closed = callback; }
}
