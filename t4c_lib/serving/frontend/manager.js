// ipywidgets' models and views on a page that is no JupyterLab.
import * as base from '@jupyter-widgets/base';
import { ManagerBase } from '@jupyter-widgets/base-manager';
import * as controls from '@jupyter-widgets/controls';
import { Widget } from '@lumino/widgets';

import anywidget from './anywidget.js'; // written at set-up from anywidget's Python package
import { Comm } from './kernel.js';
import { OutputModel, OutputView } from './outputs.js';
import { adopting, attached, fits, ownViews } from './views.js';

const { AnyModel, AnyView } = anywidget(base);
const MODULES = {
  '@jupyter-widgets/base': base,
  '@jupyter-widgets/controls': { ...controls, ...ownViews },
  '@jupyter-widgets/output': { OutputModel, OutputView },
  anywidget: { AnyModel, AnyView: adopting(AnyView) },
};

function toDataView(base64) {
  return new DataView(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer);
}

export class Manager extends ManagerBase {
  constructor(kernel) {
    super();
    this.kernel = kernel;
    this.models = new Set();
    kernel.beforeSaying = (comm) => this.sendHeldBack(comm);
  }

  async new_model(options, state) {
    const model = await super.new_model(options, state);
    this.models.add(model);
    model.once('comm:close', () => { // in the kernel; what is left of it here would answer nothing any more
      if (Object.keys(model.views ?? {}).length) this.kernel.told.failed({});
    });
    model.once('destroy', () => this.models.delete(model));
    return model;
  }

  // While a model waits for the kernel, it holds further changes back. Before another one says something they must go,
  // or the press of a button would overtake what was typed before it.
  sendHeldBack(comm) {
    for (const model of this.models) {
      const [held, callbacks] = [model._msg_buffer, model._msg_buffer_callbacks];
      if (!held || model.comm === comm) continue;
      model._msg_buffer = model._msg_buffer_callbacks = null;
      model.rememberLastUpdateFor(model.send_sync_message(held, callbacks));
    }
  }

  // Its kernel is gone for good, and others show what stood here.
  async end() {
    this.kernel.end();
    const views = await Promise.all([...this.models].flatMap((model) => Object.values(model.views ?? {})));
    // What is inside of others first: it can be taken off the page only while it is on it.
    const follows = (one, other) => one.el.compareDocumentPosition(other.el) & Node.DOCUMENT_POSITION_FOLLOWING;
    for (const view of views.sort((one, other) => (follows(one, other) ? 1 : -1))) view.remove();
  }

  async loadClass(name, module) {
    const found = MODULES[module]?.[name];
    if (!found) throw new Error(`This page has no widget called ${name} of ${module}.`);
    return found;
  }

  async _create_comm(target, id, data, metadata, buffers) {
    const comm = new Comm(this.kernel, target, id ?? base.uuid());
    if (data || metadata) comm.open(data, {}, metadata, buffers);
    return comm;
  }

  _get_comm_info() {
    return new Promise((resolve) => {
      const reply = (message) => resolve(message.content.comms);
      this.kernel.send('comm_info_request', { target_name: this.comm_target_name }, { callbacks: { shell: { reply } } });
    });
  }

  // The widgets as the notebook left them; the page carries them, so nothing waits for the line to the kernel.
  restore(state) {
    return Promise.all(Object.entries(state).map(([id, one]) => {
      const buffers = one.buffers ?? [];
      base.put_buffers(one.state, buffers.map(({ path }) => path), buffers.map(({ data }) => toDataView(data)));
      return this.new_model({ ...one, model_id: id, comm: new Comm(this.kernel, this.comm_target_name, id) }, one.state);
    }));
  }

  // In a place that was painted already, the widget takes over what stands there.
  create_view(model, options = {}) {
    const el = fits(options.el, model) ? options.el : undefined;
    const made = super.create_view(model, { ...options, el });
    return made.then((view) => {
      if (view.el.dataset.chart) view.el.dataset.chart = model.model_id;
      return view;
    });
  }

  async show(id, place) {
    const view = await this.create_view(await this.get_model(id), { el: place.firstElementChild });
    if (view.el === place.firstElementChild) attached(view);
    else Widget.attach(view.luminoWidget, place);
  }
}
