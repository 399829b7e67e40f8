// Shows a control. The programs of all of them come with one widget, once for the page, not with each control.
const loaded = globalThis.t4cControlPrograms ??= new Map();

function load(program, look) {
  const style = document.createElement('style');
  style.textContent = look;
  document.head.append(style);
  const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  return import(url).finally(() => URL.revokeObjectURL(url));
}

async function programs(model) {
  const shared = await model.widget_manager.get_model(model.get('shared').replace('IPY_MODEL_', ''));
  const program = shared.get('program');
  if (!loaded.has(program)) loaded.set(program, load(program, shared.get('look')));
  return (await loaded.get(program)).default;
}

// The browser reads them while the page's other widgets are still being made. What goes wrong, `render` meets again.
function initialize({ model }) {
  programs(model).catch(() => {});
}

async function render({ model, el }) {
  await (await programs(model))[model.get('kind')]({ model, el });
  el.t4cAlive = true; // a press now does something
}

export default { initialize, render };
