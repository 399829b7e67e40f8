// Draws one Altair chart and keeps its name for screen readers. The drawing program comes from the page, which maps
// "t4c-vegachart" to a static file, or, where no page does (JupyterLab), once from the kernel.
const load = (model) => globalThis.t4cVegaChart ??= import('t4c-vegachart').catch(() => fromKernel(model));

function fromKernel(model) {
  return new Promise((resolve, reject) => {
    const take = (message, buffers) => {
      if (message.kind !== 'chart-program') return;
      model.off('msg:custom', take);
      const url = URL.createObjectURL(new Blob([buffers[0]], { type: 'text/javascript' }));
      import(url).then(resolve, reject).finally(() => URL.revokeObjectURL(url));
    };
    model.on('msg:custom', take);
    model.send({ kind: 'chart-program' });
  });
}

async function render({ model, el }) {
  const name = () => {
    el.setAttribute('role', 'img');
    el.setAttribute('aria-label', model.get('description'));
  };
  el.classList.add('t4c-chart');
  const drawing = el.appendChild(document.createElement('div')); // Vega gives the element it draws in a name of its own
  drawing.setAttribute('aria-hidden', 'true');
  drawing.style.cssText = 'display: block; width: 100%'; // what a picture as wide as its container measures itself by
  name();
  model.on('change:description', name);
  try {
    const program = (await load(model)).default;
    await (typeof program === 'function' ? await program() : program).render({ model, el: drawing });
  } catch (error) {
    console.error(error);
    el.removeAttribute('role');
    el.textContent = 'The chart could not be drawn here. The table beside it holds the same figures.';
  }
}

export default { render };
