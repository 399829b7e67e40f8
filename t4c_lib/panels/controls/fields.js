// What every control does: takes over the elements that stand in its place, or fills it with those that the kernel made,
// and ties them to the model. Put before the programs of the controls, each of which adds itself to `controls`.
const controls = {};
const TIES = ['id', 'for', 'aria-labelledby', 'aria-describedby', 'href'];

// The element as the kernel made it, with ids of this view's own: the same widget may be shown twice.
function made(model) {
  const template = document.createElement('template');
  template.innerHTML = model.get('element');
  const root = template.content.firstElementChild;
  const own = `t4c-v${globalThis.t4cViews = (globalThis.t4cViews ?? 0) + 1}-`;
  for (const one of root.querySelectorAll('*')) {
    for (const tie of TIES) {
      const value = one.getAttribute(tie);
      if (value) one.setAttribute(tie, value.replaceAll(/(^#?| )t4c-/g, `$1${own}`));
    }
  }
  return root;
}

// The browser keeps each file that the kernel hands over.
function keepFiles(model, kept = () => {}) {
  model.off('msg:custom', model.t4cSave); // shown anew, it would be handed over twice
  model.t4cSave = ({ kind, name, type }, buffers) => {
    if (kind !== 'file') return;
    const url = URL.createObjectURL(new Blob(buffers, { type }));
    const link = document.createElement('a');
    [link.href, link.download] = [url, name];
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000); // a browser may ask first where to put it
    kept();
  };
  model.on('msg:custom', model.t4cSave);
}

// What was sent and is not answered: sent once more it would be saved twice. Its form or button takes no press until then,
// what was said of the press before is hidden, and the line that is read out says what is being done.
const underway = new Map(); // by form or button: what is put back once there is an answer
for (const kind of ['submit', 'click']) {
  document.addEventListener(kind, (event) => {
    const pressed = kind === 'click' ? event.target.closest?.('button') : event.target;
    if (!underway.has(pressed)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
}
function sending(node, button = node, words = 'Saving…') {
  const said = document.querySelector('.t4c-frame [data-part=said], [data-part=said]');
  const old = node.matches('form') ? [...node.querySelectorAll('[role=alert], .f-error')].filter((one) => !one.hidden) : [];
  const before = said?.textContent ?? '';
  button?.setAttribute('aria-busy', 'true');
  for (const one of old) one.hidden = true;
  if (said && words) said.textContent = words;
  underway.set(node, () => {
    for (const one of old) one.hidden = false;
    if (said && said.textContent === words) said.textContent = before;
  });
}
function released(el) {
  for (const [node, putBack] of underway) {
    if (node.isConnected && !el.contains(node)) continue;
    underway.delete(node);
    putBack();
  }
  for (const one of el.querySelectorAll('[aria-busy]')) one.removeAttribute('aria-busy');
}

const shape = (root) => [...root.querySelectorAll('*')].map((one) => one.localName).join();

function fill(el, root) {
  for (const { name, value } of root.attributes) if (!el.hasAttribute(name) && name !== 'style') el.setAttribute(name, value);
  el.classList.add(...root.classList);
  const stops = () => [...el.querySelectorAll('input, select, textarea, button')];
  const focused = stops().indexOf(document.activeElement);
  el.replaceChildren(...root.childNodes);
  stops()[focused]?.focus();
}

// Takes over what stands in `el`, and calls `bind(follow)`; again whenever the kernel has made the elements anew.
// `follow(names, show)` keeps a part as the model says: now, and after each change of the named traits.
function stand(model, el, bind) {
  let ended = [];
  const follow = (names, show) => {
    show();
    for (const name of names) {
      model.on(`change:${name}`, show);
      ended.push(() => model.off(`change:${name}`, show));
    }
  };
  const start = () => {
    for (const end of ended) end();
    ended = [];
    return bind(follow);
  };
  const root = made(model);
  if (shape(el) !== shape(root)) fill(el, root);
  model.on('change:element', () => {
    fill(el, made(model));
    start();
  });
  return start();
}

function set(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

// Shows another widget inside an element of ours, whatever kind it is; what stands there already is taken over.
async function showWidget(model, reference, place) {
  const inner = await model.widget_manager.get_model(reference.replace('IPY_MODEL_', ''));
  const view = await model.widget_manager.create_view(inner, { el: place.firstElementChild });
  if (view.el !== place.firstElementChild) place.replaceChildren(view.el);
  // What is made of ipywidgets' boxes waits for this before it lays itself out.
  const attached = { type: 'after-attach', isConflatable: false, conflate: () => false };
  (view.luminoWidget ?? view.pWidget)?.processMessage?.(attached);
  return view;
}
