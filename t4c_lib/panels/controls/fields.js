// What every control is made of: elements, and a frame of label, unit, help and error tied to them. Put before the
// programs of the controls, each of which adds itself to `controls`.
const controls = {};
const newId = () => `t4c-control-${globalThis.t4cControls = (globalThis.t4cControls ?? 0) + 1}`;

function make(kind, attributes = {}, ...children) {
  const element = document.createElement(kind);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// Keeps a part of the page as the model says: now, and after each change of the named traits.
function follow(model, names, show) {
  show();
  for (const name of names) model.on(`change:${name}`, show);
}

function tell(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

// A field: its label above, then help and error, then the control. `group` is for several inputs under one legend.
function frame(model, el, control, { group = false } = {}) {
  const id = newId();
  const words = make('span');
  const unit = make('span', { class: 't4c-unit' });
  const label = group ? make('legend', {}, words, unit) : make('label', { for: id, id: `${id}-label` }, words, unit);
  const help = make('p', { class: 't4c-help', id: `${id}-help` });
  const error = make('p', { class: 't4c-error', id: `${id}-error`, 'aria-live': 'polite' });
  const field = make(group ? 'fieldset' : 'div', { class: 't4c-field' }, label, help, error, control);
  const described = group ? field : control.matches('input, select, textarea') ? control : control.querySelector('input[type=number]');
  if (!group) described.id = id;
  follow(model, ['label', 'unit', 'help', 'error', 'disabled'], () => {
    words.textContent = model.get('label');
    unit.textContent = model.get('unit') ? `, ${model.get('unit')}` : '';
    help.textContent = model.get('help');
    error.textContent = model.get('error');
    help.hidden = !model.get('help');
    field.classList.toggle('t4c-wrong', Boolean(model.get('error')));
    const ties = [model.get('help') && help.id, model.get('error') && error.id].filter(Boolean).join(' ');
    if (ties) described.setAttribute('aria-describedby', ties);
    else described.removeAttribute('aria-describedby');
    if (!group) described.setAttribute('aria-invalid', String(Boolean(model.get('error'))));
    for (const input of field.querySelectorAll('input, select, textarea')) input.disabled = model.get('disabled');
  });
  el.classList.add('t4c-control');
  el.append(field);
  return { field, label, id };
}

// Shows another widget inside an element of ours, whatever kind it is.
async function showWidget(model, reference, place) {
  const inner = await model.widget_manager.get_model(reference.replace('IPY_MODEL_', ''));
  const view = await model.widget_manager.create_view(inner);
  place.append(view.el);
  // What is made of ipywidgets' boxes waits for this before it lays itself out.
  const attached = { type: 'after-attach', isConflatable: false, conflate: () => false };
  (view.luminoWidget ?? view.pWidget)?.processMessage?.(attached);
  return view;
}
