// The board: nothing is typed here; what others save is shown where the page stands.
controls.board = ({ model, el }) => {
  if (!el.firstElementChild) fill(el, parsedElement(model));
  model.on('change:element', () => morph(el, Object.assign(parsedElement(model), { className: el.className })));
};
