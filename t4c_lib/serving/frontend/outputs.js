// What a cell printed or showed, as part of the page; and the widget that collects it.
import { DOMWidgetModel, DOMWidgetView } from '@jupyter-widgets/base';

import { sanitise } from './sanitise.js';

const WIDGET = 'application/vnd.jupyter.widget-view+json';
const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
// Colours and the like for a terminal mean nothing on a page.
const ESCAPES = /\u001b\[[0-9;]*m/g;

const whole = (text) => (Array.isArray(text) ? text.join('') : text);

function element(name, className) {
  const made = document.createElement(name);
  if (className) made.className = className;
  return made;
}

// Show one output inside `place`, which must be part of the page already.
export async function drawOutput(output, place, manager) {
  const data = output.data ?? {};
  const picture = PICTURES.find((type) => type in data);
  if (output.output_type === 'error') {
    const notice = place.appendChild(element('p', 't4c-notice'));
    notice.textContent = 'This part of the page could not be made. What was saved is safe.';
  } else if (WIDGET in data) {
    await manager.show(data[WIDGET].model_id, place);
  } else if ('text/html' in data || 'image/svg+xml' in data) {
    place.appendChild(element('div', 't4c-text')).innerHTML = sanitise(whole(data['text/html'] ?? data['image/svg+xml']));
  } else if (picture) {
    const image = place.appendChild(element('img'));
    image.src = `data:${picture};base64,${whole(data[picture])}`;
    image.alt = whole(data['text/plain'] ?? '');
  } else {
    const text = whole(output.text ?? data['text/markdown'] ?? data['text/latex'] ?? data['text/plain'] ?? '');
    place.appendChild(element('pre', 't4c-stream')).textContent = text.replace(ESCAPES, '');
  }
}

export class OutputModel extends DOMWidgetModel {
  defaults() {
    return {
      ...super.defaults(),
      _model_name: 'OutputModel',
      _view_name: 'OutputView',
      _model_module: '@jupyter-widgets/output',
      _view_module: '@jupyter-widgets/output',
      msg_id: '',
      outputs: [],
    };
  }

  initialize(attributes, options) {
    super.initialize(attributes, options);
    // While the widget holds a message's name, it takes what that message's work prints.
    this.listenTo(this, 'change:msg_id', () => {
      const { outputs } = this.widget_manager.kernel;
      outputs.delete(this.previous('msg_id'));
      if (this.get('msg_id')) outputs.set(this.get('msg_id'), this);
    });
  }

  take(type, content) {
    if (type === 'clear_output') {
      this.clearNext = content.wait;
      if (content.wait) return;
    }
    const before = type === 'clear_output' || this.clearNext ? [] : this.get('outputs');
    this.clearNext = false;
    this.set('outputs', type === 'clear_output' ? [] : [...before, { output_type: type, ...content }]);
    this.save_changes();
  }
}

export class OutputView extends DOMWidgetView {
  render() {
    super.render();
    this.listenTo(this.model, 'change:outputs', () => this.draw());
    this.displayed.then(() => this.draw());
  }

  draw() {
    this.el.replaceChildren();
    for (const output of this.model.get('outputs')) {
      const place = this.el.appendChild(element('div', 't4c-output'));
      drawOutput(output, place, this.model.widget_manager).catch(console.error);
    }
  }
}
