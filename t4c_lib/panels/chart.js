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
// not compiled, so that pages can forbid compiling. A layer may have no figures, of which Vega would warn: errors only.
const OPTIONS = { renderer: 'svg', actions: false, ast: true, logLevel: 1 };

// A drawing's frame with its figures; any other specification as it is. Vega keeps what it is given, so it gets copies.
function filled({ spec, tables, values }) {
  const whole = structuredClone(spec);
  if (!('height' in values)) return whole;
  for (const one of whole.data) if (one.name in tables) one.values = structuredClone(tables[one.name]);
  for (const one of whole.signals) if (one.name in values) one.value = values[one.name];
  return { ...whole, height: values.height };
}

function drawer(embed, place) {
  let drawn = null; // what stands there now
  let frame = null; // and what of it never moves

  // Gives the drawing new figures.
  async function move({ tables, values }) {
    for (const [name, value] of Object.entries(values)) drawn.view.signal(name, value);
    for (const [name, rows] of Object.entries(tables)) drawn.view.data(name, structuredClone(rows));
    await fit();
  }

  // Longer words beside an axis need more room; and in the width that is left then, words above and below may take
  // another line. Where one way asks for the other, the one in which nothing is cut off stays.
  async function fit() {
    for (let turn = 0; turn < 3; turn += 1) {
      await drawn.view.resize().runAsync();
      const svg = place.querySelector('svg');
      const { y, height } = svg?.getBBox?.() ?? { y: 0, height: 0 };
      if (!svg || (y > -2 && y + height < svg.height.baseVal.value + 2)) return;
    }
  }

  // A drawing of the same frame moves what stands there; anything else is drawn anew.
  async function draw(picture) {
    if (drawn && picture.spec === frame) return move(picture); // the kernel sends it only when it is another
    drawn?.finalize();
    drawn = null;
    drawn = await embed(place, filled(picture), OPTIONS);
    frame = picture.spec;
    await fit();
    return undefined;
  }

  // The target's mark and the end of the line that leads to it, at once; what else changes is drawn when it is known.
  function moveTarget({ goal, way }, { low, high }, { value, said }) {
    if (!drawn || !goal?.length || !way?.length) return;
    const mark = { ...goal.at(-1), value, words: `target ${said}` };
    drawn.view.signal('high', Math.max(high, value + 0.12 * (value - low)));
    drawn.view.data('goal', [mark]).data('way', way.with(-1, { ...way.at(-1), value })).run();
  }

  // A window of another width is another width for the drawing, which Vega hears of first.
  const refit = () => requestAnimationFrame(() => drawn && fit());
  addEventListener('resize', refit);
  const clear = () => {
    removeEventListener('resize', refit);
    drawn?.finalize();
  };
  return { draw, moveTarget, clear };
}

async function render({ model, el }) {
  const name = () => {
    el.setAttribute('role', 'img');
    el.setAttribute('aria-label', model.get('description'));
  };
  el.classList.add('t4c-chart');
  const height = () => { // the place is kept before anything is drawn
    if (model.get('values').height) el.style.setProperty('--t4c-plot', `${model.get('values').height}px`);
  };
  height();
  model.on('change:values', height);
  // Vega gives the element it draws in a name of its own; a picture as wide as its container measures itself by it.
  const newPlace = () => {
    const one = document.createElement('div');
    one.className = 't4c-drawn';
    one.setAttribute('aria-hidden', 'true');
    one.style.cssText = 'display: block; width: 100%';
    return one;
  };
  let place = el.querySelector(':scope > .t4c-drawn') ?? el.appendChild(newPlace());
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
    wanted = { spec: model.get('spec'), tables: model.get('tables'), values: model.get('values') };
    drawing = drawing.then(async () => {
      if (!wanted || (canvas && !el.isConnected)) return; // out of the page it would be drawn for nobody, at no width
      const picture = wanted;
      wanted = null;
      if (canvas) {
        await canvas.draw(picture);
        place.style.visibility = '';
        return undefined;
      }
      // Beside what was painted, until it is drawn: then it takes its place.
      const fresh = place.firstElementChild ? newPlace() : place;
      fresh.style.cssText = 'display: block; width: 100%';
      if (fresh !== place) el.append(Object.assign(fresh, { className: 't4c-drawn t4c-drawing-now' }));
      canvas = drawer(await load(model), fresh);
      await canvas.draw(picture);
      if (fresh !== place) place.remove();
      fresh.classList.remove('t4c-drawing-now');
      place = fresh;
      return undefined;
    }).catch((error) => {
      console.error(error);
      el.removeAttribute('role');
      place.removeAttribute('aria-hidden');
      place.textContent = 'The chart could not be drawn here. The table beside it holds the same figures.';
    });
  };
  for (const part of ['spec', 'tables', 'values']) model.on(`change:${part}`, show);
  // A painted picture stays until it changes, or somebody wants to know more of a point than it can tell.
  if (place.firstElementChild) el.addEventListener('pointerenter', show, { once: true });
  else show();
  el.addEventListener('t4c-stands-here', () => { // put into the page again, for other figures than were drawn last
    if (canvas) place.style.visibility = 'hidden';
    show();
  });
  // Where the target comes to stand, before the kernel has worked out the rest.
  const moveTarget = ({ detail }) => {
    if (!el.dataset.chart || el.dataset.chart === detail.chart) canvas?.moveTarget(model.get('tables'), model.get('values'), detail);
  };
  document.addEventListener('t4c-target', moveTarget);
  return () => {
    document.removeEventListener('t4c-target', moveTarget);
    canvas?.clear();
  };
}

export default { render };
