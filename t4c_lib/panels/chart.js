// Draws one chart and keeps its name for screen readers. The drawing program is a static file of the page, or, where no
// page offers it (JupyterLab), comes once from the kernel.
const load = async (model) => (await (globalThis.t4cVegaChart ?? fromKernel)(model)).default;

function fromKernel(model) {
  return globalThis.t4cVegaChartOfKernel ??= new Promise((resolve, reject) => {
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

// An SVG carries text, which scales and prints; the menu of three dots leads to a public editor; expressions are read,
// not compiled, so that pages can forbid compiling.
const OPTIONS = { renderer: 'svg', actions: false, ast: true };

// What stands and falls with the drawing: all but the data, the values of parameters and the name.
const frameOf = (spec) => JSON.stringify({
  ...spec,
  datasets: Object.keys(spec.datasets ?? {}),
  params: spec.params?.map((one) => ({ ...one, value: '' })),
  description: '',
});

// Vega reads the texts of a table once, when it is given with the specification; what comes later must come read.
const READ = { date: Date.parse, number: Number, boolean: Boolean, string: String };

function reader(formats) {
  const columns = Object.entries(formats);
  if (!columns.every(([, format]) => format in READ)) return null;
  return (row) => {
    const made = { ...row };
    for (const [column, format] of columns) made[column] = row[column] == null || row[column] === '' ? null : READ[format](row[column]);
    return made;
  };
}

function drawer(embed, place) {
  let drawn = null; // what stands there now
  let frame = '';

  // Give the drawing new data and values where nothing else is new. False when it has to be drawn anew.
  async function move(spec) {
    if (!drawn || frame !== frameOf(spec)) return false;
    for (const { name, value } of spec.params ?? []) if (value !== undefined) drawn.view.signal(name, value);
    for (const [name, values] of Object.entries(spec.datasets ?? {})) {
      const source = drawn.vgSpec.data.find((one) => one.name === name);
      const read = source && reader(source.format?.parse ?? {});
      if (!read) return false;
      drawn.view.data(name, values.map(read));
    }
    await drawn.view.runAsync();
    return true;
  }

  async function draw(spec) {
    if (await move(spec)) return;
    drawn?.finalize();
    drawn = null;
    drawn = await embed(place, structuredClone(spec), OPTIONS);
    frame = frameOf(spec);
  }

  return { draw, clear: () => drawn?.finalize() };
}

async function render({ model, el }) {
  const name = () => {
    el.setAttribute('role', 'img');
    el.setAttribute('aria-label', model.get('description'));
  };
  el.classList.add('t4c-chart');
  const place = el.appendChild(document.createElement('div')); // Vega gives the element it draws in a name of its own
  place.setAttribute('aria-hidden', 'true');
  place.style.cssText = 'display: block; width: 100%'; // what a picture as wide as its container measures itself by
  name();
  model.on('change:description', name);

  // First let the browser show what stands around it. A window that is out of sight shows nothing, so not for long.
  let drawing = new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 100);
  });
  let canvas = null;
  let wanted = null;
  // The newest picture only: while one is drawn, those in between are passed over.
  const show = () => {
    wanted = model.get('spec');
    drawing = drawing.then(async () => {
      if (!wanted) return;
      const spec = wanted;
      wanted = null;
      canvas ??= drawer(await load(model), place);
      await canvas.draw(spec);
    }).catch((error) => {
      console.error(error);
      el.removeAttribute('role');
      place.removeAttribute('aria-hidden');
      place.textContent = 'The chart could not be drawn here. The table beside it holds the same figures.';
    });
  };
  model.on('change:spec', show);
  show();
  return () => canvas?.clear();
}

export default { render };
