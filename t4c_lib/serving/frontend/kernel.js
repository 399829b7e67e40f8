// The page's line to its kernel. Only what widgets need: comm messages out, comm messages and outputs in.
import { uuid } from '@jupyter-widgets/base';

import { PROTOCOL, pack, unpack } from './wire.js';

const WIDGETS = 'jupyter.widget';
const OUTPUTS = new Set(['stream', 'display_data', 'execute_result', 'error', 'clear_output']);
const LONGEST_PAUSE = 5000; // between two attempts to get through again, in milliseconds
const SILENCE = 1500; // without an answer for so long, the line counts as lost,
const GIVEN_UP = 10000; // and after so long it is made anew
const ENDED = 4001; // the code with which the server gives a line up for good
const ASKED_EVERY = 1000; // while something is on its way; else five times as seldom

// Frames are numbered both ways, and each side keeps its own until the other says that it has them: after a break they
// are sent again, and none is taken twice or out of turn. See kernel_websocket.py.
export class Kernel {
  #url;
  #socket = null;
  #session = uuid();
  #said = 0; // the number of the last frame from here,
  #kept = new Map(); // those that the server has not confirmed yet, by number,
  #heard = 0; // and the number of the last frame from there that was taken
  #early = new Map(); // what came from there before its turn
  #asked = 0; // since when the server owes an answer
  #next = 0; // when it is asked again
  #resent = 0;
  #telling = false;
  #open = new Map(); // what was asked and is not done yet: its callbacks, by message
  #waiting = []; // who wants to know when nothing is open any more
  #order = Promise.resolve();
  #pause = 250;
  #again = 0; // the timer that makes the line anew
  #looking = 0;
  #over = false;
  comms = new Map();
  beforeSaying = () => {}; // called with each comm that is about to say something
  outputs = new Map(); // who takes what a message's work prints or shows, by message

  // `told` has five functions: opened(comm, message), found(), lost(), ended() and failed(error's content).
  constructor(url, told) {
    this.#url = `${url}?session_id=${this.#session}&numbered=1`;
    this.told = told;
    this.#looking = setInterval(() => this.#look(), ASKED_EVERY);
  }

  // It is gone for good, whatever still comes of it.
  end() {
    clearInterval(this.#looking);
    clearTimeout(this.#again);
    this.#over = true;
    this.#socket?.close();
  }

  // Somebody heard the server: it is not waited for any longer.
  connectNow() {
    if (!this.#again) return;
    clearTimeout(this.#again);
    this.connect();
  }

  connect() {
    this.#again = 0;
    const socket = new WebSocket(this.#url, PROTOCOL);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      if (this.#over) return socket.close();
      this.#socket = socket;
      this.#pause = 250;
      this.#ask({ again: true });
      this.#sendAgain();
      return undefined;
    };
    socket.onmessage = ({ data }) => {
      if (this.#over || this.#socket !== socket) return; // given up already
      this.#asked = 0;
      this.told.found();
      if (typeof data === 'string') this.#confirmed(JSON.parse(data).have);
      else this.#arrived(data);
    };
    socket.onclose = (event) => {
      if (this.#over) return undefined;
      if (event?.code === ENDED) return this.told.ended();
      if (this.#socket && this.#socket !== socket) return;
      this.#socket = null;
      this.#asked = 0;
      this.told.lost();
      this.#again = setTimeout(() => this.connect(), this.#pause);
      this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
      return undefined;
    };
  }

  // Whether the line is as good as lost, though nobody has closed it.
  #look() {
    const now = performance.now();
    if (!this.#socket) return;
    if (this.#asked && now - this.#asked > GIVEN_UP) {
      const { onclose } = this.#socket;
      this.#socket.onclose = null;
      this.#socket.close();
      onclose();
    } else if (this.#asked) {
      if (now - this.#asked > SILENCE) this.told.lost();
    } else if (now >= this.#next || this.#kept.size || this.#early.size) {
      this.#ask({ again: this.#early.size > 0 });
    }
  }

  #ask({ again = false } = {}) {
    this.#asked ||= performance.now();
    this.#next = performance.now() + 5 * ASKED_EVERY;
    this.#socket.send(JSON.stringify({ have: this.#heard, again }));
  }

  #confirmed(number) {
    const before = this.#kept.size;
    for (const one of [...this.#kept.keys()]) if (one <= number) this.#kept.delete(one);
    const stuck = before && this.#kept.size === before && performance.now() - this.#resent > ASKED_EVERY;
    if (stuck && !this.#socket.bufferedAmount) this.#sendAgain();
  }

  #sendAgain() {
    this.#resent = performance.now();
    for (const frame of this.#kept.values()) this.#socket.send(frame);
  }

  #arrived(data) {
    const number = Number(new DataView(data).getBigUint64(0, true));
    if (number > this.#heard) this.#early.set(number, data.slice(8));
    while (this.#early.has(this.#heard + 1)) {
      const message = this.#early.get(++this.#heard);
      this.#early.delete(this.#heard);
      // One after the other: a widget must be there before what is said to it.
      this.#order = this.#order.then(() => this.#take(unpack(message))).catch((error) => {
        console.error(error);
        this.told.failed({});
      });
    }
    if (this.#telling) return;
    this.#telling = true; // many arrive together, and are confirmed together
    setTimeout(() => {
      this.#telling = false;
      if (this.#socket) this.#ask();
    }, 50);
  }

  send(type, content, { callbacks = {}, metadata = {}, buffers = [] } = {}) {
    const id = uuid();
    const header = { msg_id: id, msg_type: type, session: this.#session, username: '', version: '5.3', date: new Date().toISOString() };
    this.#open.set(id, callbacks ?? {});
    const frame = pack({ channel: 'shell', header, parent_header: {}, metadata, content }, buffers, ++this.#said);
    this.#kept.set(this.#said, frame);
    this.#socket?.send(frame);
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
    if (type === 'error') this.told.failed(content);
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
    this.kernel.beforeSaying(this);
    return this.kernel.send('comm_msg', { comm_id: this.comm_id, data }, { callbacks, metadata, buffers });
  }

  close(data, callbacks, metadata, buffers) {
    this.kernel.comms.delete(this.comm_id);
    return this.kernel.send('comm_close', { comm_id: this.comm_id, data }, { callbacks, metadata, buffers });
  }

  on_msg(callback) { this.heard = callback; }

  on_close(callback) { this.closed = callback; }
}
