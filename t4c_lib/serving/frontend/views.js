// Views that take over what a page was painted with: boxes and HTML of ipywidgets, and whatever anywidget shows. Nothing
// that stands there is moved or made anew, so that focus, caret and scrolling stay.
import * as base from '@jupyter-widgets/base';
import * as controls from '@jupyter-widgets/controls';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import { sanitise } from './sanitise.js';


// Whether an element was painted by such a widget; see panels/markup.py.
export function fits(element, model) {
  const painted = element?.dataset?.widget;
  return Boolean(painted) && painted === (model.get('kind') ?? (model.get('_view_name') === 'HTMLView' ? 'Html' : 'Chart'));
}

// A view whose element is given to it with its options, where there is one.
export const adopting = (View) => class extends View {
  constructor(parameters) {
    const { el } = parameters.options ?? {};
    super(el ? { ...parameters, el } : parameters);
    // anywidget empties an element before it shows a widget in it, also before the widget's program is there.
    if (el) this.$el.empty = () => this.$el;
  }
};

// What waits for its element to be part of the page: stock widgets, and layouts.
export const attached = (view) => MessageLoop.sendMessage(view.luminoWidget, Widget.Msg.AfterAttach);

const box = (name) => class extends adopting(base.DOMWidgetView) {
  render() {
    this.el.classList.add('jupyter-widgets', 'widget-container', 'widget-box', name);
    this.shown = new Map();
    this.order = Promise.resolve();
    this.listenTo(this.model, 'change:children', () => this.follow());
    return this.follow();
  }

  follow() {
    this.order = this.order.then(() => this.place());
    return this.order;
  }

  async place() {
    const models = this.model.get('children');
    const painted = this.shown.size ? [] : [...this.el.children];
    const before = this.shown;
    const shown = await Promise.all(models.map(async (model, at) => {
      const el = fits(painted[at], model) ? painted[at] : undefined;
      return [model, before.get(model) ?? await this.model.widget_manager.create_view(model, { parent: this, el })];
    }));
    this.shown = new Map(shown);
    const wanted = shown.map(([, view]) => view.el);
    for (const one of [...this.el.children]) if (!wanted.includes(one)) one.remove();
    wanted.forEach((one, at) => { if (this.el.children[at] !== one) this.el.insertBefore(one, this.el.children[at] ?? null); });
    for (const [model, view] of before) if (!this.shown.has(model)) view.remove();
    this.displayed.then(() => {
      for (const [model, view] of this.shown) if (!before.has(model)) attached(view);
    });
  }
};

// The same nodes, but for what is unfolded or not: that is the reader's.
function alike(one, other) {
  const folded = (root) => {
    const copy = root.cloneNode(true);
    for (const part of copy.querySelectorAll('details[open]')) part.removeAttribute('open');
    return copy;
  };
  return folded(one).isEqualNode(folded(other));
}

class HTMLView extends adopting(base.DOMWidgetView) {
  render() {
    this.el.classList.add('jupyter-widgets', 'widget-inline-hbox', 'widget-html');
    this.content = this.el.firstElementChild ?? this.el.appendChild(document.createElement('div'));
    this.content.classList.add('widget-html-content');
    this.listenTo(this.model, 'change:value', () => this.show());
    this.show();
  }

  show() {
    const wanted = this.content.cloneNode(false);
    wanted.innerHTML = sanitise(this.model.get('value'));
    if (alike(this.content, wanted)) return;
    const open = [...this.content.querySelectorAll('details')].map((one) => one.open);
    wanted.querySelectorAll('details').forEach((one, at) => { one.open ||= open[at] ?? false; });
    this.content.replaceChildren(...wanted.childNodes);
  }
}

// The stock view of HTML puts in whatever it is given.
class HTMLMathView extends controls.HTMLMathView {
  update() {
    this.content.innerHTML = sanitise(this.model.get('value'));
    return controls.StringView.prototype.update.call(this);
  }
}

export const ownViews = { VBoxView: box('widget-vbox'), HBoxView: box('widget-hbox'), HTMLView, HTMLMathView };
